import { describe, expect, test } from 'vitest';
import { downOrRecovering } from '../../src/instances/down-or-recovering.ts';
import { shareDown } from '../../src/instances/gates/share-down.ts';
import type { HaHistory, PastRecovery } from '../../src/instances/history.ts';
import { reconcile } from '../../src/instances/reconcile.ts';
import type { HostView, Situation } from '../../src/instances/situation.ts';
import { hostView, look, NOW, siteWithDead } from './situations.ts';

// What counts as down when too much of a cloud is down to be a matter of single hosts: each way of being away by itself.

const past = (host: string, state: PastRecovery['state']): PastRecovery => ({
  host,
  state,
  startedAt: NOW - 60_000,
});
/** Eight hosts, all well but for what is said. */
const site = (
  differs: Readonly<Record<string, Partial<HostView>>>,
  history?: Partial<HaHistory>,
): Situation => {
  const whole = siteWithDead(8, []);
  return {
    ...whole,
    cloud: {
      ...whole.cloud,
      hosts: whole.cloud.hosts?.map((view) => hostView(view.host, differs[view.host])),
    },
    history: { ...whole.history, ...history },
  };
};
const away = (situation: Situation, candidates: readonly string[] = []): string[] =>
  [...downOrRecovering(situation, candidates)].toSorted();

describe('away is', () => {
  test('a host that Nova counts as down; not one that an administrator disabled', () => {
    expect(away(site({ 'compute-1': { up: false } }))).toEqual(['compute-1']);
    expect(away(site({ 'compute-1': { up: false, enabled: false, disabledReason: 'new disks' } }))).toEqual(
      [],
    );
  });

  test('a host that we disabled ourselves: after a restart without a history nobody else remembers it', () => {
    const disabledReason = 'groundcrew: evacuated (run-1)';
    expect(away(site({ 'compute-1': { up: false, enabled: false, disabledReason } }))).toEqual(['compute-1']);
  });

  test('a host in a cell that does not respond, though its row does not say that it is enabled', () => {
    const unknown = 'its cell does not respond';
    expect(away(site({ 'compute-1': { up: false, enabled: false, unknown } }))).toEqual(['compute-1']);
  });

  test.each(['running', 'recovered', 'half-done'] as const)('a host whose recovery is %s', (state) => {
    expect(away(site({}, { recoveries: [past('compute-1', state)] }))).toEqual(['compute-1']);
  });

  test.each(['returned', 'failed', 'undone'] as const)('not one whose recovery is %s', (state) => {
    expect(away(site({}, { recoveries: [past('compute-1', state)] }))).toEqual([]);
  });

  test('a host that is about to be recovered', () => {
    expect(away(site({}), ['compute-1'])).toEqual(['compute-1']);
  });

  test.each(['running', 'recovered', 'half-done'] as const)('and one that is %s is no orphan', (state) => {
    const marked = { up: false, enabled: false, disabledReason: 'groundcrew: evacuating (run-1)' };
    const { cloud, policy, history } = site(
      { 'compute-1': marked },
      { recoveries: [past('compute-1', state)] },
    );
    expect(reconcile(cloud, history, policy)).toEqual([]);
    expect(reconcile(cloud, { observations: [], recoveries: [] }, policy)).toMatchObject([
      { id: 'ha.orphan' },
    ]);
  });
});

describe('a list that was cut short makes no cloud smaller', () => {
  /** Of eight hosts only the first six are in the list. */
  const cut = (more: Partial<Situation>): Situation => {
    const whole = siteWithDead(6, []);
    return { ...whole, ...more, cloud: { ...whole.cloud, ...more.cloud } };
  };
  const words = (situation: Situation, candidates: readonly string[] = ['compute-1']): string =>
    shareDown.judge(situation, candidates)[0]?.reason ?? '';

  test('a host that was looked at a moment ago counts, and counts as down', () => {
    const observations = [look('compute-7', 'power', 'up'), look('compute-8', 'power', 'down')];
    expect(words(cut({ observations }))).toBe(
      '3 of 8 hosts are down or recovered and not back, 2 of them missing from the list',
    );
  });

  test('one that was seen in an earlier round counts as well', () => {
    const history = { observations: [look('compute-7', 'power', 'up', 60)], recoveries: [] };
    expect(words(cut({ history }))).toContain('2 of 7 hosts');
  });

  test('one that nobody saw, up or down, does not', () => {
    expect(words(cut({ observations: [look('compute-7', 'power', 'unknown')] }))).toContain('1 of 6 hosts');
  });

  test('one that was looked at longer ago than the flap window does not', () => {
    const history = { observations: [look('compute-7', 'power', 'up', 86_401)], recoveries: [] };
    expect(words(cut({ history }))).toContain('1 of 6 hosts');
  });

  test('so that recoveries stop which the shorter list would allow', () => {
    const observations = ['compute-7', 'compute-8', 'compute-9'].map((host) => look(host, 'power', 'up'));
    const two = ['compute-1', 'compute-2'];
    expect(shareDown.judge(cut({ observations }), two)).toMatchObject([{ result: 'closed' }]);
    expect(shareDown.judge(cut({ observations: [] }), two)).toMatchObject([{ result: 'open' }]);
  });
});
