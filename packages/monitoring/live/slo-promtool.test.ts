// Prometheus computes an objective's rules over the same samples: every value that it records, and every alert that fires,
// is ours, to the last digit. promtool compares exactly; that it notices a difference is shown, too.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counterSli, defineSlo, gaugeSli, probeSli, type SloEvaluation } from '../src/slo.ts';
import { agreement, type Timeline, type Values } from './slo-agreement.ts';

const HOUR = 3_600_000;

/** A fixed seed: what differs once differs always. */
const random = <T>(values: fc.Arbitrary<T>, numRuns: number, seed = 11): T[] =>
  fc.sample(values, { seed, numRuns });

const times = (values: Values, intervalMs: number) =>
  values.flatMap((value, index) => (value === undefined ? [] : [{ at: index * intervalMs, value }]));

/** Good and bad stretches, holes, and now and then a sample alone: each with its own length. */
const stretches = (length: number, value: fc.Arbitrary<number | undefined>): fc.Arbitrary<Values> =>
  fc
    .array(fc.tuple(value, fc.integer({ min: 1, max: Math.ceil(length / 4) })), {
      minLength: 6,
      maxLength: 40,
    })
    .map((parts) => {
      const some = parts.flatMap(([part, count]) => Array.from({ length: count }, () => part));
      return Array.from({ length }, (_, index) => some[index % some.length]);
    });

const spread = (until: number, everyMs: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor((until * (index + 1)) / count / everyMs) * everyMs);

const probeTimeline = (
  values: Values,
  intervalMs: number,
  everyMs: number,
): Timeline<{ at: number; duration: number; ok: boolean }> => ({
  intervalMs,
  everyMs,
  series: { 'probe_success{job="boot"}': values },
  samples: times(values, intervalMs).map(({ at, value }) => ({ at, duration: 5, ok: value === 1 })),
  askedAt: spread(values.length * intervalMs + HOUR, everyMs, 6),
});

const fired = (evaluations: readonly SloEvaluation[]): Set<string> =>
  new Set(evaluations.flatMap(({ alerts }) => alerts.map(({ name, window }) => `${name} ${window}`)));

test('a probe over a month: random outages and holes', async () => {
  const slo = defineSlo({
    name: 'boot',
    target: 0.995,
    window: '30d',
    sli: probeSli({ interval: '15m', selector: 'probe_success{job="boot"}' }),
    labels: { team: 'compute' },
  });
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  const timelines = random(stretches(3000, value), 6).map((values) =>
    probeTimeline(values, HOUR / 4, 12 * HOUR),
  );
  // An hour and a quarter of 30 days: less than the budget, which is 3 h 36 min.
  const calm = Array.from({ length: 3000 }, (_, index) => (index >= 2000 && index < 2005 ? 0 : 1));
  timelines.push(probeTimeline(calm, HOUR / 4, 12 * HOUR));
  const { output, passed, evaluations } = await agreement(slo, timelines);
  expect(output).not.toContain('FAILED');
  expect(passed).toBe(true);
  expect(fired(evaluations).size).toBe(5);
  expect(evaluations.some(({ budget }) => budget !== undefined && budget > 0 && budget < 1)).toBe(true);
});

test('a probe by the minute: the short windows', async () => {
  const slo = defineSlo({
    name: 'token',
    target: 0.99,
    window: '7d',
    sli: probeSli({ interval: '1m', selector: 'probe_success{job="boot"}' }),
  });
  const value = fc.constantFrom(1, 1, 1, 0, undefined);
  const timelines = random(stretches(600, value), 8).map((values) => probeTimeline(values, 60_000, HOUR / 4));
  const { output, passed } = await agreement(slo, timelines);
  expect(output).not.toContain('FAILED');
  expect(passed).toBe(true);
});

test('a gauge with fractions, several series, values that are none', async () => {
  const slo = defineSlo({
    name: 'availability',
    target: 0.999,
    window: '3d',
    sli: gaugeSli({ interval: '5m', selector: '{__name__="ratio",job!="x"}' }),
  });
  const value = fc.oneof(
    { weight: 20, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, -1, 1.5, Infinity) },
  );
  const minutes = 300_000;
  const timelines = random(
    fc.tuple(stretches(900, value), fc.array(value, { minLength: 900, maxLength: 900 })),
    6,
  ).map(([a, b]): Timeline<{ at: number; value: number; series: string }> => ({
    intervalMs: minutes,
    everyMs: 3 * HOUR,
    series: { 'ratio{az="a"}': a, 'ratio{az="b"}': b },
    samples: [
      ...times(a, minutes).map((sample) => ({ ...sample, series: 'a' })),
      ...times(b, minutes).map((sample) => ({ ...sample, series: 'b' })),
    ],
    askedAt: spread(900 * minutes + HOUR, 3 * HOUR, 8),
  }));
  const { output, passed, evaluations } = await agreement(slo, timelines);
  expect(output).not.toContain('FAILED');
  expect(passed).toBe(true);
  expect(evaluations.some(({ unknown }) => unknown.some((text) => text.includes('between 0 and 1')))).toBe(
    true,
  );
});

