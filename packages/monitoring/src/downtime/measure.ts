import { z } from 'zod';
import { aDuration, type Duration, milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Sample } from './sample.ts';
import { type Baseline, baselineOf, slowerThan } from './baseline.ts';

export interface MeasureOptions {
  /** The time of the fault; milliseconds since 1970. Operations that began before it are the baseline. */
  readonly faultAt: number;
  /** The samples that are compared with. @default what began and ended before `faultAt` */
  readonly baseline?: readonly Sample[] | undefined;
  /**
   * The end of the measurement; later operations are left out, since the undoing of a fault is measured apart. @default no
   * end
   */
  readonly until?: number | undefined;
  /** Operations in the sliding window, and those that must have gone well before it counts as healed. @default 10 */
  readonly window?: number | undefined;
  /** Standard errors by which a window's mean must exceed the baseline's to be slower. @default 3 */
  readonly sigma?: number | undefined;
  /**
   * The multiple of the baseline's mean that a window's mean must exceed, too: a difference that nobody notices is none.
   * @default 1.5
   */
  readonly ratio?: number | undefined;
  /**
   * The difference by which a window's mean must exceed the baseline's, too: a client on a busy machine is late by itself.
   * @default '5ms'
   */
  readonly slowerBy?: Duration | undefined;
}

const measureOptions = optionsSchema<MeasureOptions>({
  faultAt: z.number(),
  baseline: z.array(z.looseObject({ at: z.number(), duration: z.number(), ok: z.boolean() })).optional(),
  until: z.number().optional(),
  window: z.int().min(1).optional(),
  sigma: z.number().min(0).optional(),
  ratio: z.number().min(0).optional(),
  slowerBy: aDuration.optional(),
});

/** A length of time with its error bar; milliseconds. */
export interface Span {
  readonly ms: number;
  /** The longest possible time: from the last success before it to the first one after it. */
  readonly atMost: number;
}

/** Operations that failed, one after the other. */
export interface Outage {
  readonly from: number;
  readonly to: number;
  readonly errors: number;
}

export interface Downtime {
  readonly faultAt: number;
  /** Operations that began after the fault, and how many of them failed. */
  readonly operations: number;
  readonly errors: number;
  /** Each kind of error and how often. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The time from the beginning of the first operation that failed to that of the last one. 0 if none failed. */
  readonly downtime: Span;
  readonly outages: readonly Outage[];
  /** Served as before, at the end? `undefined` if too little was measured to tell. */
  readonly healed: boolean | undefined;
  /** The time from the fault until performance was back; `undefined` unless it is known to have healed. */
  readonly mttr: Span | undefined;
  readonly baseline: Baseline;
  /** `absolute`: milliseconds more than before, in the recovery period. `relative`: times as long as before. */
  readonly degradation: { readonly absolute: number; readonly relative: number } | undefined;
  /** Milliseconds: what lies between two operations that began one after the other, at most. What is shorter is not seen. */
  readonly resolution: number;
  /** The facts that the figures do not tell, and why. */
  readonly unknown: readonly string[];
}

/**
 * Downtime, time to recover and degradation, by the definitions of OpenStack's reliability test plan, version 2
 * (openstack/performance-docs, `doc/source/test_plans/reliability/version_2/plan.rst`). Where that leaves a choice:
 *
 * - Times are those at which operations began, as Rally's are.
 * - The recovery period begins with the fault. It ends with the last operation that failed, or that was slow in a slow
 *   window; a window of `window` consecutive operations is slow when the mean of those that succeeded exceeds the
 *   baseline's mean by `sigma` standard errors, `ratio` times, and by `slowerBy`. Performance is back with the first success after.
 * - Degradation is that of operations which succeeded; those that failed are counted, not timed.
 * - Healed means `window` operations in a row that went well, after the recovery period.
 *
 * @throws InputError on an option that there is not, or that means nothing
 */
