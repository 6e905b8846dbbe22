import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Secret } from '@groundcrew/core';
import type { CommandResult, Host } from '@groundcrew/runbook';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  catalogue,
  type CheckOptions,
  defineComponent,
  observeApi,
  observeEtcd,
  observeGalera,
  observeHaproxy,
  observeMemcached,
  observePacemaker,
  observeRabbit,
  observeStack,
  observeTls,
  observeVip,
  type Seen,
} from '../../src/stack.ts';

const password = new Secret('hunter2');
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const tcp = (talk: (socket: Socket) => void): Promise<number> => listen(createServer(talk));
const http = (answer: RequestListener): Promise<number> => listen(createHttpServer(answer));

/** Every checker that opens a socket, on whatever listens at a port. */
const CHECKERS: Readonly<Record<string, (port: number, options: CheckOptions) => Promise<Seen<unknown>>>> = {
  galera: (port, options) => observeGalera({ host: '127.0.0.1', port, user: 'u', password }, options),
  rabbit: (port, options) => observeRabbit({ url: `http://127.0.0.1:${port}`, user: 'u', password }, options),
  haproxy: (port, options) => observeHaproxy({ host: '127.0.0.1', port }, options),
  memcached: (port, options) => observeMemcached({ host: '127.0.0.1', port }, options),
  etcd: (port, options) => observeEtcd({ url: `http://127.0.0.1:${port}` }, options),
  tls: (port, options) => observeTls({ host: '127.0.0.1', port }, options),
  api: (port, options) =>
    observeApi({ component: 'keystone', replicas: [`http://127.0.0.1:${port}/`] }, options),
};

