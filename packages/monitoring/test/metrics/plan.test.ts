import { simulateCloud } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { collectMetrics, type CollectorName, metricCollectors, planCalls } from '../../src/metrics.ts';
import { client } from './clouds.ts';

const all = Object.keys(metricCollectors) as CollectorName[];

describe('the plan is what the next round costs', () => {
  test.each([
    ['everything', all],
    ['what is collected if nothing is said', undefined],
    ...all.map((name) => [name, [name]] as const),
  ] as const)('%s', async (_what, collect) => {
    const simulated = simulateCloud({ scenario: 'site' });
    const cloud = client(simulated);
    const last = await collectMetrics(cloud, { collect });
    const plan = planCalls({ collect, last });
    expect(plan.isKnown).toBe(true);
    // The client has a token, and knows its services.
    simulated.requests.clear();
    const next = await collectMetrics(cloud, { collect });
    expect(next.calls).toBe(plan.calls);
    expect(simulated.requests.count()).toBe(plan.calls);
    // One that has neither.
    expect(last.calls).toBeGreaterThan(plan.calls);
    expect(last.calls).toBeLessThanOrEqual(plan.calls + plan.beside);
  });

  test("a member's, who is refused some lists and given others instead", async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    const cloud = client(simulated, { user: 'payments-operator', project: 'payments' });
    const collect = ['servers', 'volumes', 'quotas', 'ports'] as const;
    const last = await collectMetrics(cloud, { collect });
    const { calls } = planCalls({ collect, last });
    expect((await collectMetrics(cloud, { collect })).calls).toBe(calls);
  });

  test('a full page is followed by another one, which may be empty', () => {
    const report = (size: number) => ({
      startedAt: '',
      at: '',
      calls: 0,
      families: [],
      collectors: [
        {
          collector: 'servers',
          completeness: 'complete',
          startedAt: '',
          at: '',
          calls: 0,
          gaps: [],
          sizes: { servers: size, 'compute services': 3 },
        } as const,
      ],
    });
    const pages = (size: number) =>
      planCalls({ collect: ['servers'], last: report(size) }).lists.find(({ list }) => list === 'servers')
        ?.calls;
    expect([0, 1, 999, 1000, 1001, 100_000].map(pages)).toEqual([1, 1, 1, 2, 2, 101]);
  });
});

test('without a last round it is the least, and says so', () => {
  const plan = planCalls({ collect: ['servers', 'quotas'] });
  expect(plan.isKnown).toBe(false);
  expect(plan.lists.map(({ list, calls, collectors }) => [list, calls, collectors])).toEqual([
    ['servers', 1, ['servers']],
    ['compute services', 1, ['servers']],
    ['compute quotas', 0, ['compute-quotas']],
    ['projects', 1, ['compute-quotas', 'volume-quotas', 'network-quotas']],
    ['volume quotas', 0, ['volume-quotas']],
    ['network quotas', 0, ['network-quotas']],
  ]);
});

test('what asks once a thing is collected only where it is named', () => {
  const named = new Set(planCalls().lists.flatMap(({ collectors }) => collectors));
  expect(all.filter((name) => !named.has(name))).toEqual([
    'compute-quotas',
    'volume-quotas',
    'network-quotas',
    'placement',
  ]);
});

test('it takes no option that it does not know', () => {
  expect(() => planCalls({ colect: [] } as object)).toThrow(/colect/);
});
