import { connect, Secret } from '@groundcrew/core';
import { ensureLab, ensurePackages, freePorts, type Lab, startDaemon } from '@groundcrew/lab';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { observe } from '../src/index.ts';
import {
  assessStack,
  observeApi,
  observeGalera,
  observeHaproxy,
  observeMemcached,
  observeRabbit,
  observeStack,
  observeTls,
  unsafeNow,
} from '../src/stack.ts';
import { must } from './stack-hosts.ts';

let lab: Lab;
let password: Secret;
let socket = '';
const wrong = new Secret('not-the-password');
const HOST = '127.0.0.1';

beforeAll(async () => {
  await ensurePackages(['openssl', 'memcached']);
  lab = await ensureLab({ only: 'full' });
  const { OS_PASSWORD = '' } = await lab.env();
  // One password serves the users, the database and the bus.
  password = new Secret(OS_PASSWORD);
  socket = join(dirname(lab.cloudsYaml), 'lab/data/haproxy/stats.sock');
});

describe('the lab’s own', () => {
  test('MariaDB: without Galera, which is an answer; a wrong password is denied, and does not show', async () => {
    const seen = await observeGalera({ host: HOST, user: 'lab', password });
    expect(seen).toMatchObject({
      completeness: 'complete',
      value: { wsrep: 'off', readOnly: false, version: expect.stringContaining('MariaDB') },
    });
    const denied = await observeGalera({ host: HOST, user: 'lab', password: wrong });
    expect(denied).toMatchObject({ completeness: 'denied', value: undefined });
    expect(JSON.stringify(denied)).not.toContain('not-the-password');
  });

  test('RabbitMQ: every queue that its own list has', async () => {
    const target = { url: `http://${HOST}:15672`, user: 'lab', password };
    const seen = await observeRabbit(target);
    expect(seen).toMatchObject({
      completeness: 'complete',
      value: {
        alarms: { ok: true },
        quorumCritical: { ok: true },
        nodes: [{ running: true, partitions: [] }],
      },
    });
    const authorization = `Basic ${Buffer.from(`lab:${password.reveal()}`).toString('base64')}`;
    const overview = (await (
      await fetch(`${target.url}/api/overview`, { headers: { authorization } })
    ).json()) as { rabbitmq_version: string };
    expect(seen.value?.version).toBe(overview.rabbitmq_version);
    const names = (seen.value?.queues ?? []).map((queue) => queue.name);
    expect(names).toEqual(expect.arrayContaining(['conductor', 'scheduler', 'cinder-scheduler']));
    expect(await observeRabbit({ ...target, password: wrong })).toMatchObject({ completeness: 'denied' });
  });

  test('HAProxy: the servers, as its page of statistics has them', async () => {
    const seen = await observeHaproxy({ socket });
    expect(seen.completeness).toBe('complete');
    const page = await (await fetch(`http://${HOST}:5051/;csv`)).text();
    const servers = page
      .split('\n')
      .map((line) => line.split(','))
      .filter((row) => row[32] === '2')
      .map((row) => `${row[0]}/${row[1]}`);
    expect(servers.length).toBeGreaterThan(4);
    expect(
      seen.value?.proxies.flatMap((proxy) => proxy.servers.map((server) => `${server.proxy}/${server.name}`)),
    ).toEqual(servers);
    expect(seen.value?.proxies.find((proxy) => proxy.name === 'keystone')).toMatchObject({
      mode: 'http',
      frontend: { status: 'OPEN' },
      servers: [{ up: true, checkCode: 200 }, { up: true }],
    });
  });

  test('Keystone’s TLS: as openssl reads it, untrusted, and trusted once it is told', async () => {
    const seen = await observeTls({ host: HOST, port: 5443, servername: 'localhost' });
    const certificate = join(dirname(lab.cloudsYaml), 'lab/etc/haproxy/tls.crt');
    const [pem, printed] = await Promise.all([
      must('cat', certificate),
      must('openssl', 'x509', '-in', certificate, '-noout', '-enddate', '-fingerprint', '-sha256'),
    ]);
    expect(printed).toContain(seen.value?.chain[0]?.fingerprint);
    expect(new Date(/notAfter=(.*)/.exec(printed)?.[1] ?? '').toISOString()).toBe(
      seen.value?.chain[0]?.validTo,
    );
    expect(seen.value).toMatchObject({
      trusted: false,
      untrustedBecause: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      nameMatches: true,
    });
    expect(
      (await observeTls({ host: HOST, port: 5443, servername: 'localhost', ca: pem })).value,
    ).toMatchObject({ trusted: true, nameMatches: true });
    expect(
      (await observeTls({ host: HOST, port: 5443, servername: 'keystone.example.org', ca: pem })).value,
    ).toMatchObject({ trusted: true, nameMatches: false });
    const later = Date.parse(seen.value?.chain[0]?.validTo ?? '') + 1;
    expect(
      (await observeTls({ host: HOST, port: 5443, ca: pem }, { now: () => later })).value?.daysLeft,
    ).toBe(-1);
    expect((await observeTls({ host: HOST, port: 5050 })).gaps).toMatchObject([
      { why: 'it does not speak TLS' },
    ]);
  });

  test('APIs: a replica through the balancer says what the one itself says', async () => {
    const { value, completeness } = await observeApi({
      component: 'keystone',
      replicas: [`http://${HOST}:5000/`, `http://${HOST}:5050/`],
    });
    expect(completeness).toBe('complete');
    expect(value?.replicas.map((replica) => replica.versions)).toEqual([
      [expect.objectContaining({ id: 'v3.14' })],
      [expect.objectContaining({ id: 'v3.14' })],
    ]);
    const nova = await observeApi({ component: 'nova-api', replicas: [`http://${HOST}:8774/`] });
    expect(nova.value?.replicas[0]?.versions.find((version) => version.id === 'v2.1')).toMatchObject({
      version: '2.93',
      minVersion: '2.1',
    });
  });
});

