import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointsToKeep, type RetentionPoint, type RetentionRules } from '../../src/backup.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const HOUR = 3_600_000;
const point = (
  id: string,
  at: string,
  completeness: 'complete' | 'partial' = 'complete',
): RetentionPoint => ({
  id,
  at,
  completeness,
});
const kept = (points: readonly RetentionPoint[], rules: RetentionRules): Record<string, readonly string[]> =>
  Object.fromEntries(pointsToKeep(points, rules, NOW));

test('the newest of each day, of days that have one', () => {
  const points = [
    point('a', '2026-11-30T08:00:00Z'),
    point('b', '2026-11-30T01:00:00Z'),
    point('c', '2026-11-28T23:59:59Z'),
    point('d', '2026-11-20T10:00:00Z'),
  ];
  expect(kept(points, { daily: 2 })).toEqual({ a: ['daily', 'newest-complete'], c: ['daily'] });
  expect(Object.keys(kept(points, { daily: 3 }))).toEqual(['a', 'c', 'd']);
});

test('days are of UTC, whatever zone a point names; weeks begin on Mondays', () => {
  // Both are of Sunday the 29th in UTC; Monday the 30th is another week.
  const points = [
    point('monday', '2026-11-30T00:00:00Z'),
    point('berlin', '2026-11-30T00:30:00+01:00'),
    point('sunday', '2026-11-29T10:00:00Z'),
    point('week before', '2026-11-22T10:00:00Z'),
  ];
  expect(Object.keys(kept(points, { daily: 5 }))).toEqual(['monday', 'berlin', 'week before']);
  expect(Object.keys(kept(points, { weekly: 5 }))).toEqual(['monday', 'berlin', 'week before']);
  expect(Object.keys(kept(points, { monthly: 5 }))).toEqual(['monday']);
});

test('a clock that was a day ahead pushes nothing out', () => {
  const points = [
    point('wrong', '2026-12-01T12:00:00Z'),
    point('right', '2026-11-30T08:00:00Z'),
    point('older', '2026-11-29T08:00:00Z'),
  ];
  expect(kept(points, { last: 1 })).toEqual({ wrong: ['future'], right: ['last', 'newest-complete'] });
});

test('partial points never push out the newest complete one', () => {
  const points = [
    point('p2', '2026-11-30T08:00:00Z', 'partial'),
    point('p1', '2026-11-29T08:00:00Z', 'partial'),
    point('whole', '2026-11-01T08:00:00Z'),
  ];
  expect(kept(points, { last: 1 })).toEqual({ p2: ['last'], whole: ['newest-complete'] });
});

test('rules that keep nothing, and rules that there are not, are refused', () => {
  for (const rules of [{}, { last: 0 }, { daily: 0, yearly: 0 }])
    expect(() => pointsToKeep([], rules, NOW)).toThrow(
      expect.objectContaining({ code: 'input', field: 'keep' }),
    );
  expect(() => pointsToKeep([], { dayly: 7 } as never, NOW)).toThrow(
    expect.objectContaining({ field: 'dayly' }),
  );
  expect(() => pointsToKeep([], { daily: 1.5 }, NOW)).toThrow(expect.objectContaining({ field: 'daily' }));
});

const somePoints = fc
  .array(
    fc.record({
      hours: fc.integer({ min: -30, max: 24 * 800 }),
      completeness: fc.constantFrom('complete' as const, 'partial' as const),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.map(({ hours, completeness }, index) =>
      point(`p${index}`, new Date(NOW - hours * HOUR).toISOString(), completeness),
    ),
  );
const someRules = fc
  .record(
    {
      last: fc.nat(5),
      hourly: fc.nat(5),
      daily: fc.nat(5),
      weekly: fc.nat(5),
      monthly: fc.nat(5),
      yearly: fc.nat(5),
    },
    { requiredKeys: [] },
  )
  .filter((rules) => Object.values(rules).some((wanted) => (wanted ?? 0) > 0));

test('laws: of any points and rules', () => {
  fc.assert(
    fc.property(somePoints, someRules, (points, rules) => {
      const keep = pointsToKeep(points, rules, NOW);
      const ids = new Set(keep.keys());
      // The order in which points are told does not matter.
      expect([...pointsToKeep(points.toReversed(), rules, NOW).keys()].toSorted()).toEqual(
        [...ids].toSorted(),
      );
      // Who has removed what may go removes nothing more.
      const left = points.filter(({ id }) => ids.has(id));
      expect(new Set(pointsToKeep(left, rules, NOW).keys())).toEqual(ids);
      // More generous rules keep no less.
      const more = Object.fromEntries(Object.entries(rules).map(([rule, wanted]) => [rule, wanted + 1]));
      const generous = pointsToKeep(points, more, NOW);
      expect([...ids].filter((id) => !generous.has(id))).toEqual([]);
      // Each rule keeps no more than it says.
      for (const [rule, wanted] of Object.entries(rules))
        expect(
          [...keep.values()].filter((because) => because.includes(rule as 'last')).length,
        ).toBeLessThanOrEqual(wanted);
      // If there is any point, one is kept.
      expect(ids.size > 0).toBe(points.length > 0);
    }),
  );
});
