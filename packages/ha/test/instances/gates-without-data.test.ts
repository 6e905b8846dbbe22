import { describe, expect, test } from 'vitest';
import { aggregateBudget } from '../../src/instances/gates/aggregate-budget.ts';
import { anythingToMove } from '../../src/instances/gates/anything-to-move.ts';
import { dataSource } from '../../src/instances/gates/data-source.ts';
import type { Gate } from '../../src/instances/gates/gate.ts';
import { heartbeatCliff } from '../../src/instances/gates/heartbeat-cliff.ts';
import { hostReallyDown } from '../../src/instances/gates/host-really-down.ts';
import { ownView } from '../../src/instances/gates/own-view.ts';
import { schedulerUp } from '../../src/instances/gates/scheduler-up.ts';
import { shareDown } from '../../src/instances/gates/share-down.ts';
import type { CloudView, HostView, Situation } from '../../src/instances/situation.ts';
import { look, siteWithDead } from './situations.ts';

// Each gate by itself: in a whole decision another gate would stop the recovery as well, and hide that this one does not.

const DEAD = 'compute-3';
const site = (cloud: Partial<CloudView> = {}, policy = {}): Situation => {
  const whole = siteWithDead(8, [DEAD], policy);
  return { ...whole, cloud: { ...whole.cloud, ...cloud } };
};
const hostsWith = (differs: Partial<HostView>, host = DEAD): readonly HostView[] | undefined =>
  site().cloud.hosts?.map((view) => (view.host === host ? { ...view, ...differs } : view));
const answer = (gate: Gate, situation: Situation): string[] =>
  gate.judge(situation, [DEAD]).map(({ result, missing }) => `${result}${missing ? ', without data' : ''}`);

describe('what could not be read closes', () => {
  test.each([
    ['own-view', ownView],
    ['data-source', dataSource],
    ['share-down', shareDown],
  ])('%s, which asks for the list of hosts', (_, gate) => {
    expect(answer(gate, site({ hosts: undefined }))).toEqual(['closed, without data']);
  });

  test('anything-to-move, which asks for the list of servers', () => {
    expect(answer(anythingToMove, site({ servers: undefined }))).toEqual(['closed, without data']);
  });

  test('aggregate-budget, for every host if there is no list, and for one that is not in it', () => {
    const budgets = { aggregateBudgets: { rack: 1 } };
    expect(answer(aggregateBudget, site({ hosts: undefined }, budgets))).toEqual(['closed, without data']);
    const others = site().cloud.hosts?.filter(({ host }) => host !== DEAD);
    expect(answer(aggregateBudget, site({ hosts: others }, budgets))).toEqual(['closed, without data']);
    expect(answer(aggregateBudget, site({}, budgets))).toEqual(['open']);
  });

  test('scheduler-up stays open: that the question failed says nothing about schedulers', () => {
    expect(answer(schedulerUp, site({ schedulers: undefined }))).toEqual(['open, without data']);
    expect(answer(schedulerUp, site({ schedulers: [] }))).toEqual(['closed']);
  });
});

describe('host-really-down', () => {
  test('a host that nobody looked at lately may be alive', () => {
    const old = [look(DEAD, 'nova-service', 'down', 31), look(DEAD, 'power', 'down', 31)];
    expect(answer(hostReallyDown, { ...site(), observations: old })).toEqual(['closed, without data']);
    expect(answer(hostReallyDown, { ...site(), observations: [] })).toEqual(['closed, without data']);
  });

  test('an old sign of life is none', () => {
    const observations = [look(DEAD, 'ping', 'up', 31), look(DEAD, 'nova-service', 'down', 0)];
    expect(answer(hostReallyDown, { ...site(), observations })).toEqual(['open']);
  });

  test("Nova's own word that it is up spares it, unless it was forced down", () => {
    expect(answer(hostReallyDown, site({ hosts: hostsWith({ up: true }) }))).toEqual(['closed']);
    expect(answer(hostReallyDown, site({ hosts: hostsWith({ up: true, forcedDown: true }) }))).toEqual([
      'open',
    ]);
  });
});

describe('data-source', () => {
  const stale = (count: number): readonly HostView[] =>
    (site().cloud.hosts ?? []).slice(0, count).map((view) => ({ ...view, up: false }));

  test('two silent services are no broken bus, three are', () => {
    expect(answer(dataSource, site({ hosts: stale(2) }))).toEqual(['open']);
    expect(answer(dataSource, site({ hosts: stale(3) }))).toEqual(['closed']);
  });

  test('a service that was forced down, or is disabled, is not asked whether the bus works', () => {
    const [first, ...others] = stale(4);
    const up = { ...first, up: true } as HostView;
    expect(answer(dataSource, site({ hosts: [{ ...up, forcedDown: true }, ...others] }))).toEqual(['closed']);
    expect(answer(dataSource, site({ hosts: [{ ...up, enabled: false }, ...others] }))).toEqual(['closed']);
    expect(answer(dataSource, site({ hosts: [up, ...others] }))).toEqual(['open']);
  });
});

test('anything-to-move: a host that is taken out of protection keeps its power, whatever is on it', () => {
  expect(answer(anythingToMove, site({ hosts: hostsWith({ protected: false }) }))).toEqual(['closed']);
  expect(answer(anythingToMove, site())).toEqual(['open']);
});

describe('heartbeat-cliff', () => {
  const hosts = ['compute-1', 'compute-2', 'compute-3', 'compute-4'];
  const fell = (to: 'down' | 'unknown', before: readonly string[], policy = {}): Situation => ({
    ...site({}, policy),
    observations: hosts.map((host) => look(host, 'power', to, 0)),
    history: { observations: before.map((host) => look(host, 'power', 'up', 10)), recoveries: [] },
  });

  test('to see nothing any more is to lose hosts, too', () => {
    expect(answer(heartbeatCliff, fell('unknown', hosts))).toEqual(['closed']);
    expect(answer(heartbeatCliff, fell('down', hosts))).toEqual(['closed']);
  });

  test('fewer than three that were seen alive say nothing about a share', () => {
    expect(answer(heartbeatCliff, fell('down', hosts.slice(0, 2)))).toEqual(['open, without data']);
  });
});
