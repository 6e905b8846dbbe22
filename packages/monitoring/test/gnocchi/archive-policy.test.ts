import { expect, test } from 'vitest';
import { UnsupportedAggregationError } from '../../src/gnocchi.ts';
import { ArchivePolicySchema, requireMethod, resolutionOf } from '../../src/gnocchi/archive-policy.ts';

// As the lab's Gnocchi 4.4.2 writes it.
const medium = ArchivePolicySchema.parse({
  name: 'medium',
  back_window: 0,
  definition: [
    { timespan: '365 days, 0:00:00', granularity: '1:00:00', points: 8760 },
    { timespan: '7 days, 0:00:00', granularity: '0:01:00', points: 10_080 },
  ],
  aggregation_methods: ['std', 'count', 'min', 'max', 'sum', 'mean'],
});
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('an archive policy is read, the finest resolution first', () => {
  expect(medium).toEqual({
    name: 'medium',
    aggregationMethods: ['count', 'max', 'mean', 'min', 'std', 'sum'],
    resolutions: [
      { granularityMs: 60_000, points: 10_080, timespanMs: 7 * DAY },
      { granularityMs: HOUR, points: 8760, timespanMs: 365 * DAY },
    ],
  });
});

test.each([
  ['0:00:00.500000', 500],
  ['0:05:00', 300_000],
  ['1 day, 0:00:00', DAY],
  [300, 300_000],
])('a span of %j', (granularity, ms) => {
  const { resolutions } = ArchivePolicySchema.parse({
    name: 'x',
    aggregation_methods: [],
    definition: [{ granularity, points: null, timespan: null }],
  });
  expect(resolutions).toEqual([{ granularityMs: ms, points: undefined, timespanMs: undefined }]);
});

test.each(['', '5m', '0:05', '-1 day, 23:00:00', null, {}])('%j is no span', (granularity) => {
  const parsed = ArchivePolicySchema.safeParse({
    name: 'x',
    aggregation_methods: [],
    definition: [{ granularity }],
  });
  expect(parsed.success).toBe(false);
});

test.each([
  [HOUR, 60_000],
  [7 * DAY, 60_000],
  [8 * DAY, HOUR],
  // Nothing reaches back so far: what reaches furthest is taken.
  [900 * DAY, HOUR],
])('of the last %i ms the resolution of %i', (reach, ms) => {
  expect(resolutionOf(medium, undefined, reach).granularityMs).toBe(ms);
});

const refusalOf = (refused: () => unknown): UnsupportedAggregationError => {
  try {
    refused();
  } catch (error) {
    if (error instanceof UnsupportedAggregationError) return error;
  }
  throw new Error('was not refused');
};

test('what it does not keep is refused with what it keeps', () => {
  expect(refusalOf(() => requireMethod(medium, 'rate:mean'))).toMatchObject({
    code: 'unsupported-aggregation',
    what: 'method',
    asked: 'rate:mean',
    by: 'archive policy medium',
    available: ['count', 'max', 'mean', 'min', 'std', 'sum'],
    message: 'archive policy medium has no method rate:mean; it has count, max, mean, min, std, sum',
  });
  expect(refusalOf(() => resolutionOf(medium, '5m', 0))).toMatchObject({
    what: 'granularity',
    asked: '300s',
    available: ['60s', '3600s'],
  });
  const empty = ArchivePolicySchema.parse({ name: 'x', aggregation_methods: [], definition: [] });
  expect(refusalOf(() => resolutionOf(empty, undefined, 0)).message).toBe(
    'archive policy x has no granularity at all; it has none',
  );
});
