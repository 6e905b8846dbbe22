import {
  aDuration,
  anObjectWith,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { z } from 'zod';
import { furtherLabels, oneLine } from '../prometheus/label-text.ts';
import { type BurnRateAlert, burnRateAlerts, roundedOff } from './burn-rate-alerts.ts';
import { evaluateSlo, type SloEvaluation } from './evaluate.ts';
import { prometheusRules } from './prometheus-rules.ts';
import type { Sli } from './sli.ts';

export interface SloOptions<S> {
  /** The label `slo` of series and alerts. At most 200 characters, in one line. */
  readonly name: string;
  /** The part of the events that must go well: above 0 and below 1. */
  readonly target: number;
  /** The length of the sliding window; whole minutes, a day to a year. @default '30d' */
  readonly window?: Duration | undefined;
  readonly sli: Sli<S>;
  /** Further labels of series and alerts: `{ team: 'compute' }`. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface EvaluateSloOptions {
  /** The end of all windows; milliseconds since 1970. What is later is left out. @default now */
  readonly at?: number | undefined;
}

/** A service level objective, which is computed here or by Prometheus, with the same result. */
export interface Slo<S> {
  readonly name: string;
  readonly target: number;
  readonly windowMs: number;
  /** The part of the events that may fail, 1 - target. */
  readonly allowed: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly burnRateAlerts: readonly BurnRateAlert[];
  /**
   * The error budget, the burn rates and the alerts that fire. Samples may come in any order, and twice.
   *
   * @throws InputError
   */
  evaluate(samples: readonly S[], options?: EvaluateSloOptions): SloEvaluation;
  /**
   * YAML of a file of rules for Prometheus: `slo:burn_rate` and `slo:seen` by window, `slo:error_budget:remaining`, and
   * the alerts `SloErrorBudgetBurn` and `SloNotMeasured`.
   *
   * @throws InputError if the indicator names no series
   */
  toPrometheusRules(): string;
}

const A_MINUTE = 60_000;

const sloOptions = optionsSchema<SloOptions<unknown>>({
  name: oneLine,
  target: z.number().gt(0).lt(1),
  window: aDuration
    .pipe(z.number().min(milliseconds('1d')).max(milliseconds('366d')).multipleOf(A_MINUTE))
    .optional(),
  sli: anObjectWith<Sli<unknown>>('an Sli', 'intervalMs', 'read', 'queries'),
  labels: furtherLabels('slo', 'window', 'severity', 'alertname').optional(),
});

const evaluateOptions = optionsSchema<EvaluateSloOptions>({ at: z.number().optional() });

/**
 * An objective over an indicator. Samples that are missing are neither good nor bad: budget and burn rates are those of
 * what was seen, `seen` says how much that is, and where nothing was seen there is no budget.
 *
 * @throws InputError
 * @see https://sre.google/workbook/alerting-on-slos/
 * @example
 * const slo = defineSlo({ name: 'boot', target: 0.995, sli: probeSli({ interval: '1m' }) });
 * slo.evaluate(meter.samples()).budget; // 0.4
 */
export function defineSlo<S>(options: SloOptions<S>): Slo<S> {
  parseArguments('defineSlo', sloOptions, options);
  const { name, target, sli, labels = {} } = options;
  const windowMs = milliseconds(options.window ?? '30d');
  const facts = {
    name,
    target,
    windowMs,
    allowed: roundedOff(1 - target),
    labels: { ...labels },
    burnRateAlerts: burnRateAlerts({ windowMs, intervalMs: sli.intervalMs }),
  };
  return {
    ...facts,
    evaluate(samples, given = {}) {
      parseArguments('slo.evaluate', evaluateOptions, given);
      return evaluateSlo({ ...facts, sli }, samples, given.at ?? systemClock.now());
    },
    toPrometheusRules: () => prometheusRules({ ...facts, sli }),
  };
}
