import { metric, type Metric, type MetricSample } from '../metrics/metric.ts';
import type { CollectorReport, MetricFamily, MetricsRound } from '../metrics/round.ts';
import type { Omission } from './exposed-families.ts';

/** What the exporter tells of itself: of each collector how much of it was seen, and how long ago. */
const complete = metric({
  name: 'groundcrew_collector_complete',
  help: 'Whether all that the collector counts was seen (1) or not (0); absent where the cloud has no service of the kind. Metrics of which nothing was seen are absent.',
  labels: ['collector'],
});
const age = metric({
  name: 'groundcrew_collector_age_seconds',
  help: 'Time since the collector sent its first request: no figure of it is older.',
  unit: 'seconds',
  labels: ['collector'],
});
const calls = metric({
  name: 'groundcrew_collector_calls',
  help: 'Requests that the collector made in the last round.',
  labels: ['collector'],
});
const gaps = metric({
  name: 'groundcrew_collector_gaps',
  help: 'Things that the collector asked for and did not see, or that are not shown as they came.',
  labels: ['collector'],
});
const gapsByKind = metric({
  name: 'groundcrew_collector_gaps_by_kind',
  help: 'The gaps by what is missing and why: denied, unsupported, failed, cut.',
  labels: ['collector', 'kind', 'what'],
});
const roundAge = metric({
  name: 'groundcrew_round_age_seconds',
  help: 'Time since the reading of the cloud began that the figures are of.',
  unit: 'seconds',
});
const roundDuration = metric({
  name: 'groundcrew_round_duration_seconds',
  help: 'Time that the last reading of the cloud took.',
  unit: 'seconds',
});
const roundCalls = metric({
  name: 'groundcrew_round_calls',
  help: 'Requests of the last reading, the token and version documents included.',
});
const readings = metric({
  name: 'groundcrew_readings_total',
  help: 'Readings of the cloud since the exporter began; one that failed has left the older figures.',
  kind: 'counter',
  labels: ['result'],
});
const folded = metric({
  name: 'groundcrew_metric_folded_series',
  help: 'Series beyond the cap of their metric; their sum is the series whose labels are overflow.',
  labels: ['metric'],
});
const refused = metric({
  name: 'groundcrew_metric_refused_series',
  help: 'Series that are not shown: two values of one series (conflict), no number or a label too few (malformed), a name that is taken (declaration).',
  labels: ['metric', 'why'],
});

/** What the exporter tells of itself, by what it means. */
export const ownMetrics = {
  complete,
  age,
  calls,
  gaps,
  gapsByKind,
  roundAge,
  roundDuration,
  roundCalls,
  readings,
  folded,
  refused,
};

export const OWN_METRICS: readonly Metric[] = Object.values(ownMetrics);

/** Names that no collector may use. */
export const OWN_NAMES: ReadonlySet<string> = new Set(OWN_METRICS.map(({ name }) => name));

/** How often the cloud was read since the exporter began. */
export interface ReadingCounts {
  readonly done: number;
  readonly failed: number;
}

/** The exporter's own metrics at a time; of a cloud that was never read only the counts of readings. */
export function ownFamilies(
  shown: { readonly round: MetricsRound; readonly omissions: readonly Omission[] } | undefined,
  counts: ReadingCounts,
  now: number,
): readonly MetricFamily[] {
  const counted = familyOf(readings, [
    { labels: ['done'], value: counts.done },
    { labels: ['failed'], value: counts.failed },
  ]);
  if (shown === undefined) return [counted];
  const { round, omissions } = shown;
  const omitted = (collector: string): number =>
    omissions.filter((omission) => omission.collector === collector && omission.why !== 'folded').length;
  const of = (
    figure: (report: CollectorReport) => number,
    reports: readonly CollectorReport[] = round.collectors,
  ): readonly MetricSample[] =>
    reports.map((report) => ({ labels: [report.collector], value: figure(report) }));
  return [
    familyOf(
      complete,
      of(
        ({ collector, completeness }) => (completeness === 'complete' && omitted(collector) === 0 ? 1 : 0),
        round.collectors.filter(({ isAbsent }) => isAbsent !== true),
      ),
    ),
    familyOf(
      age,
      of(({ startedAt }) => secondsBetween(startedAt, now)),
    ),
    familyOf(
      calls,
      of((report) => report.calls),
    ),
    familyOf(
      gaps,
      of((report) => report.gaps.length + omitted(report.collector)),
    ),
    familyOf(gapsByKind, gapSamples(round)),
    familyOf(roundAge, [{ labels: [], value: secondsBetween(round.startedAt, now) }]),
    familyOf(roundDuration, [{ labels: [], value: secondsBetween(round.startedAt, Date.parse(round.at)) }]),
    familyOf(roundCalls, [{ labels: [], value: round.calls }]),
    counted,
    familyOf(
      folded,
      summed(omissions.filter(({ why }) => why === 'folded').map((each) => [[each.metric], each.series])),
    ),
    familyOf(
      refused,
      summed(
        omissions.filter(({ why }) => why !== 'folded').map((each) => [[each.metric, each.why], each.series]),
      ),
    ),
  ];
}

const familyOf = (of: Metric, samples: readonly MetricSample[]): MetricFamily => ({
  metric: of,
  collector: 'exporter',
  samples,
});

/** Clocks that were put back would make an age negative. */
const secondsBetween = (from: string, to: number): number => Math.max(0, to - Date.parse(from)) / 1000;

const gapSamples = ({ collectors }: MetricsRound): readonly MetricSample[] =>
  summed(
    collectors.flatMap(({ collector, gaps: all }) =>
      all.map(({ kind, what }): [string[], number] => [[collector, kind, what], 1]),
    ),
  );

/** A sample for each label set, with the sum of what was given for it. */
function summed(given: readonly (readonly [labels: readonly string[], value: number])[]): MetricSample[] {
  const found = new Map<string, { readonly labels: readonly string[]; value: number }>();
  for (const [labels, value] of given) {
    const key = JSON.stringify(labels);
    const sample = found.get(key) ?? { labels, value: 0 };
    sample.value += value;
    found.set(key, sample);
  }
  return [...found.values()];
}
