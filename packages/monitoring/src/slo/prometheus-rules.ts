import { promqlDuration, selector, windowName } from '../prometheus/promql.ts';
import { type PrometheusRule, rulesYaml } from '../prometheus/rules-yaml.ts';
import { burnSummary, NOT_MEASURED, notMeasuredSummary, type Objective, windowsOf } from './objective.ts';

/** The rules of an objective, as YAML. */
export function prometheusRules<S>(objective: Objective<S>): string {
  const rules = [...recordings(objective), ...alerts(objective)];
  return rulesYaml(
    [
      'Made by @groundcrew/monitoring/slo. Ranges are a millisecond shorter than their windows: Prometheus 2 counts a',
      'sample at the left edge of a range and Prometheus 3 does not, and so both count the same.',
    ],
    [{ name: `slo ${objective.name}`, rules }],
  );
}

function recordings<S>(objective: Objective<S>): PrometheusRule[] {
  const { name: slo, sli, allowed, windowMs } = objective;
  const windows = windowsOf(objective).map((ms) => {
    const { errorRatio, conditions, samples } = sli.queries(promqlDuration(ms - 1));
    return {
      ms,
      errorRatio,
      conditions,
      samples,
      labels: { ...objective.labels, slo, window: windowName(ms) },
    };
  });
  return [
    ...windows.map(({ errorRatio, conditions, labels }): PrometheusRule => ({
      kind: 'record',
      name: 'slo:burn_rate',
      // NaN is not at least 0, so that what is not known is absent.
      expr: [`${errorRatio} / ${allowed} >= 0`, ...conditions].join('\nand '),
      labels,
    })),
    ...windows.map(({ ms, samples, labels }): PrometheusRule => ({
      kind: 'record',
      name: 'slo:seen',
      expr: `clamp_max(${samples} / ${ms / sli.intervalMs}, 1)\nor vector(0)`,
      labels,
    })),
    {
      kind: 'record',
      name: 'slo:error_budget:remaining',
      expr: `1 - ${recorded('slo:burn_rate', slo, windowMs)}`,
      labels: {},
    },
  ];
}

function alerts<S>({ name: slo, burnRateAlerts }: Objective<S>): PrometheusRule[] {
  // Templates take the name from the series: one with braces in it would be a template of its own.
  const name = '{{ $labels.slo }}';
  return [
    ...burnRateAlerts.map((rule): PrometheusRule => {
      const { longMs, shortMs, factor, severity } = rule;
      const over = (ms: number): string => `${recorded('slo:burn_rate', slo, ms)} > ${factor}`;
      return {
        kind: 'alert',
        name: 'SloErrorBudgetBurn',
        expr: `${over(longMs)}\nand ignoring (window) ${over(shortMs)}`,
        // The series' own, once more: promtool takes rules of one name with the same labels for duplicates.
        labels: { window: windowName(longMs), severity },
        annotations: { summary: burnSummary(name, rule, windowName(longMs)) },
      };
    }),
    {
      kind: 'alert',
      name: 'SloNotMeasured',
      expr: `${recorded('slo:seen', slo, NOT_MEASURED.windowMs)} < ${NOT_MEASURED.below}`,
      labels: { severity: 'ticket' },
      annotations: { summary: notMeasuredSummary(name, windowName(NOT_MEASURED.windowMs)) },
    },
  ];
}

const recorded = (record: string, slo: string, ms: number): string =>
  selector(record, [
    ['slo', '=', slo],
    ['window', '=', windowName(ms)],
  ]);
