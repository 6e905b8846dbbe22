import { milliseconds } from '@groundcrew/ground';
import type { BurnRateAlert } from './burn-rate-alerts.ts';
import type { Sli } from './sli.ts';

/** What an objective says, for those who compute it. */
export interface Objective<S> {
  readonly name: string;
  readonly windowMs: number;
  readonly allowed: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly burnRateAlerts: readonly BurnRateAlert[];
  readonly sli: Sli<S>;
}

/** The windows that are computed, from the shortest to the objective's own. */
export function windowsOf({
  windowMs,
  burnRateAlerts,
}: Pick<Objective<never>, 'windowMs' | 'burnRateAlerts'>): number[] {
  const all = new Set(burnRateAlerts.flatMap(({ longMs, shortMs }) => [longMs, shortMs]));
  return [...all.add(NOT_MEASURED.windowMs).add(windowMs)].toSorted((a, b) => a - b);
}

/** An objective that nobody measures is silent, as one that is met: less than this part of an hour seen alerts. */
export const NOT_MEASURED = { windowMs: milliseconds('1h'), below: 0.5 } as const;

/** The sentences of alerts, with the name of the objective or what stands for it. */
export const burnSummary = (name: string, { factor }: BurnRateAlert, window: string): string =>
  `${name}: over ${window} the error budget burns more than ${factor} times as fast as it lasts`;

export const notMeasuredSummary = (name: string, window: string): string =>
  `${name}: less than half of the last ${window} was measured`;