export function measureDowntime(samples: readonly Sample[], options: MeasureOptions): Downtime {
  parseArguments('measureDowntime', measureOptions, options);
  const { faultAt, until = Infinity, window = 10, sigma = 3, ratio = 1.5 } = options;
  const slowerBy = milliseconds(options.slowerBy ?? '5ms');
  const all = samples.toSorted((a, b) => a.at - b.at);
  const before = options.baseline ?? all.filter((sample) => sample.at + sample.duration < faultAt);
  const baseline = baselineOf(before);
  const after = all.filter((sample) => sample.at >= faultAt && sample.at <= until);
  const failed = after.filter((sample) => !sample.ok);
  const slow = slowerThan(baseline, { window, sigma, ratio, slowerBy });

  const last = after.findLastIndex((sample, at) => !sample.ok || slow(after, at));
  const back = after.slice(last + 1);
  const healed = after.length < window ? undefined : back.length >= window;
  const first = back[0];
  const mttr =
    healed !== true || first === undefined
      ? undefined
      : last < 0
        ? { ms: 0, atMost: first.at - faultAt }
        : { ms: first.at - faultAt, atMost: first.at + first.duration - faultAt };

  const resolution = widestGap(after, faultAt);
  return {
    faultAt,
    operations: after.length,
    errors: failed.length,
    reasons: counted(failed),
    downtime: downtimeOf(after, faultAt, resolution),
    outages: outagesOf(after),
    healed,
    mttr,
    baseline,
    degradation: degradationOf(after.slice(0, last + 1), baseline),
    resolution,
    unknown: unknownOf({ baseline, after, window, resolution, before }),
  };
}

function downtimeOf(after: readonly Sample[], faultAt: number, resolution: number): Span {
  const first = after.findIndex((sample) => !sample.ok);
  if (first < 0) return { ms: 0, atMost: resolution };
  const end = after.findLastIndex((sample) => !sample.ok);
  const from = after[first]?.at ?? faultAt;
  const lastError = after[end];
  const to = lastError?.at ?? from;
  const served = after[first - 1]?.at ?? faultAt;
  // Nothing went well after the last error: it is down until it was given up, at least.
  const again = after[end + 1]?.at ?? to + (lastError?.duration ?? 0);
  return { ms: to - from, atMost: again - served };
}

function outagesOf(after: readonly Sample[]): Outage[] {
  const outages: { from: number; to: number; errors: number }[] = [];
  let previous = true;
  for (const { ok, at } of after) {
    const current = outages.at(-1);
    if (!ok && (previous || current === undefined)) outages.push({ from: at, to: at, errors: 1 });
    else if (!ok && current !== undefined) {
      current.to = at;
      current.errors += 1;
    }
    previous = ok;
  }
  return outages;
}

function degradationOf(recovery: readonly Sample[], baseline: Baseline): Downtime['degradation'] {
  if (baseline.mean === undefined) return undefined;
  const served = recovery.filter((sample) => sample.ok);
  // No recovery period, no degradation. One in which nobody was served has none that could be timed.
  if (recovery.length === 0) return { absolute: 0, relative: 1 };
  if (served.length === 0) return undefined;
  const mean = served.reduce((sum, sample) => sum + sample.duration, 0) / served.length;
  return { absolute: mean - baseline.mean, relative: mean / baseline.mean };
}

function widestGap(after: readonly Sample[], faultAt: number): number {
  let widest = 0;
  let previous = faultAt;
  for (const { at } of after) {
    widest = Math.max(widest, at - previous);
    previous = at;
  }
  return after.length === 0 ? Infinity : widest;
}

function counted(failed: readonly Sample[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const { error = 'no reason' } of failed) reasons[error] = (reasons[error] ?? 0) + 1;
  return reasons;
}

function unknownOf(seen: {
  readonly baseline: Baseline;
  readonly before: readonly Sample[];
  readonly after: readonly Sample[];
  readonly window: number;
  readonly resolution: number;
}): string[] {
  const { baseline, before, after, window, resolution } = seen;
  const unknown: string[] = [];
  if (baseline.mean === undefined)
    unknown.push(
      `what it was like before: ${before.length} operations, ${baseline.errors} of them failed; at least 10 must have succeeded`,
    );
  else if (baseline.errors > 0)
    unknown.push(`what the fault did: ${baseline.errors} of ${before.length} operations failed before it`);
  if (after.length < window)
    unknown.push(
      `whether it healed: ${after.length} operations since the fault, fewer than a window of ${window}`,
    );
  const usual = typicalGap(before.length > 1 ? before : after);
  if (usual !== undefined && resolution > 10 * usual)
    unknown.push(
      `what happened in ${Math.round(resolution)} ms in which nothing was measured (usually ${Math.round(usual)} ms)`,
    );
  return unknown;
}

function typicalGap(samples: readonly Sample[]): number | undefined {
  const starts = samples.map(({ at }) => at).toSorted((a, b) => a - b);
  const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? at));
  return gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)];
}
