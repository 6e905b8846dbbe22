import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposeFamilies, type ExposedFamily } from '../../src/exporter/exposed-families.ts';
import { metric } from '../../src/metrics/metric.ts';
import { family, restarts, samples, servers, uptime } from './rounds.ts';

const seriesOf = (shown: ExposedFamily | undefined): readonly (readonly [number, ...string[]])[] =>
  shown?.values.map((value, index) => [value, ...(shown.labels[index] ?? [])] as const) ?? [];

describe('the same series twice', () => {
  test('with one value is one series', () => {
    const { families, omissions } = exposeFamilies(
      [family(servers, samples([1, 'web', 'ACTIVE'], [1, 'web', 'ACTIVE'], [2, 'web', 'ERROR']))],
      10,
    );
    expect(seriesOf(families.get('shop_servers'))).toEqual([
      [1, 'web', 'ACTIVE'],
      [2, 'web', 'ERROR'],
    ]);
    expect(omissions).toEqual([]);
  });

  test('with two values is a contradiction: neither is shown, and it is counted', () => {
    const given = samples(
      [1, 'web', 'ACTIVE'],
      [2, 'web', 'ACTIVE'],
      [1, 'web', 'ACTIVE'],
      [3, 'db', 'ACTIVE'],
    );
    const { families, omissions } = exposeFamilies([family(servers, given)], 10);
    expect(seriesOf(families.get('shop_servers'))).toEqual([[3, 'db', 'ACTIVE']]);
    expect(omissions).toEqual([{ metric: 'shop_servers', collector: 'servers', why: 'conflict', series: 1 }]);
  });

  test('is seen across the families of one metric, and where an id is there twice', () => {
    const two = [
      family(uptime, samples([1, 'a', 'x'])),
      family(uptime, samples([1, 'a', 'x'], [2, 'a', 'y']), 'others'),
    ];
    expect(seriesOf(exposeFamilies(two, 10).families.get('shop_uptime_seconds'))).toEqual([
      [1, 'a', 'x'],
      [2, 'a', 'y'],
    ]);
  });

  test('is seen where two names differ in what cannot be shown only', () => {
    const { families } = exposeFamilies(
      [family(uptime, samples([1, '\uD800', ''], [1, String.raw`\ud800`, '']))],
      10,
    );
    expect(seriesOf(families.get('shop_uptime_seconds'))).toEqual([[1, '\uD800', '']]);
  });

  test('does not take labels for the same whose texts are the same when they stand together', () => {
    const { families } = exposeFamilies([family(servers, samples([1, 'a', 'bc'], [2, 'ab', 'c']))], 10);
    expect(families.get('shop_servers')?.values).toEqual([1, 2]);
  });
});

test('what is no series is left out and counted: no number, a label too few', () => {
  const odd = [...samples([Number.NaN, 'web', 'ACTIVE'], [1, 'web'], [1, 'db', 'ACTIVE'])];
  const { families, omissions } = exposeFamilies([family(servers, odd)], 10);
  expect(seriesOf(families.get('shop_servers'))).toEqual([[1, 'db', 'ACTIVE']]);
  expect(omissions).toMatchObject([{ why: 'malformed', series: 2 }]);
});

test('a family without a series is not there', () => {
  expect([...exposeFamilies([family(servers, [])], 10).families]).toEqual([]);
});

test('a name that is taken, or means another metric, is refused', () => {
  const other = metric({ name: 'shop_servers', help: 'x', labels: ['zone'] });
  const { families, omissions } = exposeFamilies(
    [
      family(servers, samples([1, 'web', 'ACTIVE'])),
      family(other, samples([1, 'az']), 'zones'),
      family(restarts, samples([1, 'h'])),
    ],
    10,
    new Set(['shop_restarts_total']),
  );
  expect([...families.keys()]).toEqual(['shop_servers']);
  expect(omissions).toEqual([
    { metric: 'shop_servers', collector: 'zones', why: 'declaration', series: 1 },
    { metric: 'shop_restarts_total', collector: 'servers', why: 'declaration', series: 1 },
  ]);
});

describe('the cap', () => {
  test('folds the rest into one series with the sum, and is never passed', () => {
    const given = samples([4, 'd', 'x'], [1, 'a', 'x'], [3, 'c', 'x'], [2, 'b', 'x']);
    const { families, omissions } = exposeFamilies([family(servers, given)], 3);
    expect(seriesOf(families.get('shop_servers'))).toEqual([
      [1, 'a', 'x'],
      [2, 'b', 'x'],
      [7, 'overflow', 'overflow'],
    ]);
    expect(omissions).toEqual([{ metric: 'shop_servers', collector: 'servers', why: 'folded', series: 2 }]);
  });

  test('is not reached by as many as it allows', () => {
    const { families, omissions } = exposeFamilies(
      [family(servers, samples([1, 'a', 'x'], [2, 'b', 'x']))],
      2,
    );
    expect(families.get('shop_servers')?.values).toEqual([1, 2]);
    expect(omissions).toEqual([]);
  });

  test('does not make a series twice where a thing is called overflow', () => {
    const given = samples([5, 'overflow', 'overflow'], [1, 'a', 'x'], [2, 'z', 'x']);
    expect(seriesOf(exposeFamilies([family(servers, given)], 2).families.get('shop_servers'))).toEqual([
      [1, 'a', 'x'],
      [7, 'overflow', 'overflow'],
    ]);
  });

  test('of 100,000 ids shows 10,000 series, and nothing of the sum is lost', () => {
    const given = Array.from({ length: 100_000 }, (_, index) => ({
      labels: [`id-${index}`, `web-${index}`],
      value: 1,
    }));
    const { families, omissions } = exposeFamilies([family(uptime, given)], 10_000);
    const values = families.get('shop_uptime_seconds')?.values ?? [];
    expect(values).toHaveLength(10_000);
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(100_000);
    expect(omissions).toMatchObject([{ why: 'folded', series: 90_001 }]);
  });

  test('keeps the same series whatever the order in which they came, and loses one at most to a new one', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 10 }), (all, cap) => {
        const shown = (some: readonly string[]): string[] =>
          seriesOf(
            exposeFamilies(
              [
                family(
                  servers,
                  some.map((name) => ({ labels: [name, 's'], value: 1 })),
                ),
              ],
              cap,
            ).families.get('shop_servers'),
          )
            .map(([, name = '']) => name)
            .toSorted();
        expect(shown(all.toReversed())).toEqual(shown(all));
        const before = shown(all.slice(1));
        const lost = before.filter((name) => !shown(all).includes(name));
        expect(lost.length).toBeLessThanOrEqual(all.length - 1 <= cap && all.length > cap ? 2 : 1);
      }),
    );
  });
});
