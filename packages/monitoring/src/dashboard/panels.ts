import { ownMetrics } from '../exporter/own-metrics.ts';
import type { Collector } from '../metrics/collector.ts';
import type { DeclaredSeries } from '../metrics/declared-series.ts';
import type { Figure } from './figure.ts';
import type { GrafanaDatasource, GrafanaOverride, GrafanaPanel, GrafanaTarget } from './grafana-model.ts';

/** A panel before it has its place. */
export type Unplaced = Omit<GrafanaPanel, 'id' | 'gridPos'>;

/** The variable that names the Prometheus. */
export const DATASOURCE: GrafanaDatasource = { type: 'prometheus', uid: '${datasource}' };

export const target = (refId: string, expr: string, legendFormat: string): GrafanaTarget => ({
  refId,
  datasource: DATASOURCE,
  expr,
  legendFormat,
  editorMode: 'code',
  range: true,
});

/** A panel with lines. Where a figure is absent, its line has a hole: nothing is drawn over what was not seen. */
export const lines = (
  title: string,
  description: string,
  targets: readonly GrafanaTarget[],
  unit: string,
  overrides: readonly GrafanaOverride[] = [],
): Unplaced => ({
  type: 'timeseries',
  title,
  description,
  datasource: DATASOURCE,
  targets,
  fieldConfig: {
    defaults: { unit, min: 0, custom: { spanNulls: false, showPoints: 'auto', fillOpacity: 5 } },
    overrides,
  },
  options: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
});

/** A figure of a collector, over a red ground while the collector does not see everything. */
export function figurePanel(figure: Figure, collector: Collector, series: DeclaredSeries): Unplaced {
  const { title, lines: drawn, unit = 'short' } = figure;
  const targets = drawn.map(({ expr, legend }, index) =>
    target(
      String.fromCodePoint(65 + index),
      expr((metric, ...matchers) => series.in(collector, metric, ...matchers)),
      legend,
    ),
  );
  const complete = series.of(ownMetrics.complete, ['collector', '=', collector.name]);
  return lines(
    title,
    `${collector.help} Where the ground is red, the collector did not see everything: what is drawn may be too little, and what is not there is not 0.`,
    [...targets, target(UNSEEN, `(${complete} == 0) + 1`, 'not everything was seen')],
    unit,
    [RED_GROUND],
  );
}

const UNSEEN = 'UNSEEN';

/** Bars as high as the panel, on an axis of their own that is not shown. */
const RED_GROUND: GrafanaOverride = {
  matcher: { id: 'byFrameRefID', options: UNSEEN },
  properties: [
    { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
    { id: 'custom.drawStyle', value: 'bars' },
    { id: 'custom.lineWidth', value: 0 },
    { id: 'custom.fillOpacity', value: 30 },
    { id: 'custom.axisPlacement', value: 'hidden' },
    { id: 'unit', value: 'none' },
    { id: 'max', value: 1 },
  ],
};