test('memcached: seen, and frozen', async () => {
  const [port = 0] = await freePorts(1);
  const target = { host: HOST, port };
  await using daemon = await startDaemon(
    ['memcached', '-u', 'nobody', '-l', HOST, '-p', String(port), '-U', '0'],
    {
      ready: async () => (await observeMemcached(target)).value !== undefined,
    },
  );
  expect(await observeMemcached(target)).toMatchObject({
    completeness: 'complete',
    value: { items: 0, refusals: 0, version: expect.stringMatching(/^1\./) },
  });
  daemon.signal('SIGSTOP');
  expect(await observeMemcached(target, { timeout: 300 })).toMatchObject({
    completeness: 'failed',
    gaps: [{ why: 'no whole answer within 300 ms' }],
  });
});

test('all of it at once: what stands alone is named, and nothing is restarted that stands alone', async () => {
  const cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const heartbeats = await observe(cloud);
  const began = performance.now();
  const snapshot = await observeStack({
    galera: [{ host: HOST, user: 'lab', password }],
    rabbit: [{ url: `http://${HOST}:15672`, user: 'lab', password }],
    haproxy: [{ socket }],
    memcached: [{ host: HOST }],
    tls: [{ host: HOST, port: 5443 }],
    apis: [
      { component: 'keystone', replicas: [`http://${HOST}:5000/`] },
      { component: 'swift-proxy', replicas: [`http://${HOST}:8080/info`] },
    ],
    heartbeats,
  });
  expect(performance.now() - began).toBeLessThan(20_000);
  const findings = assessStack(snapshot);
  const alone = findings
    .filter((finding) => finding.id === 'stack.single-point-of-failure' && finding.verdict === 'fail')
    .map((finding) => finding.subject.id);
  expect(alone).toEqual(
    expect.arrayContaining([
      'mariadb',
      'rabbitmq',
      'memcached',
      'haproxy',
      'keystone',
      'nova-scheduler',
      'cinder-scheduler',
    ]),
  );
  // HAProxy is told of two servers, which are one and the same.
  expect(
    findings.find((finding) => finding.id === 'haproxy.backend' && finding.subject.name === 'keystone'),
  ).toMatchObject({
    verdict: 'fail',
    title: expect.stringContaining('its 2 servers are all 127.0.0.1:5000'),
  });
  expect(
    findings.filter((finding) => finding.id === 'stack.unseen').map((finding) => finding.subject.id),
  ).toEqual(expect.arrayContaining(['nova-api', 'placement-api']));
  expect(snapshot.apis[1]?.value?.replicas[0]?.release).toMatch(/^2\.\d+/);
  for (const name of ['mariadb', 'rabbitmq', 'keystone'])
    expect(unsafeNow(name, snapshot, { move: 'restart' }), name).not.toEqual([]);
});