describe.each(Object.entries(CHECKERS))('%s', (name, check) => {
  /** What a check says that saw nothing: no value, one gap with its reason, and no secret. */
  const nothing = {
    seen: [],
    completeness: expect.stringMatching(/failed|partial/),
    reasons: [expect.stringMatching(/./)],
    leaks: false,
  };
  const said = ({ value, completeness, gaps }: Seen<unknown>): object => ({
    // Of replicas those that answered are listed.
    seen: name === 'api' ? (value as { replicas: unknown[] }).replicas : value === undefined ? [] : [value],
    completeness,
    reasons: gaps.map((gap) => gap.why),
    leaks: JSON.stringify(gaps).includes('hunter2'),
  });
  const hungUp = async (): Promise<void> => {
    await expect.poll(() => sockets.size, { interval: 5 }).toBe(0);
  };

  test('a server that never answers: a gap at the deadline, and no socket', async () => {
    const port = await tcp((socket) => socket.resume());
    const seen = await check(port, { timeout: 30 });
    expect(said(seen)).toEqual(nothing);
    expect(seen.gaps[0]?.why).toContain('within 30 ms');
    await hungUp();
  });

  test('the caller’s abort comes out unchanged, and no socket stays', async () => {
    const controller = new AbortController();
    const port = await tcp(() => controller.abort(new Error('enough')));
    await expect(check(port, { signal: controller.signal })).rejects.toThrow('enough');
    await hungUp();
    await expect(check(port, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  test('nobody listens', async () => {
    const port = await tcp(() => undefined);
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    const seen = await check(port, {});
    expect(said(seen)).toEqual(nothing);
    expect(seen.gaps[0]).toMatchObject({ kind: 'failed', why: expect.stringContaining('nobody listens') });
  });

  test.each([
    ['hangs up at once', ''],
    ['says something else', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'],
    ['sends bytes', Buffer.from([0, 255, 22, 3, 1, 0, 0, 10, 13, 0]).toString('latin1')],
    ['breaks off', 'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"versions": ['],
  ])('a server that %s', async (_, words) => {
    const port = await tcp((socket) => {
      socket.resume();
      socket.end(words, 'latin1');
    });
    expect(said(await check(port, { timeout: 2_000 }))).toEqual(nothing);
    await hungUp();
  });

  test('a server that talks without end', async () => {
    const port = await tcp((socket) => {
      const more = (): void => {
        if (!socket.destroyed && socket.write('x'.repeat(65_536))) setImmediate(more);
      };
      socket.on('drain', more);
      more();
    });
    expect(said(await check(port, { timeout: 200 }))).toEqual(nothing);
    await hungUp();
  });
});

test('the moment of the reading is the injected one', async () => {
  const port = await tcp((socket) => socket.end('STAT version 1.6.18\r\nEND\r\n'));
  const seen = await observeMemcached({ host: '127.0.0.1', port }, { now: () => 0 });
  expect(seen).toMatchObject({
    at: '1970-01-01T00:00:00.000Z',
    value: { version: '1.6.18', items: undefined },
  });
});

describe('RabbitMQ’s management', () => {
  const rabbit = (answers: Readonly<Record<string, [number, unknown]>>): Promise<number> =>
    http((request, response) => {
      const [status, body] = answers[new URL(request.url ?? '/', 'http://a').pathname] ?? [
        404,
        { error: 'not found' },
      ];
      if (body === undefined) return;
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  const overview = [200, { rabbitmq_version: '3.13.7', node: 'rabbit@a', cluster_name: 'c' }] as [
    number,
    unknown,
  ];
  const nodes = [200, [{ name: 'rabbit@a', running: true, partitions: ['rabbit@b'], mem_alarm: true }]] as [
    number,
    unknown,
  ];
  const check = (port: number, options: CheckOptions = {}) =>
    observeRabbit({ url: `http://127.0.0.1:${port}/`, user: 'u', password }, options);

  test('what one of them does not show is a gap beside the rest; a failed check is an answer', async () => {
    const seen = await check(
      await rabbit({
        '/api/overview': overview,
        '/api/nodes': nodes,
        '/api/queues': [401, {}],
        '/api/health/checks/alarms': [503, { status: 'failed', reason: 'resource alarm(s) in effect' }],
        '/api/health/checks/local-alarms': [200, '<html>'],
      }),
    );
    expect(seen).toMatchObject({
      completeness: 'partial',
      value: {
        queues: undefined,
        nodes: [{ partitions: ['rabbit@b'], memoryAlarm: true, diskAlarm: undefined }],
        alarms: { ok: false, reason: 'resource alarm(s) in effect' },
        localAlarms: undefined,
        quorumCritical: undefined,
      },
    });
    expect(seen.gaps.map((gap) => gap.kind).toSorted()).toEqual([
      'cut',
      'denied',
      'unsupported',
      'unsupported',
    ]);
  });

  test('at the deadline the part that is there counts, and the rest is missing', async () => {
    const seen = await check(
      await rabbit({ '/api/overview': overview, '/api/nodes': nodes, '/api/queues': [200, undefined] }),
      { timeout: 300 },
    );
    expect(seen).toMatchObject({ completeness: 'partial', value: { queues: undefined, version: '3.13.7' } });
    expect(seen.gaps.find((gap) => gap.what.endsWith('queues'))?.why).toContain('within 300 ms');
  });

  test('all pages of queues, and no more than there are', async () => {
    const asked: string[] = [];
    const port = await http((request, response) => {
      const url = new URL(request.url ?? '/', 'http://a');
      const page = Number(url.searchParams.get('page'));
      if (url.pathname === '/api/queues') asked.push(String(page));
      const body: Record<string, unknown> = {
        '/api/overview': overview[1],
        '/api/nodes': nodes[1],
        '/api/queues': {
          page_count: 3,
          items: [
            { name: `q${page}`, vhost: '/', type: 'quorum', members: ['a'], online: ['a'], leader: '' },
          ],
        },
      };
      response.writeHead(url.pathname in body ? 200 : 404).end(JSON.stringify(body[url.pathname] ?? {}));
    });
    const { value } = await check(port);
    expect(asked).toEqual(['1', '2', '3']);
    expect(value?.queues).toMatchObject([
      { name: 'q1', leader: undefined, durable: undefined },
      { name: 'q2' },
      { name: 'q3' },
    ]);
  });

  test('who is not let in is denied, and no redirect is followed', async () => {
    expect(await check(await rabbit({ '/api/overview': [401, {}] }))).toMatchObject({
      completeness: 'denied',
      value: undefined,
    });
    const port = await http((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect((await check(port)).gaps[0]).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('302'),
    });
  });
});

describe('hosts', () => {
  const host = (
    name: string,
    answer: (command: readonly string[]) => Partial<CommandResult> | Error,
  ): Host => ({
    name,
    async run(command) {
      const result = answer(command);
      if (result instanceof Error) throw result;
      return {
        host: name,
        command,
        exitCode: 0,
        stdout: '',
        stderr: '',
        dropped: 0,
        durationMs: 1,
        ...result,
      };
    },
    upload: () => Promise.reject(new Error('not asked for')),
    download: () => Promise.reject(new Error('not asked for')),
  });
  const unreachable = new Error('no route');
  const owning = (address: string, keepalived: number) => (command: readonly string[]) =>
    command[0] === 'ip'
      ? { stdout: JSON.stringify([{ ifname: 'eth0', flags: ['UP'], addr_info: [{ local: address }] }]) }
      : { exitCode: keepalived };

  test('who owns an address, with whom nobody could be asked', async () => {
    const hosts = [
      host('a', owning('10.0.0.10', 0)),
      host('b', owning('10.0.0.2', 1)),
      host('c', owning('10.0.0.3', 127)),
      host('d', () => unreachable),
    ];
    expect(await observeVip({ address: '10.0.0.10', hosts })).toMatchObject({
      completeness: 'partial',
      gaps: [{ what: 'vip 10.0.0.10 on d' }],
      value: {
        owners: ['a'],
        candidates: ['a', 'b', 'c', 'd'],
        hosts: [
          { host: 'a', interface: 'eth0', keepalived: true },
          { keepalived: false },
          { keepalived: undefined },
        ],
      },
    });
  });

  test('crm_mon that may not, that is not there, that prints too much', async () => {
    const check = (result: Partial<CommandResult>) => observePacemaker({ host: host('ctl', () => result) });
    expect(
      await check({ exitCode: 13, stderr: 'crm_mon: Connection to cluster failed: Permission denied' }),
    ).toMatchObject({ completeness: 'denied' });
    expect((await check({ exitCode: 127, stderr: 'command not found' })).gaps[0]?.why).toContain(
      '127: command not found',
    );
    expect((await check({ stdout: '<a/>', dropped: 5 })).gaps[0]).toMatchObject({ kind: 'cut' });
  });

  test('the words before a command reach it, in order', async () => {
    const told: string[][] = [];
    const controller = host('ctl', (command) => {
      told.push([...command]);
      return {};
    });
    await observePacemaker({ host: controller }, { prefix: ['docker', 'exec', 'pacemaker'] });
    expect(told).toEqual([['docker', 'exec', 'pacemaker', 'crm_mon', '--output-as=xml']]);
  });
});

test('arguments are checked before anything is opened, and named', async () => {
  const wrong = (field: string) => expect.objectContaining({ code: 'input', field });
  await expect(observeGalera({ host: '', user: 'u', password })).rejects.toThrow(wrong('host'));
  await expect(observeGalera({ host: 'db', port: 70_000, user: 'u', password })).rejects.toThrow(
    wrong('port'),
  );
  await expect(
    observeGalera({ host: 'db', user: 'u', password: 'plain' as unknown as Secret }),
  ).rejects.toThrow(wrong('password'));
  await expect(observeRabbit({ url: 'amqp://a:5672', user: 'u', password })).rejects.toThrow(wrong('url'));
  await expect(observeRabbit({ url: 'http://u:p@a:15672', user: 'u', password })).rejects.toThrow(
    'give them apart',
  );
  await expect(observeApi({ component: 'keystone', replicas: [] })).rejects.toThrow(wrong('replicas'));
  await expect(observeVip({ address: '10.0.0', hosts: [] })).rejects.toThrow(wrong('address'));
  await expect(observeTls({ host: 'a', port: 443, serverName: 'x' } as never)).rejects.toThrow(/serverName/);
});

const own = <const Name extends string>(name: Name, observe: () => Promise<number>) =>
  defineComponent({
    name,
    title: name,
    mode: 'independent',
    state: 'stateless',
    stops: 'nothing',
    wanted: 1,
    target: z.strictObject({}),
    source: () => name,
    observe,
    replica: () => ({ at: name, works: true }),
  });

test('a whole stack is asked at once: what hangs costs one deadline, and takes nobody with it', async () => {
  const silent = await tcp((socket) => socket.resume());
  const cache = await tcp((socket) => socket.end('STAT version 1.6.18\r\nEND\r\n'));
  const began = performance.now();
  const snapshot = await observeStack(
    {
      galera: Array.from({ length: 5 }, () => ({ host: '127.0.0.1', port: silent, user: 'u', password })),
      haproxy: [{ host: '127.0.0.1', port: silent }],
      memcached: [{ host: '127.0.0.1', port: cache }],
      broken: [{}],
      redis: [{}],
    },
    {
      timeout: 200,
      catalogue: {
        ...catalogue,
        broken: own('broken', () => Promise.reject(new Error('mine'))),
        redis: own('redis', async () => 1),
      },
    },
  );
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(snapshot.galera.map((observed) => observed.completeness)).toEqual(
    Array.from({ length: 5 }, () => 'failed'),
  );
  expect(snapshot.memcached).toMatchObject([{ value: { version: '1.6.18' } }]);
  expect(snapshot.redis).toHaveLength(1);
  expect(snapshot.broken).toMatchObject([
    { completeness: 'failed', gaps: [{ what: 'broken', why: 'mine' }] },
  ]);
});
