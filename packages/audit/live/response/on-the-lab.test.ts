import { waitUntil } from '@groundcrew/lab';
import { memoryJournal, memoryState, type Plan } from '@groundcrew/runbook';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assessSecurityGroups, observeSecurityGroups } from '../../src/security-groups.ts';
import {
  after,
  channel,
  editRules,
  memoryNotices,
  notify,
  responseController,
  responsePolicy,
  responseContext,
} from '../../src/response.ts';
import { type WatchedLab, watchedLab } from '../watched-lab.ts';

// A tenant opens a group on real Neutron; nobody calls anything: it is heard of, told, waited for, asked, mended, told.
let site: WatchedLab;
const stop = new AbortController();
beforeAll(async () => {
  site = await watchedLab('responds');
}, 1_800_000);
afterAll(async () => {
  stop.abort();
  await site?.[Symbol.asyncDispose]();
});

test('a tenant opens everything: told in seconds, asked when the deadline is over, mended, told in the trail', async () => {
  const { admin, tenant, trail, watch, group } = site;
  const said: { readonly at: number; readonly what: string }[] = [];
  const say = (what: string): void => void said.push({ at: performance.now(), what });
  const asked: Plan[] = [];
  const controller = responseController({
    cloud: admin,
    // Of all that is wrong with this cloud, ours is what is acted upon.
    async look({ signal }) {
      const snapshot = await observeSecurityGroups(admin, { signal });
      const findings = assessSecurityGroups(snapshot).filter(({ subject }) => subject.id === group);
      return { findings, context: responseContext(snapshot) };
    },
    policy: responsePolicy({
      mode: 'enforce',
      rules: [{ finding: 'audit.allow-all', do: [notify('owner'), after('5s', editRules())] }],
    }),
    channels: [channel('owner', async ({ subject }) => say(`told ${subject}`))],
    notices: memoryNotices(),
    state: memoryState(),
    journal: () => memoryJournal(),
    approve: async (plan) => {
      asked.push(plan);
      say('asked');
      return { by: 'the security officer' };
    },
    trail,
    // So that only the events can be in time.
    interval: '1h',
  });
  const troubles: unknown[] = [];
  controller.events.on('trouble', ({ error }) => troubles.push(error));
  controller.events.on('ended', ({ outcome }) => say(`${outcome.status} ${outcome.plan}`));
  watch.events.on('found', controller.wake);
  const running = controller.run({ signal: stop.signal });

  await tenant.network.securityGroupRules.create({
    security_group_id: group,
    direction: 'ingress',
    ethertype: 'IPv4',
  });
  const opened = performance.now();
  const ingress = async (): Promise<unknown[]> =>
    (await tenant.network.securityGroups.get({ id: group })).security_group_rules.filter(
      ({ direction }) => direction === 'ingress',
    );
  await waitUntil(async () => (await ingress()).length === 0, { within: 120_000, what: 'nothing open' });
  await waitUntil(async () => said.filter(({ what }) => what.startsWith('succeeded')).length === 2, {
    within: 60_000,
    what: 'both accounts',
  });
  stop.abort();
  await running;
  for (const { at, what } of said) process.stdout.write(`${Math.round(at - opened)} ms: ${what}\n`);

  expect(troubles).toEqual([]);
  expect(said.map(({ what }) => what.split(' ')[0])).toEqual(['told', 'succeeded', 'asked', 'succeeded']);
  const [told, , question] = said;
  // Not before its time.
  expect((question?.at ?? 0) - (told?.at ?? 0)).toBeGreaterThan(4_900);
  expect(asked).toHaveLength(1);
  const events = await Array.fromAsync(trail.find({ kind: 'groundcrew' }));
  expect(events.map(({ event }) => [event.action, event.target.id, event.who.user_name])).toEqual([
    ['audit.notify', 'owner', 'response-controller'],
    ['audit.edit-rules', group, 'the security officer'],
  ]);
});
