import { type Cloud, connect } from '@groundcrew/core';
import { simulateCloud, status } from '@groundcrew/sim';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { type Watch, type WatchEvents, watchSecurityGroups } from '../../src/security-groups.ts';
import { affectedBy } from '../../src/watch/affected.ts';
import { type AuditEvent, openTrail, sqliteStore, type Trail } from '../../src/trail.ts';
import { eventOf } from '../trail/events.ts';

const simulated = simulateCloud({ seed: 5, release: 'zed' });
let cloud: Cloud;
let trail: Trail;
let watch: Watch;
let found: WatchEvents['found'][0][] = [];
let resolved: string[] = [];
let troubles: unknown[] = [];
let group = '';

beforeAll(async () => {
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock, retries: 0 });
});
afterAll(async () => {
  await cloud.close();
  await simulated.close();
});
beforeEach(async () => {
  [found, resolved, troubles] = [[], [], []];
  trail = await openTrail({ store: sqliteStore(':memory:') });
  watch = watchSecurityGroups({ cloud, trail, patience: 200, pause: 0 });
  watch.events.on('found', (entry) => found.push(entry));
  watch.events.on('resolved', ({ finding }) => resolved.push(finding.id));
  watch.events.on('trouble', ({ error }) => troubles.push(error));
  group = (await cloud.network.securityGroups.create({ name: 'watched' })).id;
  await watch.refresh();
});
afterEach(async () => {
  await watch.close();
  await trail.close();
  await cloud.network.securityGroups.delete({ id: group });
});

const open = async (): Promise<string> =>
  (
    await cloud.network.securityGroupRules.create({
      security_group_id: group,
      direction: 'ingress',
      ethertype: 'IPv4',
    })
  ).id;
/** The events of Neutron and of the API's audit filter about a rule. */
const told = (
  id: string,
  action: string,
  request: string,
): { notification: AuditEvent; http: AuditEvent } => ({
  notification: eventOf(`n-${request}`, {
    action,
    target: { type: 'security_group_rule', id, service: 'network' },
    request_ids: [request],
    detail: { security_group_id: group },
    who: { user_id: 'mallory' },
  }),
  http: eventOf(`h-${request}`, {
    kind: 'audit.http',
    action,
    target: { type: 'security_group_rule', service: 'network', ...(action === 'create' ? {} : { id }) },
    request_ids: [request],
    detail: {},
    who: { user_id: 'mallory', address: '198.51.100.23' },
  }),
});
const hear = async (...events: readonly AuditEvent[]): Promise<void> => {
  watch.heard(await trail.append(events));
  await watch.idle();
};
const ids = (): string[] =>
  found.filter(({ finding }) => finding.subject.id === group).map(({ finding }) => finding.id);

test('a rule comes: found once, with who; it goes: resolved', async () => {
  const rule = await open();
  const { notification, http } = told(rule, 'create', 'req-1');
  await hear(notification, http);
  expect(ids()).toEqual(['audit.allow-all', 'audit.admin-port-open']);
  expect(found[0]?.attributions).toMatchObject([
    {
      confidence: 'certain',
      who: { known: true, value: { user_id: 'mallory' } },
      address: { known: true, value: '198.51.100.23' },
    },
  ]);
  // Told again, in another order: nothing new.
  await hear(...Object.values(told(rule, 'create', 'req-1')));
  expect(ids()).toHaveLength(2);
  await cloud.network.securityGroupRules.delete({ id: rule });
  await hear(...Object.values(told(rule, 'delete', 'req-2')));
  expect(resolved).toEqual(['audit.allow-all', 'audit.admin-port-open']);
  expect(troubles).toEqual([]);
});

test('only the API tells of it: everything is read, and it is found all the same', async () => {
  const rule = await open();
  await hear(told(rule, 'create', 'req-3').http);
  expect(ids()).toContain('audit.allow-all');
  // Which rule a request made cannot be told without the service's own word.
  expect(found[0]?.attributions[0]).toMatchObject({ change: { known: false } });
});

test('what it looks at fails: said, and looked at again with the next event', async () => {
  const rule = await open();
  const down = simulated.fault({ match: { service: 'network' }, reply: status(503) });
  await hear(told(rule, 'create', 'req-4').notification);
  down.stop();
  expect(troubles).toHaveLength(1);
  expect(ids()).toEqual([]);
  await hear(
    eventOf('another', {
      action: 'update',
      target: { type: 'security_group', id: group, service: 'network' },
    }),
  );
  expect(ids()).toContain('audit.allow-all');
});

test('a group that is gone: what was wrong with it is resolved', async () => {
  const other = await cloud.network.securityGroups.create({ name: 'short' });
  await cloud.network.securityGroupRules.create({
    security_group_id: other.id,
    direction: 'ingress',
    ethertype: 'IPv4',
  });
  const event = (id: string, action: string) =>
    eventOf(id, { action, target: { type: 'security_group', id: other.id, service: 'network' } });
  await hear(event('made', 'create'));
  await cloud.network.securityGroups.delete({ id: other.id });
  await hear(event('gone', 'delete'));
  expect(resolved).toContain('audit.allow-all');
  expect(watch.findings.some(({ subject }) => subject.id === other.id)).toBe(false);
});

test('closed, it looks at nothing more', async () => {
  await watch.close();
  const rule = await open();
  await hear(told(rule, 'create', 'req-5').notification);
  expect(found).toEqual([]);
});

test('what an event may have changed', () => {
  const of = (more: Partial<AuditEvent>) => affectedBy(eventOf('x', more));
  const network = (type: string, id?: string) => ({
    type,
    service: 'network',
    ...(id === undefined ? {} : { id }),
  });
  expect(of({ target: network('security_group', 'g') })).toEqual({ look: 'group', id: 'g' });
  expect(of({ target: network('port', 'p'), action: 'update' })).toEqual({ look: 'all' });
  expect(of({ target: network('security_group', 'g'), outcome: 'failure' })).toBeUndefined();
  expect(of({ target: network('security_group', 'g'), outcome: 'pending' })).toBeUndefined();
  expect(of({ target: network('security_group', 'g'), action: 'list' })).toBeUndefined();
  expect(of({ target: { type: 'server', id: 's', service: 'compute' } })).toBeUndefined();
});
