import { InputError } from '@groundcrew/ground';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterSli, type CounterSample, defineSlo, gaugeSli, probeSli } from '../../src/slo.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A minute's probe for hours; which of them fail is told by the number of minutes since the beginning. */
const probed = (hours: number, fails: (minute: number) => boolean, from = 0) =>
  Array.from({ length: hours * 60 }, (_, minute) => ({
    at: from + minute * MINUTE,
    duration: 20,
    ok: !fails(minute),
  }));

const boot = defineSlo({ name: 'boot', target: 0.995, sli: probeSli({ interval: '1m' }) });

describe('a probe', () => {
  test('nothing seen: no budget, no burn rate, and an alert that nobody measures', () => {
    const result = boot.evaluate([], { at: DAY });
    expect(result).toMatchObject({ budget: undefined, seen: 0 });
    expect(Object.values(result.burn)).toEqual(Array.from({ length: 8 }, () => undefined));
    expect(result.alerts).toMatchObject([
      { name: 'SloNotMeasured', window: '1h', value: 0, severity: 'ticket' },
    ]);
    expect(result.unknown).toContain('burn over 1h: nothing was seen');
  });

  test('all good: the whole budget, and how little of the window that rests on', () => {
    const result = boot.evaluate(
      probed(72, () => false),
      { at: 72 * HOUR - 1 },
    );
    expect(result).toMatchObject({ budget: 1, seen: 0.1, alerts: [] });
    expect(result.burn['3d']).toBe(0);
  });

  test('missing samples are neither good nor bad: the ratio is that of the others', () => {
    const all = probed(6, (minute) => minute % 10 === 0);
    const half = all.filter((_, index) => index % 20 < 10);
    const at = 6 * HOUR - 1;
    expect(boot.evaluate(half, { at }).burn['6h']).toBe(boot.evaluate(all, { at }).burn['6h']);
    expect(boot.evaluate(half, { at }).seenOf['6h']).toBe(0.5);
    expect(boot.evaluate(all, { at }).seenOf['6h']).toBe(1);
  });

  test('more failed than may: the budget is below 0', () => {
    const result = boot.evaluate(
      probed(24, (minute) => minute % 100 === 0),
      { at: DAY - 1 },
    );
    // 15 of 1,440.
    expect(result.burn['30d']).toBeCloseTo(15 / 1440 / 0.005, 12);
    expect(result.budget).toBeCloseTo(1 - 15 / 7.2, 12);
  });

  test('an alert needs both windows: five good minutes end it', () => {
    const outage = (from: number, to: number) => (minute: number) => minute >= from && minute < to;
    const during = boot.evaluate(probed(6, outage(350, 360)), { at: 6 * HOUR - 1 });
    expect(during.alerts).toMatchObject([
      { name: 'SloErrorBudgetBurn', window: '1h', severity: 'page' },
      { window: '1d', severity: 'ticket' },
      { window: '3d', severity: 'ticket' },
    ]);
    expect(during.alerts[0]).toMatchObject({
      labels: { slo: 'boot', window: '1h', severity: 'page' },
      summary: 'boot: over 1h the error budget burns more than 14.4 times as fast as it lasts',
    });
    const after = boot.evaluate(probed(6, outage(344, 354)), { at: 6 * HOUR - 1 });
    expect(after.burn['1h']).toBe(during.burn['1h']);
    expect(after.alerts.map(({ window }) => window)).not.toContain('1h');
  });

  test('a window ends at its time, and begins behind its left edge', () => {
    const samples = [0, 5, 10].map((minute) => ({ at: minute * MINUTE, duration: 1, ok: minute !== 5 }));
    const burn5m = (at: number) => boot.evaluate(samples, { at }).burn['5m'];
    expect(burn5m(5 * MINUTE)).toBe(200);
    expect(burn5m(10 * MINUTE - 1)).toBe(200);
    expect(burn5m(10 * MINUTE)).toBe(0);
    expect(burn5m(5 * MINUTE - 1)).toBe(0);
    expect(burn5m(-1)).toBeUndefined();
  });

  test('samples of the future are not looked at: a clock that is ahead does not spend the budget', () => {
    const samples = probed(2, (minute) => minute >= 60);
    expect(boot.evaluate(samples, { at: HOUR - 1 })).toMatchObject({ budget: 1 });
  });

  test('order and doubled samples do not matter; of two that differ at a time the first stays, and it is told', () => {
    const samples = probed(6, (minute) => minute % 7 === 0);
    const at = 6 * HOUR - 1;
    const expected = boot.evaluate(samples, { at });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(samples, { minLength: samples.length }),
        fc.subarray(samples),
        (shuffled, twice) => {
          expect(boot.evaluate([...shuffled, ...twice], { at })).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
    const liar = boot.evaluate([...samples, { at: MINUTE, duration: 1, ok: false }], { at });
    expect(liar.burn).toEqual(expected.burn);
    expect(liar.unknown).toContain('1 samples differ from an earlier one of the same time');
  });

  test('a sample without a time is left out, and it is told', () => {
    const result = boot.evaluate([{ at: Number.NaN, duration: 1, ok: false }], { at: DAY });
    expect(result.budget).toBeUndefined();
    expect(result.unknown).toContain('1 samples have no time');
  });
});

describe('counters', () => {
  const api = defineSlo({
    name: 'api',
    target: 0.9,
    sli: counterSli({ interval: '1m', good: 'good_total', total: 'all_total' }),
  });
  const counted = (
    steps: readonly (readonly [good: number, total: number])[],
    series = '',
  ): CounterSample[] => steps.map(([good, total], index) => ({ at: index * MINUTE, good, total, series }));
  const at = 3 * MINUTE;
  const of = (samples: readonly CounterSample[]) => api.evaluate(samples, { at });
  const burn5m = (samples: readonly CounterSample[]) => of(samples).burn['5m'];

  test('the increase counts, not the value', () => {
    const samples = counted([
      [1000, 1000],
      [1009, 1010],
      [1018, 1020],
      [1027, 1030],
    ]);
    expect(burn5m(samples)).toBeCloseTo(1, 12);
  });

  test('a reset is an increase from 0, for each process on its own', () => {
    const reset = counted(
      [
        [1000, 1000],
        [1010, 1010],
        [5, 10],
        [15, 20],
      ],
      'a',
    );
    // 10, 5 and 10 good ones of 30.
    expect(burn5m(reset)).toBeCloseTo(5 / 30 / 0.1, 12);
    const other = counted(
      [
        [2000, 2000],
        [2010, 2010],
        [2020, 2020],
        [2030, 2030],
      ],
      'b',
    );
    expect(burn5m([...reset, ...other])).toBeCloseTo(5 / 60 / 0.1, 12);
    // Two processes under one name would be resets all the time.
    expect(burn5m([...reset, ...other.map((sample) => ({ ...sample, series: 'a' }))])).toBe(burn5m(reset));
  });

  test.each([
    [
      'no event',
      [
        [7, 7],
        [7, 7],
      ],
      'no event was counted',
    ],
    ['a single scrape', [[7, 7]], 'a single value of a counter says nothing about an increase'],
    [
      'NaN',
      [
        [7, 7],
        [8, Number.NaN],
        [9, 9],
      ],
      'a value is none that a counter has',
    ],
    [
      'NaN of the good ones',
      [
        [7, 7],
        [Number.NaN, 8],
        [9, 9],
      ],
      'a value is none that a counter has',
    ],
    [
      'a negative one',
      [
        [-1, 7],
        [8, 8],
      ],
      'a value is none that a counter has',
    ],
    [
      'an infinite one',
      [
        [7, 7],
        [8, Infinity],
      ],
      'a value is none that a counter has',
    ],
  ] satisfies [string, [number, number][], string][])('%s: not known, and why', (_, steps, because) => {
    const result = of(counted(steps));
    expect(result.burn['5m']).toBeUndefined();
    expect(result.budget).toBeUndefined();
    expect(result.unknown).toContain(`burn over 5m: ${because}`);
  });

  test('more good ones than events, as of two scrapes at different moments, is no error and no credit', () => {
    expect(
      burn5m(
        counted([
          [0, 0],
          [10, 8],
        ]),
      ),
    ).toBe(0);
  });
});

describe('a gauge', () => {
  const ratio = defineSlo({ name: 'ratio', target: 0.5, sli: gaugeSli({ interval: '1m' }) });
  const valued = (...values: number[]) => values.map((value, index) => ({ at: index * MINUTE, value }));
  const burn5m = (...values: number[]) => ratio.evaluate(valued(...values), { at: 3 * MINUTE }).burn['5m'];

  test('the mean', () => expect(burn5m(1, 0.5, 0.75)).toBe(0.5));

  test.each([Number.NaN, -1, 1.01, Infinity])(
    '%s is no part: the windows that hold it are not known',
    (value) => {
      expect(burn5m(1, value, 1)).toBeUndefined();
      const later = ratio.evaluate([...valued(1, value, 1), { at: 10 * MINUTE, value: 1 }], {
        at: 10 * MINUTE,
      });
      expect(later.burn).toMatchObject({ '5m': 0, '30m': undefined });
      expect(later.unknown).toContain('burn over 30m: 1 of 4 values are not between 0 and 1');
    },
  );
});

describe('what is refused', () => {
  const sli = probeSli({ interval: '1m' });
  const refusal = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      if (error instanceof InputError) return error.field;
      throw error;
    }
    return 'taken';
  };

  test.each([
    '',
    'two\nlines',
    'a\ttab',
    'a\u2028line',
    'a\u0085line',
    'half \ud800',
    '\ufeffmark',
    'x'.repeat(201),
  ])('the name %j', (name) => expect(refusal(() => defineSlo({ name, target: 0.9, sli }))).toBe('name'));
  test.each([0, 1, -0.1, 99.5, Number.NaN])('the target %d', (target) =>
    expect(refusal(() => defineSlo({ name: 'x', target, sli }))).toBe('target'),
  );
  test.each(['1h', '400d', 86_400_001, 0] as const)('the window %s', (window) =>
    expect(refusal(() => defineSlo({ name: 'x', target: 0.9, window, sli }))).toBe('window'),
  );
  test.each([
    { window: 'x' },
    { slo: 'x' },
    { severity: 'x' },
    { 'a-b': 'x' },
    { __name__: 'x' },
    { team: 'a\nb' },
  ])('the labels %j', (labels) =>
    expect(refusal(() => defineSlo({ name: 'x', target: 0.9, sli, labels }))).toMatch(/^labels/),
  );
  test.each(['0s', '500ms', '16m'] as const)('the interval %s', (interval) =>
    expect(refusal(() => probeSli({ interval }))).toBe('interval'),
  );
  test.each([
    'rate(x[5m])',
    'x[5m]',
    'x offset 5m',
    'x{a="b"',
    'x{a=b}',
    '{}',
    'x} or vector(1',
    'x{a="\n"}',
    '1',
    'x + y',
    '',
  ])('the selector %j', (selector) =>
    expect(refusal(() => probeSli({ interval: '1m', selector }))).toBe('selector'),
  );
  test.each(['x', 'a:b', 'x{}', 'x{a="b",}', `x{a=~'b|c', d!="\\"}"}`, '{__name__=~"x.*"}'])(
    'not the selector %s',
    (selector) => expect(refusal(() => probeSli({ interval: '1m', selector }))).toBe('taken'),
  );
  test('rules of an indicator that names no series', () =>
    expect(refusal(() => boot.toPrometheusRules())).toBe('selector'));
  test('a selector that looks like one for a long time is refused at once', () => {
    const selector = `x{${'a = "b" , '.repeat(190)}`;
    expect(refusal(() => probeSli({ interval: '1m', selector }))).toBe('selector');
  });
});

describe('windows', () => {
  const alertsFor = (window: '7d' | '28d' | '30d' | '90d', interval: '30s' | '10m' = '30s') =>
    defineSlo({ name: 'x', target: 0.9, window, sli: probeSli({ interval }) }).burnRateAlerts.map(
      ({ factor, longMs, shortMs }) => [factor, longMs / HOUR, shortMs / MINUTE],
    );

  test("30 days are the Site Reliability Workbook's", () =>
    expect(alertsFor('30d')).toEqual([
      [14.4, 1, 5],
      [6, 6, 30],
      [3, 24, 120],
      [1, 72, 360],
    ]));
  test('another window: the same part of the budget, and never a burn that the budget outlasts', () => {
    expect(alertsFor('90d').map(([factor]) => factor)).toEqual([43.2, 18, 9, 3]);
    expect(alertsFor('28d').map(([factor]) => factor)).toEqual([13.44, 5.6, 2.8, 1]);
    expect(alertsFor('7d').map(([factor]) => factor)).toEqual([3.36, 1.4, 1, 1]);
  });
  test('a slow probe: four samples in a short window at least', () =>
    expect(alertsFor('30d', '10m').map(([, , short]) => short)).toEqual([40, 40, 120, 360]));
});
