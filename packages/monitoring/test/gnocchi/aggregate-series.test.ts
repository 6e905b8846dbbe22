import { describe, expect, test } from 'vitest';
import { perSecond } from '../../src/gnocchi.ts';
import { readSeries } from '../../src/gnocchi/aggregate-series.ts';

const MINUTE = 60_000;
const T = Date.parse('2026-11-30T10:00:00Z');
type Told = [time: string, seconds: number, value: number | null];
/** Points of spans of a minute, so many minutes after ten. */
const points = (...minutes: number[]): Told[] => minutes.map((minute) => [timeOf(minute), 60, minute]);
const timeOf = (minute: number): string => new Date(T + minute * MINUTE).toISOString();
const read = (told: Told[], toMinute: number, more: { intervalMs?: number; granularityMs?: number } = {}) => {
  const [first] = readSeries(told, {
    from: T,
    to: T + toMinute * MINUTE,
    granularityMs: MINUTE,
    ...more,
  });
  if (first === undefined) throw new Error('no series');
  return { ...first.series, odd: first.odd };
};

describe('freshness', () => {
  // The newest span is that of 10:03, and ends at 10:04.
  test.each([
    ['while its span lasts', 3.5, false],
    ['after one interval', 5, false],
    ['just before three intervals have passed', 6.999, false],
    ['when three intervals have passed', 7, true],
    ['a day later', 1440, true],
  ])('%s', (_, minute, isStale) => {
    const series = read(points(0, 1, 2, 3), minute);
    expect(series).toMatchObject({ isStale, intervalMs: MINUTE, newestAt: '2026-11-30T10:04:00.000Z' });
    expect(series.latest).toEqual(isStale ? undefined : { at: T + 3 * MINUTE, value: 3 });
  });

  test('what is measured every five minutes is not stale in spans of one', () => {
    const polled = points(0, 5, 10, 15);
    expect(read(polled, 25)).toMatchObject({ intervalMs: 5 * MINUTE, isStale: false });
    expect(read(polled, 31)).toMatchObject({ isStale: true });
  });

  test('two points a week apart are no interval of a week', () => {
    const rare = points(0, 10_080);
    expect(read(rare, 10_085)).toMatchObject({ intervalMs: MINUTE, isStale: true, latest: undefined });
  });

  test('one gap among many points is not usual', () => {
    expect(read(points(0, 1, 2, 62, 63, 64), 68)).toMatchObject({ intervalMs: MINUTE, isStale: true });
  });

  test('an interval that is known better is taken', () => {
    expect(read(points(0, 1, 2, 3), 12, { intervalMs: 5 * MINUTE }).isStale).toBe(false);
    // Nothing comes more often than the spans.
    expect(read(points(0, 1, 2, 3), 5, { intervalMs: 1 }).isStale).toBe(false);
  });

  test('a series without points has stopped', () => {
    expect(read([], 60)).toMatchObject({ points: [], isStale: true, latest: undefined, newestAt: undefined });
  });

  test('points of a clock that is ahead do not keep a dead series fresh', () => {
    const series = read([...points(0, 1, 2), ...points(500)], 60);
    expect(series).toMatchObject({ isStale: true, newestAt: '2026-11-30T10:03:00.000Z' });
    expect(series.odd).toEqual(['1 points are of another time than was asked for']);
  });
});

describe('answers that are not in order', () => {
  test('points are sorted, and equal ones are one', () => {
    const series = read([...points(2, 0, 1), ...points(1)], 4);
    expect(series.points.map(({ value }) => value)).toEqual([0, 1, 2]);
    expect(series.odd).toEqual([]);
  });

  test('a point that came with two values is none', () => {
    const time = timeOf(1);
    const series = read([...points(0, 1), [time, 60, 77]], 4);
    expect(series.points.map(({ value }) => value)).toEqual([0]);
    expect(series.odd).toEqual(['1 points came twice, with two values']);
  });

  test('points of other spans are left out, and said to be', () => {
    const time = timeOf(0);
    const series = read([...points(0, 1), [time, 300, 5]], 4);
    expect(series.points).toHaveLength(2);
    expect(series.odd).toEqual(['1 points are of spans that were not asked for']);
  });

  test('a span that began before the time that was asked for, and lasts into it, belongs to it', () => {
    const [series] = readSeries(points(0, 1), {
      from: T + 30_000,
      to: T + 2 * MINUTE,
      granularityMs: MINUTE,
    });
    expect(series?.series.points).toHaveLength(2);
    expect(series?.odd).toEqual([]);
  });

  test('a point without a value is none', () => {
    const time = timeOf(1);
    expect(read([...points(0), [time, 60, null]], 2).points).toHaveLength(1);
  });

  test('of more points than anybody reads the newest are kept, and the rest is said to be cut', () => {
    const many = Array.from({ length: 100_002 }, (_, second): Told => [
      new Date(T + second * 1000).toISOString(),
      1,
      second,
    ]);
    const [cut] = readSeries(many, { from: T, to: T + 200_000_000, granularityMs: 1000 });
    expect(cut?.series.points).toHaveLength(100_000);
    expect(cut?.series.points[0]?.value).toBe(2);
    expect(cut?.odd).toEqual(['100002 points came; the oldest 2 are left out']);
  });

  test('without a span that was asked for there is a series for each', () => {
    const time = timeOf(0);
    const found = readSeries([...points(0, 1), [time, 300, 5]], { from: T, to: T + 5 * MINUTE });
    expect(found.map(({ series }) => [series.granularityMs, series.points.length])).toEqual([
      [60_000, 2],
      [300_000, 1],
    ]);
  });
});

// gnocchixyz/gnocchi issue 1079: CPU time in nanoseconds of a server that was stopped and started; its own rate:mean was negative.
test('a counter that began anew has no rate there, and no negative one', () => {
  const cpu = [301_230_000_000, 302_260_000_000, 303_270_000_000, 31_800_000_000].map((value, index) => ({
    at: Date.parse('2020-11-02T13:45:00Z') + index * 300_000,
    value,
  }));
  expect(perSecond(cpu)).toEqual([
    { at: Date.parse('2020-11-02T13:50:00Z'), value: 1_030_000_000 / 300 },
    { at: Date.parse('2020-11-02T13:55:00Z'), value: 1_010_000_000 / 300 },
  ]);
});

test('a rate is per second whatever lies between two points', () => {
  const at = (minute: number, value: number) => ({ at: T + minute * MINUTE, value });
  expect(perSecond([at(0, 0), at(1, 60), at(6, 360)]).map(({ value }) => value)).toEqual([1, 1]);
  expect(perSecond([at(0, 5)])).toEqual([]);
  expect(perSecond([at(0, 5), at(0, 9)])).toEqual([]);
});