/** Counters of two processes: they grow unevenly, are reset, miss scrapes, and one of them ends. */
const counters = (length: number): fc.Arbitrary<{ good: Values; total: Values }> =>
  fc
    .array(
      fc.record({
        events: fc.integer({ min: 0, max: 50 }),
        bad: fc.oneof(
          { weight: 5, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
        ),
        what: fc.oneof(
          { weight: 40, arbitrary: fc.constant('scrape') },
          { weight: 5, arbitrary: fc.constant('miss') },
          { weight: 2, arbitrary: fc.constant('reset') },
        ),
      }),
      { minLength: length, maxLength: length },
    )
    .map((steps) => {
      let good = 1000;
      let total = 1200;
      const values: [number | undefined, number | undefined][] = steps.map(({ events, bad, what }) => {
        if (what === 'reset') [good, total] = [0, 0];
        total += events;
        good += events - Math.round(events * bad * bad);
        return what === 'miss' ? [undefined, undefined] : [good, total];
      });
      return { good: values.map(([value]) => value), total: values.map(([, value]) => value) };
    });

const counterTimeline = (
  processes: Readonly<Record<string, { good: Values; total: Values }>>,
  intervalMs: number,
): Timeline<{ at: number; series: string; good: number; total: number }> => ({
  intervalMs,
  everyMs: HOUR / 3,
  series: Object.fromEntries(
    Object.entries(processes).flatMap(([name, { good, total }]) => [
      [`api_good_total{instance="${name}"}`, good],
      [`api_all_total{instance="${name}"}`, total],
    ]),
  ),
  samples: Object.entries(processes).flatMap(([series, { good, total }]) =>
    good.flatMap((value, index) => {
      const all = total[index];
      return value === undefined || all === undefined
        ? []
        : [{ at: index * intervalMs, series, good: value, total: all }];
    }),
  ),
  askedAt: spread((Object.values(processes)[0]?.good.length ?? 0) * intervalMs + HOUR, HOUR / 3, 8),
});

const api = defineSlo({
  name: 'api',
  target: 0.95,
  window: '1d',
  sli: counterSli({ interval: '1m', good: 'api_good_total', total: 'api_all_total' }),
});

test('counters that are reset and miss scrapes: increases to the last digit', async () => {
  const timelines = random(fc.tuple(counters(1000), counters(700)), 8).map(([a, b]) =>
    counterTimeline({ a, b }, 60_000),
  );
  const { output, passed, evaluations } = await agreement(api, timelines);
  expect(output).not.toContain('FAILED');
  expect(passed).toBe(true);
  expect(evaluations.some(({ budget }) => budget !== undefined)).toBe(true);
});

test('counters that stand still, that begin late, and values that no counter has', async () => {
  const still = Array.from({ length: 100 }, () => 7);
  const growing = Array.from({ length: 100 }, (_, index) => index * 3);
  const changed = (values: Values, at: number, value: number | undefined): Values => values.with(at, value);
  const late = growing.map((value, index) => (index < 95 ? undefined : value));
  const single = growing.map((value, index) => (index === 99 ? value : undefined));
  const { output, passed, evaluations } = await agreement(api, [
    counterTimeline({ a: { good: still, total: still } }, 60_000),
    counterTimeline({ a: { good: late, total: late } }, 60_000),
    counterTimeline({ a: { good: single, total: single } }, 60_000),
    ...[Number.NaN, -3, Infinity].flatMap((value) => [
      counterTimeline({ a: { good: growing, total: changed(growing, 70, value) } }, 60_000),
      counterTimeline({ a: { good: changed(growing, 70, value), total: growing } }, 60_000),
    ]),
    // More went well than there was: the scrape caught the two at different moments.
    counterTimeline({ a: { good: growing, total: growing.map((value) => value / 2) } }, 60_000),
  ]);
  expect(output).not.toContain('FAILED');
  expect(passed).toBe(true);
  expect(new Set(evaluations.map(({ burn }) => burn['1h']))).toContain(undefined);
});

test.each([
  'a "quoted" \\ name',
  '{{ $value }} {{',
  "it's: - [not] & a *map #",
  'Größe 大 😀',
  ' ',
  'null',
  '%x$1\\n',
])('a name that means something elsewhere: %s', async (name) => {
  const slo = defineSlo({
    name,
    target: 0.9,
    window: '1d',
    sli: probeSli({ interval: '1m', selector: 'probe_success{job="boot"}' }),
    labels: { team: name },
  });
  const values = Array.from({ length: 120 }, (_, index) => (index > 60 ? 0 : 1));
  const { output, passed, evaluations } = await agreement(slo, [probeTimeline(values, 60_000, HOUR / 2)]);
  expect(output).not.toContain('FAILED');
  expect(passed).toBe(true);
  expect(fired(evaluations)).toContain('SloErrorBudgetBurn 1h');
});

test('promtool notices a difference in the last digit, and an alert that is missing', async () => {
  const values = Array.from({ length: 120 }, (_, index) => (index % 3 === 0 ? 0 : 1));
  const slo = defineSlo({
    name: 'boot',
    target: 0.9,
    window: '1d',
    sli: probeSli({ interval: '1m', selector: 'probe_success{job="boot"}' }),
  });
  const timeline = probeTimeline(values, 60_000, HOUR / 2);
  const burn = await agreement(slo, [timeline], (evaluation) => ({
    ...evaluation,
    burn: { ...evaluation.burn, '6h': (evaluation.burn['6h'] ?? 0) * (1 + Number.EPSILON) },
  }));
  expect(burn.passed).toBe(false);
  const quiet = await agreement(slo, [timeline], (evaluation) => ({ ...evaluation, alerts: [] }));
  expect(quiet.passed).toBe(false);
});
