import { ownMetrics } from '../exporter/own-metrics.ts';
import type { DeclaredSeries } from '../metrics/declared-series.ts';
import { type Matcher, selector } from '../prometheus/promql.ts';
import type { AlertRule } from './alert-rule.ts';
import { type AlertSeverity, COUNT, label } from './alert.ts';

/** What the alerts over figures rest on. */
export interface Watched {
  /** The collectors whose figures alerts of a severity are over, and those that no alert is over as tickets. */
  readonly collectors: Readonly<Record<AlertSeverity, readonly string[]>>;
  /** The metrics that alerts are over. */
  readonly metrics: readonly string[];
  /** The label `job` of the exporter in Prometheus. */
  readonly job: string | undefined;
  readonly oldMs: number;
}

/**
 * Alerts over the reading itself. An alert over a figure is silent where the figure is absent: so whatever takes a figure away
 * has an alert here, as urgent as the one that it silences.
 */
export function readingAlerts(series: DeclaredSeries, watched: Watched): AlertRule[] {
  const severities = (['page', 'ticket'] as const).filter(
    (severity) => watched.collectors[severity].length > 0,
  );
  return [
    exporterAbsent(series, watched),
    ...severities.flatMap((severity) => ofCollectors(series, severity, watched)),
    ...(watched.metrics.length === 0 ? [] : [seriesFolded(series, watched.metrics)]),
  ];
}

function exporterAbsent(series: DeclaredSeries, { job }: Watched): AlertRule {
  const absent = `absent(${series.of(ownMetrics.readings)})`;
  return {
    name: 'GroundcrewExporterAbsent',
    // Prometheus' own metric tells of one of several exporters, too.
    expr: job === undefined ? absent : `${selector('up', [['job', '=', job]])} == 0\nor ${absent}`,
    forMs: FIVE_MINUTES,
    severity: 'page',
    collectors: [],
    labels: {},
    summary: "The exporter of OpenStack's figures does not answer: nothing of the cloud is watched",
    runbook:
      'Ask its address with curl: a 503 says why nothing is known yet. If it answers, look at the targets of Prometheus.',
  };
}

function ofCollectors(series: DeclaredSeries, severity: AlertSeverity, watched: Watched): AlertRule[] {
  const { collectors, oldMs } = watched;
  const names = collectors[severity];
  const these: Matcher = ['collector', '=~', names.join('|')];
  const shared = { severity, collectors: names, labels: {} };
  const { complete, age, roundCalls } = ownMetrics;
  return [
    {
      ...shared,
      name: 'GroundcrewCollectorIncomplete',
      expr: `${series.of(complete, these)} == 0`,
      forMs: FIFTEEN_MINUTES,
      summary: `The collector ${label('collector')} does not see everything: what it misses is absent, and alerts over it are silent`,
      runbook:
        'groundcrew_collector_gaps_by_kind says what is missing, and onRound of the exporter why: denied is a role that its user lacks, failed a service that does not answer, cut a list that ended too early.',
    },
    {
      ...shared,
      name: 'GroundcrewCollectorOld',
      expr: `${series.of(age, these)} > ${oldMs / 1000}`,
      forMs: FIVE_MINUTES,
      summary: `The figures of the collector ${label('collector')} are {{ $value | humanizeDuration }} old`,
      runbook:
        'The exporter shows what it has while it cannot read anew: groundcrew_readings_total with the result failed counts how often, and onError of the exporter says why. Mostly its sign-in fails.',
    },
    ...names.map((name): AlertRule => ({
      ...shared,
      name: 'GroundcrewCollectorMissing',
      expr: `${series.of(roundCalls)}\nunless ignoring (collector) ${series.of(age, ['collector', '=', name])}`,
      forMs: FIFTEEN_MINUTES,
      collectors: [name],
      labels: { collector: name },
      // Templates see the labels of the series, and not those that the rule adds.
      summary: `An exporter does not have the collector "${name}": alerts over it are silent`,
      runbook: 'Name it in the option collect of the exporter, or leave it out of that of the alerts.',
    })),
  ];
}

const seriesFolded = (series: DeclaredSeries, metrics: readonly string[]): AlertRule => ({
  name: 'GroundcrewSeriesFolded',
  expr: `${series.of(ownMetrics.folded, ['metric', '=~', metrics.join('|')])} > 0`,
  forMs: FIFTEEN_MINUTES,
  severity: 'ticket',
  collectors: [],
  labels: {},
  summary: `${COUNT} series of ${label('metric')} are beyond the cap and in one sum: alerts do not see each of them`,
  runbook:
    'Raise the option series of the exporter, if Prometheus has room for them, or watch fewer single things.',
});

const FIVE_MINUTES = 300_000;
const FIFTEEN_MINUTES = 900_000;
