import { describe, expect, test } from 'vitest';
import { measureDowntime, type Sample } from '../../src/index.ts';

const FAULT = 10_000;

/** One operation every 100 ms, of `how(at)`: milliseconds, or why it failed. */
function operations(until: number, how: (at: number) => number | string = () => 20, from = 0): Sample[] {
  const samples: Sample[] = [];
  for (let at = from; at < until; at += 100) {
    const answer = how(at);
    samples.push(
      typeof answer === 'string'
        ? { at, duration: 5, ok: false, error: answer }
        : // A little scatter, the same in each run.
          { at, duration: answer + (at % 300) / 100, ok: true },
    );
  }
  return samples;
}

describe('downtime', () => {
  test('is from the first error to the last, and at most from success to success', () => {
    const samples = operations(20_000, (at) => (at >= 10_200 && at <= 11_400 ? 'HTTP 503' : 20));
    const seen = measureDowntime(samples, { faultAt: FAULT });
    expect(seen).toMatchObject({
      errors: 13,
      operations: 100,
      reasons: { 'HTTP 503': 13 },
      downtime: { ms: 1_200, atMost: 1_400 },
      outages: [{ from: 10_200, to: 11_400, errors: 13 }],
      healed: true,
      mttr: { ms: 1_500 },
      unknown: [],
    });
  });

  test('of one error is not nothing, since nobody looked between', () => {
    const seen = measureDowntime(
      operations(20_000, (at) => (at === 10_500 ? 'ECONNRESET' : 20)),
      { faultAt: FAULT },
    );
    expect(seen.downtime).toEqual({ ms: 0, atMost: 200 });
    expect(seen.errors).toBe(1);
  });

  test('without an error is at most what lies between two operations', () => {
    const seen = measureDowntime(operations(20_000), { faultAt: FAULT });
    expect(seen).toMatchObject({
      downtime: { ms: 0, atMost: 100 },
      errors: 0,
      outages: [],
      healed: true,
      mttr: { ms: 0 },
      degradation: { absolute: 0, relative: 1 },
      resolution: 100,
    });
  });

  test('that comes and goes is one downtime with several outages', () => {
    const flapping = (at: number): number | string =>
      at >= 10_000 && at < 12_000 && at % 400 === 0 ? 'HTTP 502' : 20;
    const seen = measureDowntime(operations(20_000, flapping), { faultAt: FAULT });
    expect(seen.outages).toHaveLength(5);
    expect(seen.downtime.ms).toBe(1_600);
  });

  test('that does not end did not heal, and has no time to recover', () => {
    const seen = measureDowntime(
      operations(20_000, (at) => (at > 10_000 ? 'no answer within 2000 ms' : 20)),
      { faultAt: FAULT },
    );
    expect(seen).toMatchObject({ healed: false, mttr: undefined });
    expect(seen.downtime.ms).toBe(9_800);
    expect(seen.downtime.atMost).toBeGreaterThanOrEqual(9_900);
  });

  test('every second request lost, for ever: the last one going well does not heal it', () => {
    const seen = measureDowntime(
      operations(20_100, (at) => (at >= 10_000 && at % 200 === 100 ? 'HTTP 503' : 20)),
      { faultAt: FAULT },
    );
    expect(seen.healed).toBe(false);
  });
});

describe('performance', () => {
  const slow = (at: number): number => (at >= 10_000 && at < 13_000 ? 60 : 20);

  test('that was bad without an error has a recovery period, and degradation', () => {
    const seen = measureDowntime(operations(20_000, slow), { faultAt: FAULT });
    expect(seen.downtime.ms).toBe(0);
    expect(seen.mttr?.ms).toBe(3_000);
    expect(seen.degradation?.absolute).toBeCloseTo(40, 0);
    expect(seen.degradation?.relative).toBeCloseTo(61 / 21, 1);
  });

  test('stays bad: not healed', () => {
    const seen = measureDowntime(
      operations(20_000, (at) => (at >= 10_000 ? 60 : 20)),
      { faultAt: FAULT },
    );
    expect(seen.healed).toBe(false);
  });

  test('of one slow answer among good ones is no degradation', () => {
    const seen = measureDowntime(
      operations(20_000, (at) => (at === 12_000 ? 50 : 20)),
      { faultAt: FAULT, ratio: 1.5 },
    );
    expect(seen.mttr?.ms).toBe(0);
  });

  test('of an outage in which nobody was served has errors, and no invented degradation', () => {
    const seen = measureDowntime(
      operations(20_000, (at) => (at >= 10_000 && at < 11_000 ? 'ECONNREFUSED' : 20)),
      { faultAt: FAULT },
    );
    expect(seen.degradation).toBeUndefined();
    expect(seen.errors).toBe(10);
  });
});

describe('what was not measured', () => {
  test('nothing at all is unknown, not 0', () => {
    const seen = measureDowntime([], { faultAt: FAULT });
    expect(seen.healed).toBeUndefined();
    expect(seen.mttr).toBeUndefined();
    expect(seen.degradation).toBeUndefined();
    expect(seen.downtime.atMost).toBe(Infinity);
    expect(seen.unknown).toHaveLength(2);
  });

  test('no baseline: errors count, degradation is unknown', () => {
    const seen = measureDowntime(
      operations(20_000, () => 20, 9_800),
      { faultAt: FAULT },
    );
    expect(seen.degradation).toBeUndefined();
    expect(seen.unknown[0]).toContain('before');
    expect(seen.healed).toBe(true);
  });

  test('a baseline that failed already is said', () => {
    const seen = measureDowntime(
      operations(20_000, (at) => (at === 5_000 ? 'HTTP 500' : 20)),
      { faultAt: FAULT },
    );
    expect(seen.unknown).toEqual(['what the fault did: 1 of 100 operations failed before it']);
  });

  test('a meter that stood still widens the error bar, and says so', () => {
    const samples = operations(20_000).filter(({ at }) => at < 11_000 || at > 14_000);
    const seen = measureDowntime(samples, { faultAt: FAULT });
    expect(seen.downtime).toEqual({ ms: 0, atMost: 3_200 });
    expect(seen.unknown[0]).toContain('3200 ms in which nothing was measured');
  });

  test('what came after is left out', () => {
    const samples = operations(30_000, (at) => (at >= 20_000 ? 'HTTP 503' : 20));
    expect(measureDowntime(samples, { faultAt: FAULT, until: 19_999 })).toMatchObject({
      errors: 0,
      healed: true,
    });
  });

  test('the order in which answers came does not matter', () => {
    const samples = operations(20_000, (at) => (at >= 10_200 && at <= 11_400 ? 'HTTP 503' : 20));
    expect(measureDowntime(samples.toReversed(), { faultAt: FAULT })).toEqual(
      measureDowntime(samples, { faultAt: FAULT }),
    );
  });
});
