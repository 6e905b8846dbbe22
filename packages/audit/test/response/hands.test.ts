import { connect, type Cloud } from '@groundcrew/core';
import {
  type Journal,
  JournalError,
  memoryJournal,
  type Plan,
  run,
  type RunOptions,
} from '@groundcrew/runbook';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { assess, isExposure, observe } from '../../src/index.ts';
import {
  channel,
  decideResponses,
  disableProject,
  disableUser,
  editRules,
  imagePrivate,
  lock,
  memoryNotices,
  notify,
  pause,
  planResponses,
  planUndo,
  portDown,
  quarantine,
  type Response,
  responseEvents,
  responseHands,
  responsePolicy,
  responseWorld,
  revisionsIn,
  shelve,
  stop,
  suspend,
  tag,
} from '../../src/response.ts';
import { finding } from '@groundcrew/runbook';
import { aServer as aServerOf } from './stage.ts';

// Every response on a simulated cloud, over HTTP: done, looked at, undone, and the cloud is as it was.
const simulated = simulateCloud({ seed: 9, release: 'zed' });
let cloud: Cloud;
beforeAll(async () => {
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock });
});
afterAll(async () => {
  await cloud.close();
  await simulated.close();
});

const failed = (kind: string, id: string) =>
  finding({
    id: 'audit.test',
    verdict: 'fail',
    severity: 'high',
    title: 'a test',
    subject: { kind, id },
    because: [{ statement: 'so', source: 'test' }],
    remedy: undefined,
  });

const hands = (send: (text: string) => Promise<void> = async () => undefined) =>
  responseHands({ cloud, channels: [channel('owner', ({ text }) => send(text))], notices: memoryNotices() });

function planOf(kind: string, id: string, response: Response): Plan {
  const policy = responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: [response] }] });
  const planned = planResponses(decideResponses([failed(kind, id)], policy, [], 0), policy, {
    revisionOf: () => undefined,
  });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan;
}

async function carryOut(plan: Plan, more: Partial<RunOptions> = {}) {
  const journal = more.journal ?? memoryJournal();
  const outcome = await run(plan, {
    approved: plan.digest,
    implementations: hands(),
    journal,
    ...more,
  }).outcome;
  return { journal, outcome };
}

/** Does it, undoes it, and tells what was to be seen: before, in between, after. */
async function thereAndBack<T>(plan: Plan, look: () => Promise<T>): Promise<readonly [T, T, T]> {
  const before = await look();
  const { journal, outcome } = await carryOut(plan);
  if (outcome.status !== 'succeeded') throw new Error(JSON.stringify(outcome));
  const between = await look();
  const undo = planUndo(await journal.read());
  if (!undo.ok) throw new Error(undo.refusals[0].reason);
  const back = (await carryOut(undo.plan)).outcome;
  if (back.status !== 'succeeded') throw new Error(JSON.stringify(back));
  return [before, between, await look()];
}

async function aServer(): Promise<string> {
  const id = await aServerOf({ cloud });
  onTestFinished(() => cloud.compute.servers.delete({ id }));
  return id;
}

describe('servers', () => {
  const status = (id: string) => async () => {
    const { status: now, locked } = await cloud.compute.at('2.26').servers.get({ id });
    return { now, locked };
  };

  test.each([
    ['lock', lock(), { now: 'ACTIVE', locked: true }],
    ['pause', pause(), { now: 'PAUSED', locked: false }],
    ['suspend', suspend(), { now: 'SUSPENDED', locked: false }],
    ['stop', stop(), { now: 'SHUTOFF', locked: false }],
  ])('%s', async (_, response, during) => {
    const id = await aServer();
    const [before, between, after] = await thereAndBack(planOf('server', id, response), status(id));
    expect(between).toEqual(during);
    expect(after).toEqual(before);
  });

  test('shelve', async () => {
    const id = await aServer();
    const { journal, outcome } = await carryOut(planOf('server', id, shelve()));
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect((await status(id)()).now).toMatch(/^SHELVED/);
    const undo = planUndo(await journal.read());
    if (!undo.ok) throw new Error('nothing to undo');
    await carryOut(undo.plan);
    expect((await status(id)()).now).toBe('ACTIVE');
  });

  test('a tag', async () => {
    const id = await aServer();
    const tags = async () => Array.fromAsync(cloud.compute.at('2.26').serverTags.list({ server_id: id }));
    const [before, between, after] = await thereAndBack(planOf('server', id, tag('breaks-rule')), tags);
    expect(between).toEqual(['breaks-rule']);
    expect(after).toEqual(before);
  });

  test('a server that was stopped is not running after it was shelved and brought back', async () => {
    const id = await aServer();
    await cloud.compute.servers.stop({ id });
    await cloud.compute.servers.waitFor(id, 'SHUTOFF');
    const [, between, after] = await thereAndBack(planOf('server', id, shelve()), status(id));
    expect(between.now).toMatch(/^SHELVED/);
    expect(after.now).toBe('SHUTOFF');
  });

  test('what was so before is left so by the undo', async () => {
    const id = await aServer();
    await cloud.compute.servers.stop({ id });
    await cloud.compute.servers.waitFor(id, 'SHUTOFF');
    const { journal } = await carryOut(planOf('server', id, stop()));
    expect(planUndo(await journal.read())).toMatchObject({
      ok: false,
      refusals: [{ code: 'audit.nothing-to-undo' }],
    });
  });

  test('a server that is gone: its step fails, and says so', async () => {
    const { outcome } = await carryOut(planOf('server', '7a1e6a54-0000-4000-8000-000000000000', stop()));
    expect(outcome).toMatchObject({ failures: [{ code: 'not-found' }] });
  });
});

