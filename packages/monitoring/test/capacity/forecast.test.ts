import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecast, type UsedPoint } from '../../src/capacity.ts';
import { studentsT } from '../../src/capacity/students-t.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 8, 1);

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Days of a line with noise of which each value keeps a part of the one before. */
function series(days: number, { level = 100, slope = 1, noise = 0, kept = 0, seed = 1 } = {}): UsedPoint[] {
  const next = random(seed);
  let carried = 0;
  return Array.from({ length: days }, (_, day) => {
    carried = kept * carried + Math.sqrt(1 - kept ** 2) * normal(next);
    return { at: START + day * DAY, used: level + slope * day + noise * carried };
  });
}

// Tables: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
test.each([
  [0.9, 2, 2.92],
  [0.95, 5, 2.571],
  [0.9, 10, 1.812],
  [0.99, 30, 2.75],
  [0.95, 100, 1.984],
])('Student’s t of %d with %d degrees of freedom is %d', (probability, freedom, value) => {
  expect(studentsT(probability, freedom)).toBeCloseTo(value, 3);
});

test('a line without noise is full when it is full', () => {
  const { verdict, from, to, perDay } = forecast(series(30), { limit: 150 });
  expect({ verdict, from, to }).toEqual({
    verdict: 'fills',
    from: new Date(START + 50 * DAY).toISOString(),
    to: new Date(START + 50 * DAY).toISOString(),
  });
  expect(perDay?.lower).toBeCloseTo(1, 6);
});

/** Of many series, the part in which the true day lies between the two that are told; an open end holds all behind it. */
function coverage(runs: number, confidence: number, noise: { noise: number; kept: number; days?: number }) {
  const limit = 180;
  const truth = START + 80 * DAY;
  let [inside, told] = [0, 0];
  for (let seed = 1; seed <= runs; seed += 1) {
    const { verdict, from, to } = forecast(series(noise.days ?? 60, { ...noise, seed: seed * 7919 }), {
      limit,
      confidence,
      horizon: '365d',
    });
    if (verdict === 'unknown') continue;
    told += 1;
    const begins = from === undefined ? Infinity : Date.parse(from);
    const ends = to === undefined ? Infinity : Date.parse(to);
    if (begins <= truth && truth <= ends) inside += 1;
  }
  return { told, share: inside / told };
}

test.each([0.5, 0.8, 0.9, 0.95])('the true day is inside at about the promised rate: %d', (confidence) => {
  const { told, share } = coverage(400, confidence, { noise: 8, kept: 0 });
  expect(told).toBe(400);
  // Four standard deviations of the share; what is taken off for correlation makes it a little wider than promised.
  const off = 4 * Math.sqrt((confidence * (1 - confidence)) / told);
  expect(share).toBeGreaterThan(confidence - off);
  expect(share).toBeLessThan(confidence + off + 0.06);
});

test('values that hang together keep the promise; a walk without a line is mostly no answer', () => {
  const close = coverage(300, 0.9, { noise: 8, kept: 0.5 });
  expect(close.share).toBeGreaterThan(0.86);
  expect(close.told).toBeGreaterThan(270);
  const walking = coverage(300, 0.9, { noise: 20, kept: 0.98 });
  // One in ten looks like a line for two months, and deceives.
  expect(walking.told).toBeLessThan(45);
});

/** The time at which a line by least squares reaches a limit. */
function crossing(values: readonly number[], limit: number): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, _, day) => sum + (day - middle) ** 2, 0);
  const slope = values.reduce((sum, value, day) => sum + (day - middle) * value, 0) / spread;
  return START + (middle + (limit - mean) / slope) * DAY;
}

