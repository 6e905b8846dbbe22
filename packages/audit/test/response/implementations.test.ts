import { type Journal, JournalError, memoryJournal, type Plan, type RunOptions } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { assessSecurityGroups, isExposure, observeSecurityGroups } from '../../src/security-groups.ts';
import {
  decideResponses,
  editRules,
  lock,
  notify,
  planResponses,
  planUndo,
  quarantine,
  responseEvents,
  responsePolicy,
  responseContext,
  revisionsIn,
  shelve,
  stop,
} from '../../src/response.ts';
import {
  carryOut as carryOutOn,
  failed,
  implementations as handsOn,
  planOf,
  thereAndBack,
} from './carry-out.ts';
import { played, roundTrips } from './round-trips.ts';
import { cloudOfFile } from './simulated-cloud.ts';

// Every response on a simulated cloud, over HTTP: done, looked at, undone, and the cloud is as it was.
const { cloud, aServer } = await cloudOfFile(9);

const carryOut = (plan: Plan, more: Partial<RunOptions> = {}) => carryOutOn(cloud, plan, more);
const implementations = (send: (text: string) => Promise<void>) => handsOn(cloud, send);

describe('servers', () => {
  const status = (id: string) => async () => {
    const { status: now, locked } = await cloud.compute.at('2.26').servers.get({ id });
    return { now, locked };
  };

  test('a server that was stopped is not running after it was shelved and brought back', async () => {
    const id = await aServer();
    await cloud.compute.servers.stop({ id });
    await cloud.compute.servers.waitFor(id, 'SHUTOFF');
    const [, between, after] = await thereAndBack(cloud, planOf('server', id, shelve()), status(id));
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

test('quarantine: a group that lets nothing in or out, for each project, made once', async () => {
  const { network } = cloud;
  const { id: network_id } = await network.networks.create({ name: 'n' });
  const [one, other] = [
    await network.ports.create({ network_id }),
    await network.ports.create({ network_id }),
  ];
  const groups = async (id: string) => (await network.ports.get({ id })).security_groups ?? [];
  await carryOut(planOf('port', one.id, quarantine()));
  await carryOut(planOf('port', other.id, quarantine()));
  const [shut = ''] = await groups(one.id);
  expect(await groups(other.id)).toEqual([shut]);
  const { name, security_group_rules } = await network.securityGroups.get({ id: shut });
  expect({ name, rules: security_group_rules }).toEqual({ name: 'groundcrew-quarantine', rules: [] });
});

test.each(roundTrips)('$title: done, seen, undone, and as it was', async (trip) => {
  expect(await played(trip, cloud)).toEqual(trip.during);
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
      .map(
        (listed) => `${listed.direction} ${listed.ethertype} ${listed.protocol} ${listed.remote_ip_prefix}`,
      )
      .toSorted((a, b) => a.localeCompare(b));
  const policy = responsePolicy({
    mode: 'enforce',
    rules: [{ finding: 'audit.allow-all', do: [notify('owner'), editRules()] }],
  });

  async function planned(id: string, keep: readonly string[] = []) {
    const snapshot = await observeSecurityGroups(cloud);
    const findings = assessSecurityGroups(snapshot, { keep }).filter(
      (finding) => isExposure(finding) && finding.subject.id === id,
    );
    const answer = planResponses(decideResponses(findings, policy, [], 0), policy, responseContext(snapshot));
    if (!answer.ok) throw new Error(answer.refusals[0].reason);
    return answer.plan;
  }

  test('exactly what causes it goes, what is to be kept is kept, and the undo brings it back', async () => {
    const id = await openGroup();
    const before = await rulesOf(id);
    const told: string[] = [];
    const plan = await planned(id, ['192.0.2.0/24']);
    const { journal, outcome } = await carryOut(plan, {
      implementations: implementations(async (text) => void told.push(text)),
      revisionOf: revisionsIn(cloud),
      by: 'officer',
    });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(told).toHaveLength(1);
    const kept = [...before.filter((line) => !line.includes('/1')), 'ingress IPv4 null 192.0.2.0/24'];
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
      implementations: implementations(async (text) => void told.push(text)),
      revisionOf: revisionsIn(cloud),
    };
    const first = await carryOut(plan, { ...go, journal: dyingAt(journal, 'audit.edit-rules', plan) });
    expect(first.outcome).toMatchObject({ status: 'interrupted' });
    expect((await rulesOf(id)).filter((line) => line.includes('/1'))).toEqual([]);
    const { outcome } = await carryOut(plan, { ...go, journal });
    expect(outcome).toMatchObject({ status: 'succeeded' });
    const left = await rulesOf(id);
    expect(left.filter((line) => line.includes('/1'))).toEqual([]);
    expect(left.filter((line) => line.includes('192.0.2.0/24'))).toHaveLength(1);
    const undo = planUndo(await journal.read());
    if (!undo.ok) throw new Error('nothing to undo');
    expect((await carryOut(undo.plan)).outcome).toMatchObject({ status: 'succeeded' });
    expect((await rulesOf(id)).filter((line) => line.includes('/1'))).toHaveLength(2);
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
    implementations: implementations(() => Promise.reject(new Error('no route'))),
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
