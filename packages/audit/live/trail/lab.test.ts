import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Cloud, connect, isAuthError, isHttpError, Secret } from '@groundcrew/core';
import { ensureLab, ensurePackages, type Lab, waitUntil } from '@groundcrew/lab';
import { Connection } from 'rabbitmq-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { rabbitSource } from '../../src/rabbitmq.ts';
import {
  type Attribution,
  image,
  ingest,
  type Ingested,
  instanceActions,
  openTrail,
  securityGroupRule,
  server,
  sqliteStore,
  toCadf,
  type Trail,
  type TrailQuery,
  type TrailRecord,
  volume,
} from '../../src/trail.ts';
import { all } from '../../test/trail/store-contract.ts';

// What real services tell, from the real queues, and whether the questions can be answered.
let lab: Lab;
let cloud: Cloud;
let trail: Trail;
let me: { readonly user: string; readonly project: string };
const stop = new AbortController();
const ends: Promise<Ingested>[] = [];
const name = `groundcrew-audit-${process.pid}`;

beforeAll(async () => {
  lab = await ensureLab({ only: 'full' });
  cloud = connect({ cloud: lab.cloud('member'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const token = await cloud.token();
  me = { user: token?.user?.id ?? '', project: token?.project?.id ?? '' };
  trail = await openTrail({ store: sqliteStore(':memory:') });
  const url = new Secret(await lab.bus());
  for (const queue of ['audit.info', 'versioned_notifications.info'])
    ends.push(ingest({ from: rabbitSource({ url, queue }), into: trail, signal: stop.signal }));
}, 1_800_000);

afterAll(async () => {
  stop.abort();
  await Promise.all(ends);
  await trail?.close();
  await cloud?.close();
});

const found = async (query: TrailQuery): Promise<TrailRecord[]> => all(trail.find(query));
/** The first that fits, as soon as it is heard. */
async function heard(
  query: TrailQuery,
  fits: (entry: TrailRecord) => boolean = () => true,
): Promise<TrailRecord> {
  let one: TrailRecord | undefined;
  await waitUntil(async () => (one = (await found(query)).find(fits)) !== undefined, {
    within: 30_000,
    what: JSON.stringify(query),
  });
  if (one === undefined) throw new Error('waited for it');
  return one;
}
async function whoDid(
  did: string,
  to: { type: string; id: string },
  complete: (answer: Attribution) => boolean,
) {
  let answer = await trail.who({ did, to });
  await waitUntil(async () => complete((answer = await trail.who({ did, to }))), {
    within: 30_000,
    what: `who ${did} ${to.type}`,
  });
  return answer;
}
const byMe = (): unknown => ({
  known: true,
  value: expect.objectContaining({ user_id: me.user }) as unknown,
});

describe('who did what', () => {
  test('a login that is good, and one that is not', async () => {
    await heard({ did: 'authenticate', outcome: 'success', by: { user_id: me.user } });
    const env = await lab.env(lab.cloud('member'));
    const bad = connect({
      auth: {
        auth_url: env['OS_AUTH_URL'] ?? '',
        username: env['OS_USERNAME'] ?? '',
        user_domain_name: env['OS_USER_DOMAIN_NAME'] ?? 'Default',
        project_name: env['OS_PROJECT_NAME'] ?? '',
        project_domain_name: env['OS_PROJECT_DOMAIN_NAME'] ?? 'Default',
        password: 'not this one',
      },
    });
    const began = new Date().toISOString();
    const error: unknown = await bad.token().catch((caught: unknown) => caught);
    await bad.close();
    expect(isAuthError(error)).toBe(true);
    const { event } = await heard({
      did: 'authenticate',
      outcome: 'failure',
      from: new Date(Date.parse(began) - 2_000).toISOString(),
    });
    expect(event).toMatchObject({
      kind: 'cadf',
      who: { address: '127.0.0.1' },
      target: { service: 'identity' },
    });
    expect(event.who.user_id ?? event.who.user_name).toBeDefined();
  });

  // Neutron tells of a bulk request in one notification, with a list; somebody else's rule follows at once.
  test('two rules of one request, and another by somebody else: each has its own author', async () => {
    const admin = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
    const adminId = (await admin.token())?.user?.id ?? '';
    const group = await cloud.network.securityGroups.create({ name: `${name}-bulk` });
    const rule = (port: number) => ({
      security_group_id: group.id,
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: port,
      port_range_max: port,
    });
    const { body } = await cloud.request('network', {
      method: 'POST',
      path: 'security-group-rules',
      body: { security_group_rules: [rule(7001), rule(7002)] },
      schema: z.object({ security_group_rules: z.array(z.looseObject({ id: z.string() })) }),
    });
    const theirs = await admin.network.securityGroupRules.create({
      ...rule(7003),
      direction: 'ingress',
      protocol: 'tcp',
    });
    for (const { id } of body.security_group_rules) {
      const answer = await whoDid(
        'create',
        securityGroupRule(id),
        ({ who, change }) => who.known && change.known,
      );
      expect(answer).toMatchObject({ confidence: 'certain', who: byMe() });
    }
    const other = await whoDid('create', securityGroupRule(theirs.id), ({ who }) => who.known);
    expect(other.who).toMatchObject({ known: true, value: { user_id: adminId } });
    await cloud.network.securityGroups.delete({ id: group.id });
    await admin.close();
  });

  test('a rule in Neutron: who, from where, when, by which request; and that it is gone', async () => {
    const group = await cloud.network.securityGroups.create({ name });
    const requests: string[] = [];
    cloud.events.on('response', ({ operation, requestId }) => {
      if (operation === 'securityGroupRules.create' && requestId !== undefined) requests.push(requestId);
    });
    const rule = await cloud.network.securityGroupRules.create({
      security_group_id: group.id,
      direction: 'ingress',
      ethertype: 'IPv4',
    });
    const answered = performance.now();
    const answer = await whoDid('create', securityGroupRule(rule.id), ({ request }) => request.known);
    process.stdout.write(
      `a rule's creator known ${Math.round(performance.now() - answered)} ms after the API's answer\n`,
    );
    expect(answer).toMatchObject({
      confidence: 'certain',
      who: byMe(),
      project: { known: true, value: me.project },
      address: { known: true, value: '127.0.0.1' },
      outcome: { known: true, value: 'success' },
      request_id: { known: true, value: requests[0] },
    });
    await cloud.network.securityGroupRules.delete({ id: rule.id });
    await cloud.network.securityGroups.delete({ id: group.id });
    const gone = await whoDid('delete', securityGroupRule(rule.id), ({ request }) => request.known);
    expect(gone).toMatchObject({ confidence: 'certain', who: byMe() });
  });

  test('a volume in Cinder', async () => {
    const one = await cloud.blockStorage.volumes.create({ size: 1, name });
    const answer = await whoDid(
      'create',
      volume(one.id),
      ({ request, change }) => request.known && change.known,
    );
    expect(answer).toMatchObject({ confidence: 'certain', who: byMe(), address: { known: true } });
    await waitUntil(
      async () => (await cloud.blockStorage.volumes.get({ id: one.id })).status === 'available',
      {
        within: 60_000,
        what: 'the volume available',
      },
    );
    await cloud.blockStorage.volumes.delete({ id: one.id });
    expect(await whoDid('delete', volume(one.id), ({ request }) => request.known)).toMatchObject({
      who: byMe(),
    });
  });

  test('an image in Glance, whose events tell no request id', async () => {
    const one = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
    const answer = await whoDid(
      'create',
      image(one.id),
      ({ request, change }) => request.known && change.known,
    );
    expect(answer).toMatchObject({ confidence: 'probable', who: byMe(), request_id: { known: false } });
    await cloud.image.images.delete({ id: one.id });
    expect(await whoDid('delete', image(one.id), ({ request }) => request.known)).toMatchObject({
      who: byMe(),
    });
  });

  test('a server in Nova: created, stopped, deleted; and what Nova itself remembers says the same', async () => {
    const flavors = await Array.fromAsync(cloud.compute.flavors.list());
    const flavor = flavors.toSorted((a, b) => a.ram - b.ram)[0];
    const picture = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
    await cloud.image.data.upload({ id: picture.id }, new Uint8Array(65_536));
    const one = await cloud.compute
      .at('2.37')
      .servers.create({ name, flavorRef: flavor?.id ?? '', imageRef: picture.id, networks: 'none' });
    const is = (status: string) => async (): Promise<boolean> =>
      (await cloud.compute.servers.get({ id: one.id })).status === status;
    await waitUntil(is('ACTIVE'), { within: 120_000, what: 'the server ACTIVE' });
    const created = await whoDid(
      'create',
      server(one.id),
      ({ request, change }) => request.known && change.known,
    );
    expect(created).toMatchObject({ confidence: 'certain', who: byMe(), address: { known: true } });
    await cloud.compute.servers.stop({ id: one.id });
    await waitUntil(is('SHUTOFF'), { within: 60_000, what: 'the server SHUTOFF' });
    const requests = await found({
      to: { type: 'server', id: one.id },
      kind: 'audit.http',
      outcome: 'success',
      first: 'newest',
    });
    expect(requests.map(({ event }) => event.action)).toContain('os-stop');
    const { added } = await trail.append(await instanceActions(cloud, one.id));
    expect(added.map(({ event }) => event.action).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'create',
      'stop',
    ]);
    expect(await found({ to: server(one.id), kind: 'instance-action' })).toHaveLength(2);
    expect(await trail.append(await instanceActions(cloud, one.id))).toEqual({ added: [], known: 2 });
    const stopped = added.find(({ event }) => event.action === 'stop')?.event;
    expect(requests.flatMap(({ event }) => event.request_ids)).toContain(stopped?.request_ids[0]);
    await cloud.compute.servers.delete({ id: one.id });
    await cloud.image.images.delete({ id: picture.id });
    expect(await whoDid('delete', server(one.id), ({ request }) => request.known)).toMatchObject({
      who: byMe(),
    });
  });

  test('what was denied is there, with who tried', async () => {
    const denied: unknown = await Array.fromAsync(cloud.compute.services.list()).catch(
      (error: unknown) => error,
    );
    expect(isHttpError(denied) && denied.status).toBe(403);
    const { event } = await heard(
      { outcome: 'failure', by: { user_id: me.user }, to: { type: 'service' } },
      (record) => record.event.reason?.code === '403',
    );
    expect(event).toMatchObject({ action: 'list', who: { address: '127.0.0.1', project_id: me.project } });
  });
});

test('all that was heard is understood, in one chain that holds', async () => {
  expect(await found({ kind: 'undecoded' })).toEqual([]);
  expect(await trail.verify()).toMatchObject({ ok: true });
});

test("pycadf takes our CADF for valid, as Debian's python3-pycadf has it", async () => {
  await ensurePackages(['python3-pycadf']);
  const records = (await found({})).slice(-400);
  expect(records.length).toBeGreaterThan(20);
  const script = [
    'import json, sys',
    'from pycadf import event, resource, reason, host, cadftaxonomy as tax',
    'def res(r):',
    '    h = r.get("host")',
    '    x = resource.Resource(id=r["id"], typeURI=r["typeURI"], name=r.get("name"),',
    '        host=host.Host(address=h.get("address"), agent=h.get("agent")) if h else None)',
    '    assert x.is_valid(), r',
    '    return x',
    'n = 0',
    'for line in sys.stdin:',
    '    e = json.loads(line)',
    '    why = e.get("reason")',
    '    x = event.Event(eventType=e["eventType"], id=e["id"], eventTime=e["eventTime"], action=e["action"],',
    '        outcome=e["outcome"], initiator=res(e["initiator"]), target=res(e["target"]), observer=res(e["observer"]),',
    '        reason=reason.Reason(reasonType=why["reasonType"], reasonCode=why.get("reasonCode", "x")) if why else None)',
    '    assert x.is_valid(), e',
    '    n += 1',
    'print(n)',
  ].join('\n');
  const child = promisify(execFile)('/usr/bin/python3', ['-c', script]);
  child.child.stdin?.end(records.map(({ event }) => JSON.stringify(toCadf(event))).join('\n'));
  const { stdout } = await child;
  expect(Number(stdout)).toBe(records.length);
});

describe('the queue itself', () => {
  test('rubbish in it is kept as such; what was not done comes again to the next reader', async () => {
    const url = await lab.bus();
    const bus = new Connection(url);
    const queue = `groundcrew-audit-${process.pid}`;
    try {
      await bus.queueDeclare({ queue, durable: false });
      const publisher = bus.createPublisher({ confirm: true });
      const bodies = ['{', 'not json', JSON.stringify({ a: 1 }), Buffer.from([0xff, 0xfe, 0])];
      for (const [index, body] of bodies.entries())
        await publisher.send(
          { routingKey: queue, ...(index === 0 ? { contentType: 'application/json' } : {}) },
          body,
        );
      const from = rabbitSource({ url: new Secret(url), queue });
      await using mine = await openTrail({ store: sqliteStore(':memory:') });
      const full = { append: () => Promise.reject(new Error('the disk is full')) };
      const never = new AbortController();
      await expect(ingest({ from, into: full, signal: never.signal })).rejects.toThrow('the disk is full');
      const enough = new AbortController();
      let kept = 0;
      const sum = await ingest({
        from,
        into: mine,
        heard: ({ added }) => {
          kept += added.length;
          if (kept === bodies.length) enough.abort();
        },
        signal: enough.signal,
      });
      expect(sum).toMatchObject({ messages: 4, added: 4, undecoded: 4 });
      expect((await bus.queueDeclare({ queue, passive: true })).messageCount).toBe(0);
      await publisher.close();
    } finally {
      await bus.queueDelete(queue);
      await bus.close();
    }
  });
});