test('where values have bounds, the line through any values within them reaches the limit between the two days', () => {
  const aDoubt = fc.record({
    width: fc.double({ min: 0, max: 6, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(aDoubt, { minLength: 30, maxLength: 30 }), (doubts) => {
      const bare = series(30, { noise: 2, seed: 5 }).map(({ used }) => Number(used));
      const seen = bare.map((value, day): UsedPoint => {
        const { width, share } = doubts[day] ?? { width: 0, share: 0 };
        const lower = value - share * width;
        return { at: START + day * DAY, used: { lower, upper: lower + width } };
      });
      const { from, to } = forecast(seen, { limit: 170, confidence: 0.01, horizon: '4000d' });
      const truth = crossing(bare, 170);
      expect(Date.parse(from ?? '')).toBeLessThanOrEqual(truth + 1);
      expect(to === undefined ? Infinity : Date.parse(to)).toBeGreaterThanOrEqual(truth - 1);
    }),
    { numRuns: 100, seed: 3 },
  );
});

test.each<[string, readonly UsedPoint[], RegExp]>([
  ['nothing', [], /^0 of the 0 points are known: at least 14/],
  ['nine points', series(9), /^9 of the 9/],
  [
    'half a day of minutes',
    series(40).map(({ used }, at) => ({ at: START + at * 600_000, used })),
    /spans 0\.3 days: at least 14/,
  ],
  [
    'mostly what nobody saw',
    series(60).map((point, day) => (day % 3 === 0 ? point : { ...point, used: { lower: 0, upper: 900 } })),
    /^of 40 points of 60 nobody knows/,
  ],
  [
    'NaN, bounds without an end, and none',
    series(30).map((point, day) =>
      day < 10
        ? { ...point, used: NaN }
        : day < 20
          ? { ...point, used: { lower: 1, upper: undefined } }
          : { ...point, used: undefined },
    ),
    /^0 of the 30/,
  ],
  [
    'a step: half of the cloud was moved in',
    series(40, { slope: 0.01 }).map(({ at, used }, day) => ({
      at,
      used: Number(used) + (day < 20 ? 0 : 300),
    })),
    /do not scatter around a line/,
  ],
  ['the same moment, ten times', Array.from({ length: 20 }, () => ({ at: START, used: 5 })), /^1 of the 20/],
])('%s is not known', (_, history, why) => {
  const told = forecast(history, { limit: 1_000 });
  expect(told).toMatchObject({ verdict: 'unknown', from: undefined, to: undefined });
  expect(told.because).toMatch(why);
});

test('what does not grow does not fill; what may grow may', () => {
  expect(forecast(series(30, { slope: 0 }), { limit: 150 })).toMatchObject({
    verdict: 'not-before',
    from: undefined,
  });
  expect(forecast(series(30, { slope: -1 }), { limit: 150, horizon: '900d' }).verdict).toBe('not-before');
  const doubtful = forecast(series(30, { slope: 0.3, noise: 10, seed: 4 }), { limit: 125, horizon: '200d' });
  expect(doubtful).toMatchObject({ verdict: 'may-fill', to: undefined });
  expect(Date.parse(doubtful.from ?? '')).toBeGreaterThanOrEqual(START + 29 * DAY);
});

test('it is looked no further ahead than the history goes back', () => {
  const told = forecast(series(30), { limit: 200 });
  expect(told).toMatchObject({ verdict: 'not-before', until: new Date(START + 58 * DAY).toISOString() });
  expect(forecast(series(30), { limit: 200, horizon: '90d' }).verdict).toBe('fills');
});

test('what is full already is full now, also beside the line', () => {
  const history = [...series(30), { at: START + 30 * DAY, used: 500 }];
  expect(forecast(history, { limit: 400 })).toMatchObject({
    verdict: 'fills',
    from: new Date(START + 30 * DAY).toISOString(),
    to: new Date(START + 30 * DAY).toISOString(),
  });
});

test('a limit in bounds: from its lower, to its upper; without an upper there is no `to`', () => {
  const day = (at: string | undefined): number => Math.round((Date.parse(at ?? '') - START) / DAY);
  const bounded = forecast(series(30), { limit: { lower: 140, upper: 150 } });
  expect([day(bounded.from), day(bounded.to)]).toEqual([40, 50]);
  expect(forecast(series(30), { limit: { lower: 140, upper: undefined } })).toMatchObject({
    verdict: 'may-fill',
  });
});

test('points may come in any order, and of two at one time the last holds', () => {
  const history = series(30);
  const again = [{ at: START, used: 9_999 }, ...history.toReversed()];
  expect(forecast(again, { limit: 150 })).toEqual(forecast(history, { limit: 150 }));
});

test('an infinite value, a time that is none, bounds the wrong way round and a limit without sense', () => {
  expect(() => forecast([{ at: START, used: Infinity }], { limit: 1 })).toThrow(/history\.0\.used/);
  expect(() => forecast([{ at: 'yesterday', used: 1 }], { limit: 1 })).toThrow(/history\.0\.at/);
  expect(() => forecast([], { limit: { lower: 5, upper: 1 } })).toThrow(/limit/);
  expect(() => forecast([], { limit: NaN })).toThrow(/limit/);
  const crossed = series(30).map(({ at }) => ({ at, used: { lower: 5, upper: 4 } }));
  expect(forecast(crossed, { limit: 10 }).points).toEqual({ used: 0, unknown: 30 });
});
