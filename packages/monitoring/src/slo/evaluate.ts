import { windowName } from '../prometheus/promql.ts';
import { burnSummary, NOT_MEASURED, notMeasuredSummary, type Objective, windowsOf } from './objective.ts';

/** An alert that fires, with the labels and the summary that Prometheus' has. */
export interface SloAlert {
  readonly name: 'SloErrorBudgetBurn' | 'SloNotMeasured';
  readonly severity: 'page' | 'ticket';
  /** The long window, `1h`. */
  readonly window: string;
  /** The burn rate over the long window; of `SloNotMeasured` the part of it that was seen. */
  readonly value: number;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface SloEvaluation {
  /** The end of all windows; milliseconds since 1970. */
  readonly at: number;
  /**
   * The part of the error budget that is left: 1 if nothing failed, 0 if it is spent, negative if more is. `undefined` if
   * nothing of the window was seen.
   */
  readonly budget: number | undefined;
  /** The part of the objective's window that was seen, from 0 to 1: all that budget and burn rates know. */
  readonly seen: number;
  /** Burn rates by window: 1 spends the budget just at its end. `undefined` where it is not known. */
  readonly burn: Readonly<Record<string, number | undefined>>;
  /** The part that was seen by window, from 0 to 1. */
  readonly seenOf: Readonly<Record<string, number>>;
  readonly alerts: readonly SloAlert[];
  /** What could not be computed or was left out, in words. */
  readonly unknown: readonly string[];
}

/** Pure: what the rules record and fire at a time, from the samples. */
export function evaluateSlo<S>(objective: Objective<S>, samples: readonly S[], at: number): SloEvaluation {
  const { sli, allowed, windowMs } = objective;
  const reading = sli.read(samples);
  const burn: Record<string, number | undefined> = {};
  const seenOf: Record<string, number> = {};
  const unknown: string[] = [...reading.ignored];
  const windows = windowsOf(objective);
  for (const ms of windows) {
    const name = windowName(ms);
    const { errorRatio, samples: count, because } = reading.window(at - ms, at);
    burn[name] = errorRatio === undefined ? undefined : errorRatio / allowed;
    seenOf[name] = Math.min(count / (ms / sli.intervalMs), 1);
    if (errorRatio === undefined) unknown.push(`burn over ${name}: ${because ?? 'nothing was seen'}`);
  }
  const whole = windowName(windowMs);
  const spent = burn[whole];
  return {
    at,
    budget: spent === undefined ? undefined : 1 - spent,
    seen: seenOf[whole] ?? 0,
    burn,
    seenOf,
    alerts: alertsOf(objective, { burn, seenOf }),
    unknown,
  };
}

function alertsOf<S>(
  { name, labels, burnRateAlerts }: Objective<S>,
  { burn, seenOf }: Pick<SloEvaluation, 'burn' | 'seenOf'>,
): SloAlert[] {
  const alerts: SloAlert[] = [];
  const fire = (alert: Omit<SloAlert, 'labels'>): void => {
    const { severity, window } = alert;
    alerts.push({ ...alert, labels: { ...labels, slo: name, window, severity } });
  };
  for (const rule of burnRateAlerts) {
    const { longMs, shortMs, factor, severity } = rule;
    const window = windowName(longMs);
    const value = burn[window] ?? 0;
    if (value > factor && (burn[windowName(shortMs)] ?? 0) > factor)
      fire({ name: 'SloErrorBudgetBurn', severity, window, value, summary: burnSummary(name, rule, window) });
  }
  const window = windowName(NOT_MEASURED.windowMs);
  const value = seenOf[window] ?? 0;
  if (value < NOT_MEASURED.below)
    fire({
      name: 'SloNotMeasured',
      severity: 'ticket',
      window,
      value,
      summary: notMeasuredSummary(name, window),
    });
  return alerts;
}
