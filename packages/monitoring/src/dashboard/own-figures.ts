import type { Collector } from '../metrics/collector.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Figure } from './figure.ts';

/**
 * Figures of a collector that nobody has drawn: one for each of its metrics, with the twenty greatest series.
 *
 * @param isWanted - whether the series of a metric are there
 */
export const ownFigures = (
  { metrics }: Collector,
  isWanted: (metric: Metric) => boolean,
): readonly Figure[] => metrics.flatMap(({ metric }) => (isWanted(metric) ? [figureOf(metric)] : []));

const figureOf = ({ name, help, kind, unit, labels }: Metric): Figure => ({
  title: help,
  lines: [
    {
      expr: (series) =>
        `topk(20, ${kind === 'counter' ? `rate(${series(name)}[$__rate_interval])` : series(name)})`,
      legend: labels.length === 0 ? name : labels.map((label) => `{{${label}}}`).join(' '),
    },
  ],
  unit: unit === 'bytes' ? 'bytes' : unit === 'ratio' ? 'percentunit' : undefined,
});
