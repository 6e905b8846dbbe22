import type { UptimeState, UptimeWindow } from './timeline.ts';

/** How long each state lasted; milliseconds. Together they are the whole time asked about. */
export interface UptimeDurations {
  readonly upMs: number;
  readonly downMs: number;
  /** Maintenance, and time in which the thing did not exist. */
  readonly excludedMs: number;
  /** What nobody saw, or what sources disagree about. */
  readonly unknownMs: number;
}

/**
 * The bounds between which the availability lies: the share of the time that is not excluded. `lower` counts all that is
 * unknown as down, `upper` as up; their difference is the share that nobody knows.
 */
export interface UptimeAvailability {
  readonly lower: number;
  readonly upper: number;
}

/** Whether a target was reached; `unknown` while it lies between the bounds. */
export type UptimeVerdict = 'met' | 'breached' | 'unknown';

export function durationsOf(
  stretches: readonly (UptimeWindow & { readonly state: UptimeState })[],
): UptimeDurations {
  const sum = { up: 0, down: 0, excluded: 0, unknown: 0 };
  for (const { state, from, to } of stretches) sum[state] += to - from;
  return { upMs: sum.up, downMs: sum.down, excludedMs: sum.excluded, unknownMs: sum.unknown };
}

export const addDurations = (a: UptimeDurations, b: UptimeDurations): UptimeDurations => ({
  upMs: a.upMs + b.upMs,
  downMs: a.downMs + b.downMs,
  excludedMs: a.excludedMs + b.excludedMs,
  unknownMs: a.unknownMs + b.unknownMs,
});

/** `undefined` where all of the time is excluded: there is no share of nothing. */
export function availabilityOf({ upMs, downMs, unknownMs }: UptimeDurations): UptimeAvailability | undefined {
  const counted = upMs + downMs + unknownMs;
  return counted > 0 ? { lower: upMs / counted, upper: (upMs + unknownMs) / counted } : undefined;
}

/** Judges a target, `0.999`; `undefined` without one, or where there is no availability. */
export function verdictOf(
  availability: UptimeAvailability | undefined,
  target: number | undefined,
): UptimeVerdict | undefined {
  if (target === undefined || availability === undefined) return undefined;
  if (availability.lower >= target) return 'met';
  return availability.upper < target ? 'breached' : 'unknown';
}