describe('ports', () => {
  async function aPort(): Promise<string> {
    const { network } = cloud;
    const { id: network_id } = await network.networks.create({ name: 'n' });
    const { id } = await network.ports.create({ network_id, name: 'p' });
    return id;
  }
  const look = (id: string) => async () => {
    const { admin_state_up, security_groups } = await cloud.network.ports.get({ id });
    return { admin_state_up, groups: security_groups?.length };
  };

  test('down', async () => {
    const id = await aPort();
    const [before, between, after] = await thereAndBack(planOf('port', id, portDown()), look(id));
    expect(between).toEqual({ admin_state_up: false, groups: 1 });
    expect(after).toEqual(before);
  });

  test('quarantine: a group that lets nothing in or out, for each project, made once', async () => {
    const [one, other] = [await aPort(), await aPort()];
    const groups = async (id: string) => (await cloud.network.ports.get({ id })).security_groups;
    const before = await groups(one);
    const { journal } = await carryOut(planOf('port', one, quarantine()));
    await carryOut(planOf('port', other, quarantine()));
    const [shut = ''] = (await groups(one)) ?? [];
    expect(await groups(other)).toEqual([shut]);
    const { name, security_group_rules } = await cloud.network.securityGroups.get({ id: shut });
    expect({ name, rules: security_group_rules }).toEqual({ name: 'groundcrew-quarantine', rules: [] });
    const undo = planUndo(await journal.read());
    if (!undo.ok) throw new Error('nothing to undo');
    await carryOut(undo.plan);
    expect(await groups(one)).toEqual(before);
  });
});

describe('users, projects, images', () => {
  test('a user', async () => {
    const { id } = await cloud.identity.users.create({ name: `u-${Math.random()}` });
    const look = async () => (await cloud.identity.users.get({ id })).enabled;
    const [before, between, after] = await thereAndBack(planOf('user', id, disableUser()), look);
    expect(between).toEqual(false);
    expect(after).toEqual(before);
  });
  test('a project', async () => {
    const { id } = await cloud.identity.projects.create({ name: `p-${Math.random()}` });
    const look = async () => (await cloud.identity.projects.get({ id })).enabled;
    const [before, between, after] = await thereAndBack(planOf('project', id, disableProject()), look);
    expect(between).toEqual(false);
    expect(after).toEqual(before);
  });
  test('an image', async () => {
    const { id } = await cloud.image.images.create({ name: 'x', visibility: 'public' });
    const look = async () => (await cloud.image.images.get({ id })).visibility;
    const [before, between, after] = await thereAndBack(planOf('image', id, imagePrivate()), look);
    expect(between).toEqual('private');
    expect(after).toEqual(before);
  });
});

