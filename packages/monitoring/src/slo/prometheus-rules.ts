import { promqlDuration, windowName } from './burn-rate-alerts.ts';
import { burnSummary, NOT_MEASURED, notMeasuredSummary, type Objective, windowsOf } from './objective.ts';

/** One rule of a group; what it has besides its expression is text. */
interface Rule {
  readonly kind: 'record' | 'alert';
  readonly name: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The rules of an objective, as YAML. */
export function prometheusRules<S>(objective: Objective<S>): string {
  const { name } = objective;
  const rules = [...recordings(objective), ...alerts(objective)];
  return [
    '# Made by @groundcrew/monitoring/slo. Ranges are a millisecond shorter than their windows: Prometheus 2 counts a',
    '# sample at the left edge of a range and Prometheus 3 does not, and so both count the same.',
    'groups:',
    `  - name: ${quoted(`slo ${name}`)}`,
    '    rules:',
    ...rules.flatMap((rule) => linesOf(rule)),
    '',
  ].join('\n');
}

function recordings<S>(objective: Objective<S>): Rule[] {
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
    ...windows.map(({ errorRatio, conditions, labels }): Rule => ({
      kind: 'record',
      name: 'slo:burn_rate',
      // NaN is not at least 0, so that what is not known is absent.
      expr: [`${errorRatio} / ${allowed} >= 0`, ...conditions].join('\nand '),
      labels,
    })),
    ...windows.map(({ ms, samples, labels }): Rule => ({
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

function alerts<S>({ name: slo, burnRateAlerts }: Objective<S>): Rule[] {
  // Templates take the name from the series: one with braces in it would be a template of its own.
  const name = '{{ $labels.slo }}';
  return [
    ...burnRateAlerts.map((rule): Rule => {
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
  `${record}{slo=${quoted(slo)},window=${quoted(windowName(ms))}}`;

/** A string of JSON, which is one of YAML and of PromQL as well: only `"` and `\` need their backslash. */
const quoted = (text: string): string => JSON.stringify(text);

function linesOf({ kind, name, expr, labels, annotations }: Rule): string[] {
  return [
    `      - ${kind}: ${name}`,
    '        expr: |-',
    ...expr.split('\n').map((line) => `          ${line}`),
    ...(Object.keys(labels).length === 0 ? [] : mapping('labels', labels)),
    ...(annotations === undefined ? [] : mapping('annotations', annotations)),
  ];
}

const mapping = (key: string, entries: Readonly<Record<string, string>>): string[] => [
  `        ${key}:`,
  ...Object.entries(entries).map(([label, value]) => `          ${label}: ${quoted(value)}`),
];
