import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { ownMetrics } from '../exporter/own-metrics.ts';
import { type CollectedBy, collectorsOf, collectShape } from '../metrics/chosen.ts';
import type { Collector } from '../metrics/collector.ts';
import { DeclaredSeries } from '../metrics/declared-series.ts';
import { type IsWanted, wantedOf } from '../metrics/wanted.ts';
import { oneLine } from '../prometheus/label-text.ts';
import { selector } from '../prometheus/promql.ts';
import { FIGURES } from './figures.ts';
import type { GrafanaDashboard, GrafanaVariable } from './grafana-model.ts';
import { placed, type Section } from './layout.ts';
import { ownFigures } from './own-figures.ts';
import { DATASOURCE, figurePanel } from './panels.ts';
import { readingPanels } from './reading-panels.ts';

export interface DashboardOptions extends CollectedBy {
  /** As the exporter is given them; of collectors of your own, metrics of single things are drawn only then. @default none */
  readonly ids?: readonly string[] | undefined;
  /** @default 'OpenStack' */
  readonly title?: string | undefined;
  /** By which Grafana knows it again: letters, digits, `-` and `_`, at most 40. @default 'groundcrew-openstack' */
  readonly uid?: string | undefined;
  /** @default ['openstack'] */
  readonly tags?: readonly string[] | undefined;
}

const schema = optionsSchema<DashboardOptions>({
  ...collectShape,
  ids: z.array(z.string()).optional(),
  title: oneLine.optional(),
  uid: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,40}$/, 'has letters, digits, - and _, at most 40')
    .optional(),
  tags: z.array(oneLine).optional(),
});

/** Of Grafana 11.0; newer ones bring it up to theirs when they load it. */
const SCHEMA_VERSION = 39;

/**
 * A dashboard for Grafana over the figures that an exporter shows, in Grafana's JSON: to be imported, or provisioned from a
 * file. Its Prometheus, and the job and the instance of the exporter, are chosen above it.
 *
 * First comes how much was seen. Each panel has a red ground while its collector does not see everything, so that a list that
 * failed does not look like one that is empty.
 *
 * @param options - `collect` and `ids` as the exporter has them
 * @throws InputError that names the option
 * @example await writeFile('openstack.json', JSON.stringify(grafanaDashboard({ collect: ['servers', 'pools'] })));
 */
export function grafanaDashboard(options: DashboardOptions = {}): GrafanaDashboard {
  parseArguments('grafanaDashboard', schema, options);
  const { ids = [], title = 'OpenStack', uid = 'groundcrew-openstack', tags = ['openstack'] } = options;
  const collectors = collectorsOf('grafanaDashboard', options.collect);
  const isWanted = wantedOf('grafanaDashboard', collectors, ids);
  const series = new DeclaredSeries([
    ['job', '=', '$job'],
    ['instance', '=', '$instance'],
  ]);
  const sections: readonly Section[] = [
    { title: 'What was seen', panels: readingPanels(series, collectors) },
    ...collectors.map((collector) => ({
      title: collector.name,
      panels: figuresOf(collector, isWanted).map((figure) => figurePanel(figure, collector, series)),
    })),
  ];
  return {
    id: null,
    uid,
    title,
    description: 'Made by @groundcrew/monitoring/dashboard.',
    tags: [...tags],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    templating: { list: variables() },
    annotations: { list: [] },
    links: [],
    panels: placed(sections),
  };
}

const figuresOf = (collector: Collector, isWanted: IsWanted) =>
  FIGURES.find((each) => each.collector === collector)?.figures ??
  ownFigures(collector, (metric) => isWanted(collector, metric));

function variables(): readonly GrafanaVariable[] {
  const shared = { hide: 0, multi: false, includeAll: false } as const;
  const { name } = ownMetrics.readings;
  const labelValues = (label: string, query: string): GrafanaVariable => ({
    ...shared,
    name: label,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: { query: `label_values(${query}, ${label})`, refId: label },
    refresh: 2,
    sort: 1,
  });
  return [
    {
      ...shared,
      name: 'datasource',
      label: 'Prometheus',
      type: 'datasource',
      query: 'prometheus',
      refresh: 1,
    },
    labelValues('job', name),
    labelValues('instance', selector(name, [['job', '=', '$job']])),
  ];
}