describe('rules of a group', () => {
  async function openGroup(): Promise<string> {
    const { id } = await cloud.network.securityGroups.create({ name: 'open' });
    const rules = [
      { remote_ip_prefix: '0.0.0.0/1' },
      { remote_ip_prefix: '128.0.0.0/1' },
      { protocol: 'tcp', port_range_min: 443, port_range_max: 443 },
    ];
    for (const one of rules)
      await cloud.network.securityGroupRules.create({
        security_group_id: id,
        direction: 'ingress',
        ethertype: 'IPv4',
        ...one,
      });
    return id;
  }
  const rulesOf = async (id: string) =>
    (await cloud.network.securityGroups.get({ id })).security_group_rules
      .map((one) => `${one.direction} ${one.ethertype} ${one.protocol} ${one.remote_ip_prefix}`)
      .toSorted((a, b) => a.localeCompare(b));
  const policy = responsePolicy({
    mode: 'enforce',
    rules: [{ finding: 'audit.allow-all', do: [notify('owner'), editRules()] }],
  });

  async function planned(id: string, keep: readonly string[] = []) {
    const snapshot = await observe(cloud);
    const findings = assess(snapshot, { keep }).filter((one) => isExposure(one) && one.subject.id === id);
    const answer = planResponses(decideResponses(findings, policy, [], 0), policy, responseWorld(snapshot));
    if (!answer.ok) throw new Error(answer.refusals[0].reason);
    return answer.plan;
  }

  test('exactly what causes it goes, what is to be kept is kept, and the undo brings it back', async () => {
    const id = await openGroup();
    const before = await rulesOf(id);
    const told: string[] = [];
    const plan = await planned(id, ['192.0.2.0/24']);
    const { journal, outcome } = await carryOut(plan, {
      implementations: hands(async (text) => void told.push(text)),
      revisionOf: revisionsIn(cloud),
      by: 'officer',
    });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(told).toHaveLength(1);
    const kept = [...before.filter((one) => !one.includes('/1')), 'ingress IPv4 null 192.0.2.0/24'];
    expect(await rulesOf(id)).toEqual(kept.toSorted((a, b) => a.localeCompare(b)));
    const undo = planUndo(await journal.read());
    if (!undo.ok) throw new Error('nothing to undo');
    await carryOut(undo.plan);
    expect(await rulesOf(id)).toEqual(before);
    expect(responseEvents(await journal.read())).toMatchObject([
      { kind: 'groundcrew', who: { user_name: 'officer' }, outcome: 'success' },
      { kind: 'groundcrew', who: { user_name: 'officer' }, outcome: 'success' },
    ]);
  });

  test('a group that was changed since: nothing is touched', async () => {
    const id = await openGroup();
    const plan = await planned(id);
    const [rule] = (await cloud.network.securityGroups.get({ id })).security_group_rules.filter(
      ({ remote_ip_prefix }) => remote_ip_prefix === '0.0.0.0/1',
    );
    await cloud.network.securityGroupRules.delete({ id: rule?.id ?? '' });
    const before = await rulesOf(id);
    const { outcome } = await carryOut(plan, { revisionOf: revisionsIn(cloud) });
    expect(outcome).toMatchObject({ status: 'refused' });
    expect(await rulesOf(id)).toEqual(before);
  });

  test('dead when it had acted and not written it down: it goes on, and nothing is done twice', async () => {
    const id = await openGroup();
    const plan = await planned(id, ['192.0.2.0/24']);
    const journal = memoryJournal();
    const told: string[] = [];
    const go = {
      implementations: hands(async (text) => void told.push(text)),
      revisionOf: revisionsIn(cloud),
    };
    const first = await carryOut(plan, { ...go, journal: dyingAt(journal, 'audit.edit-rules', plan) });
    expect(first.outcome).toMatchObject({ status: 'interrupted' });
    expect((await rulesOf(id)).filter((one) => one.includes('/1'))).toEqual([]);
    const { outcome } = await carryOut(plan, { ...go, journal });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    const left = await rulesOf(id);
    expect(left.filter((one) => one.includes('/1'))).toEqual([]);
    expect(left.filter((one) => one.includes('192.0.2.0/24'))).toHaveLength(1);
    const undo = planUndo(await journal.read());
    if (!undo.ok) throw new Error('nothing to undo');
    expect((await carryOut(undo.plan)).outcome).toMatchObject({ status: 'succeeded' });
    expect((await rulesOf(id)).filter((one) => one.includes('/1'))).toHaveLength(2);
  });
});

/** A journal that cannot be written when a step of this action has acted. */
function dyingAt(journal: Journal, action: string, plan: Plan): Journal {
  return {
    read: () => journal.read(),
    async open(options) {
      const open = await journal.open(options);
      return {
        ...open,
        append(event, at) {
          const dies =
            event.type === 'step-acted' && plan.steps.find(({ id }) => id === event.step)?.action === action;
          return dies ? Promise.reject(new JournalError('the disk is full')) : open.append(event, at);
        },
        close: () => open.close(),
      };
    },
  };
}

test('a channel that fails: its step fails after that, and the rest is done', async () => {
  const id = await aServer();
  const policy = responsePolicy({
    mode: 'enforce',
    rules: [{ finding: '*', do: [notify('owner', 'nobody'), lock()] }],
  });
  const planned = planResponses(decideResponses([failed('server', id)], policy, [], 0), policy, {
    revisionOf: () => undefined,
  });
  if (!planned.ok) throw new Error('no plan');
  const { outcome } = await carryOut(planned.plan, {
    implementations: hands(() => Promise.reject(new Error('no route'))),
  });
  expect(outcome).toMatchObject({ status: 'partially-succeeded' });
  expect('failures' in outcome ? outcome.failures.map(({ message }) => message) : []).toEqual(
    expect.arrayContaining([
      expect.stringContaining('no route'),
      expect.stringContaining('there is no channel nobody'),
    ]),
  );
  expect((await cloud.compute.at('2.26').servers.get({ id })).locked).toBe(true);
});
