import { milliseconds } from '@groundcrew/ground';

/** A burn rate that alerts where it is exceeded over a long and a short window. */
export interface BurnRateAlert {
  readonly longMs: number;
  readonly shortMs: number;
  /** Times the rate at which the budget is spent just at the end of the SLO's window. */
  readonly factor: number;
  readonly severity: 'page' | 'ticket';
}

/**
 * The Site Reliability Workbook's, chapter 5, for 30 days: by them 2 % of the budget are spent in an hour, 5 % in six
 * hours, 10 % in one or three days. The short window ends an alert soon after its cause.
 */
const OF_30_DAYS = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'page' },
  { long: '6h', short: '30m', factor: 6, severity: 'page' },
  { long: '1d', short: '2h', factor: 3, severity: 'ticket' },
  { long: '3d', short: '6h', factor: 1, severity: 'ticket' },
] as const;

/** Samples in the shortest window: fewer would let one of them decide. */
const ENOUGH = 4;

/**
 * The alerts of an SLO's window: the same parts of the budget in the same windows, so that the factor grows with the SLO's
 * window. It is never below 1, which the budget is there for. Short windows hold four samples at least.
 */
export function burnRateAlerts({
  windowMs,
  intervalMs,
}: {
  readonly windowMs: number;
  readonly intervalMs: number;
}): readonly BurnRateAlert[] {
  return OF_30_DAYS.map(({ long, short, factor, severity }) => ({
    longMs: milliseconds(long),
    shortMs: Math.max(milliseconds(short), ENOUGH * intervalMs),
    factor: Math.max(1, roundedOff((factor * windowMs) / milliseconds('30d'))),
    severity,
  })).filter(({ longMs }) => longMs < windowMs);
}

/** Without the last digits, which are floating point's: 0.005, not 0.0050000000000000044. */
export const roundedOff = (value: number): number => Number(value.toPrecision(12));
