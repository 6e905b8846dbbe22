import {
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { type CollectedBy, collectorsOf, collectShape } from '../metrics/chosen.ts';
import { declaredMetric, DeclaredSeries } from '../metrics/declared-series.ts';
import { type IsWanted, wantedOf } from '../metrics/wanted.ts';
import { furtherLabels, oneLine } from '../prometheus/label-text.ts';
import { literal, rulesYaml } from '../prometheus/rules-yaml.ts';
import type { Alert } from './alert.ts';
import type { AlertRule } from './alert-rule.ts';
import { capacityAlerts } from './capacity-alerts.ts';
import { readingAlerts } from './reading-alerts.ts';
import { serviceAlerts } from './service-alerts.ts';
import { stateAlerts } from './state-alerts.ts';

export interface AlertRulesOptions extends CollectedBy {
  /** As the exporter is given them: alerts over single things are there only where their series are. @default none */
  readonly ids?: readonly string[] | undefined;
  /** The label `job` that Prometheus gives the exporter; alerts look at its series only. @default every series of the name */
  readonly job?: string | undefined;
  /** Share of a pool, from 0 to 1, that should be free, and of what a thin pool may promise. @default 0.15 */
  readonly freeShare?: number | undefined;
  /** Share, from 0 to 1, of quotas, addresses and resources, above which they are nearly used. @default 0.9 */
  readonly usedShare?: number | undefined;
  /** Age from which on figures are old. @default '10m' */
  readonly old?: Duration | undefined;
  /** Further labels of all alerts: `{ team: 'compute' }`. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Alerts over what an exporter shows. */
export interface AlertRules {
  readonly rules: readonly AlertRule[];
  /** YAML of a file of rules for Prometheus. */
  toPrometheusRules(): string;
}

const aShare = z.number().gt(0).lt(1);

const schema = optionsSchema<AlertRulesOptions>({
  ...collectShape,
  ids: z.array(z.string()).optional(),
  job: oneLine.optional(),
  freeShare: aShare.optional(),
  usedShare: aShare.optional(),
  old: aPositiveDuration.optional(),
  labels: furtherLabels('severity', 'alertname', 'collector', 'quota', 'job', 'instance').optional(),
});

/**
 * Alerts for Prometheus over the figures that an exporter shows, made from the declarations of the metrics. Each collector
 * that an alert rests on has alerts of the same severity for the case that it does not see everything, is old, or is not there.
 *
 * @param options - `collect` and `ids` as the exporter has them
 * @throws InputError that names the option
 * @example
 * const alerts = alertRules({ collect: ['servers', 'services', 'pools'], job: 'openstack' });
 * await writeFile('alerts.yml', alerts.toPrometheusRules());
 */
export function alertRules(options: AlertRulesOptions = {}): AlertRules {
  parseArguments('alertRules', schema, options);
  const { ids = [], job, freeShare = 0.15, usedShare = 0.9, labels = {} } = options;
  const collectors = collectorsOf('alertRules', options.collect);
  const isWanted = wantedOf('alertRules', collectors, ids);
  const series = new DeclaredSeries(job === undefined ? [] : [['job', '=', job]]);
  const chosen = ALERTS.filter((alert) => collectors.includes(alert.collector) && hasSeries(alert, isWanted));
  const overFigures = chosen.map((alert) => ruleOf(alert, series, { freeShare, usedShare }));
  const paged = new Set(
    chosen.filter(({ severity }) => severity === 'page').map(({ collector }) => collector),
  );
  const named = (isPaged: boolean): readonly string[] =>
    collectors.filter((each) => paged.has(each) === isPaged).map(({ name }) => name);
  const overReading = readingAlerts(series, {
    collectors: { page: named(true), ticket: named(false) },
    metrics: series.metrics,
    job,
    oldMs: milliseconds(options.old ?? '10m'),
  });
  const rules = [...overReading, ...overFigures].map((rule) => ({
    ...rule,
    labels: { ...labels, ...rule.labels },
  }));
  return { rules, toPrometheusRules: () => yamlOf(rules) };
}

const ALERTS: readonly Alert[] = [...serviceAlerts, ...stateAlerts, ...capacityAlerts];

/** Whether all metrics that an alert is over are given. */
function hasSeries({ collector, expr }: Alert, isWanted: IsWanted): boolean {
  const needed = new DeclaredSeries();
  expr((name, ...matchers) => needed.in(collector, name, ...matchers), { freeShare: 0, usedShare: 0 });
  return needed.metrics.every((name) => isWanted(collector, declaredMetric(collector, name)));
}

function ruleOf(
  { name, collector, expr, for: held, severity, summary, runbook, labels = {} }: Alert,
  series: DeclaredSeries,
  thresholds: { readonly freeShare: number; readonly usedShare: number },
): AlertRule {
  return {
    name,
    expr: expr((metric, ...matchers) => series.in(collector, metric, ...matchers), thresholds),
    forMs: milliseconds(held),
    severity,
    summary,
    runbook,
    labels,
    collectors: [collector.name],
  };
}

const yamlOf = (rules: readonly AlertRule[]): string =>
  rulesYaml(
    ['Made by @groundcrew/monitoring/alerts.'],
    [
      {
        name: 'openstack',
        rules: rules.map(({ name, expr, forMs, severity, summary, runbook, labels }) => ({
          kind: 'alert',
          name,
          expr,
          forMs,
          labels: { ...mapped(labels, literal), severity },
          annotations: { summary, runbook: literal(runbook) },
        })),
      },
    ],
  );

const mapped = (
  given: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]));
