import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  grafanaDashboard,
  type GrafanaDashboard,
  type GrafanaPanel,
  type GrafanaRow,
} from '../../src/dashboard.ts';
import { FIGURES } from '../../src/dashboard/figures.ts';
import { OWN_METRICS } from '../../src/exporter/own-metrics.ts';
import { collector, type Metric, metric, metricCollectors, metricLists } from '../../src/metrics.ts';

const everything = Object.values(metricCollectors).map(({ name }) => name);
const dashboard = grafanaDashboard({ collect: everything });

const panelsOf = ({ panels }: GrafanaDashboard): readonly GrafanaPanel[] =>
  panels.filter((each): each is GrafanaPanel => each.type !== 'row');
const rowsOf = ({ panels }: GrafanaDashboard): readonly GrafanaRow[] =>
  panels.filter((each): each is GrafanaRow => each.type === 'row');

/** The panels under each heading. */
function sectionsOf({ panels }: GrafanaDashboard): ReadonlyMap<string, readonly GrafanaPanel[]> {
  const sections = new Map<string, GrafanaPanel[]>();
  let current: GrafanaPanel[] = [];
  for (const each of panels)
    if (each.type === 'row') sections.set(each.title, (current = []));
    else current.push(each);
  return sections;
}

const metrics = new Map<string, Metric>(
  [
    ...OWN_METRICS,
    ...Object.values(metricCollectors).flatMap((each) => each.metrics.map((rule) => rule.metric)),
  ].map((each) => [each.name, each]),
);

const unquoted = (expr: string): string => expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
/** PromQL's words, a variable of Grafana, and labels that Prometheus adds. */
const WORDS = new Set(
  'sum count topk increase rate by without ignoring __rate_interval job instance'.split(' '),
);

/** All words of an expression that are no function: names of metrics and of labels. */
const wordsOf = (expr: string): string[] =>
  [...unquoted(expr).matchAll(/[a-zA-Z_][a-zA-Z0-9_]*/g)]
    .map(([word]) => word)
    .filter((word) => !WORDS.has(word));

describe('queries', () => {
  const queries = [
    ...panelsOf(dashboard).flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
    ),
    ...dashboard.templating.list.flatMap(({ name, query }) =>
      typeof query === 'string' ? [] : [[name, query.query.replace('label_values', ''), ''] as const],
    ),
  ];

  test.each(queries)('%s: %s has declared metrics and their labels only', (_, expr, legend) => {
    const words = wordsOf(expr);
    const named = words.flatMap((word) => metrics.get(word) ?? []);
    expect(named.length).toBeGreaterThan(0);
    const labels = new Set(named.flatMap((each) => each.labels));
    const unknown = words.filter((word) => !metrics.has(word) && !labels.has(word));
    expect(unknown).toEqual([]);
    const legends = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    expect(legends.filter((label) => !labels.has(label))).toEqual([]);
  });

  test('each looks at the exporter that was chosen', () => {
    for (const { targets } of panelsOf(dashboard))
      for (const { expr } of targets) {
        const count = wordsOf(expr).filter((word) => metrics.has(word)).length;
        expect(expr.match(/job="\$job",instance="\$instance"/g), expr).toHaveLength(count);
      }
  });

  test('none makes a figure of what is absent', () => {
    for (const { targets } of panelsOf(dashboard))
      for (const { expr } of targets) expect(expr).not.toMatch(/vector|absent|\bor\b|default/);
  });
});

describe('a list that failed does not look like one that is empty', () => {
  const [first, ...rest] = [...sectionsOf(dashboard)];

  test('first comes how much was seen, of every collector', () => {
    expect(first?.[0]).toBe('What was seen');
    const [panel] = first?.[1] ?? [];
    expect(panel?.type).toBe('state-timeline');
    for (const name of everything) expect(panel?.targets[0]?.expr).toContain(name);
  });

  test.each(rest)('each panel of %s shows while its collector does not see everything', (name, panels) => {
    expect(panels.length).toBeGreaterThan(0);
    for (const { targets, fieldConfig } of panels) {
      const unseen = targets.find(({ refId }) => refId === 'UNSEEN');
      expect(unseen?.expr).toBe(
        `(groundcrew_collector_complete{collector="${name}",job="$job",instance="$instance"} == 0) + 1`,
      );
      const override = fieldConfig.overrides.find(({ matcher }) => matcher.options === 'UNSEEN');
      expect(override?.properties).toContainEqual({
        id: 'color',
        value: { mode: 'fixed', fixedColor: 'red' },
      });
      // A hole stays a hole.
      expect(fieldConfig.defaults['custom']).toMatchObject({ spanNulls: false });
      // And the figures are of that collector: what is seen of another one says nothing here.
      const own = metricCollectors[name as keyof typeof metricCollectors].metrics.map(
        (rule) => rule.metric.name,
      );
      const drawn = targets.filter(({ refId }) => refId !== 'UNSEEN').flatMap(({ expr }) => wordsOf(expr));
      expect(drawn.filter((word) => metrics.has(word) && !own.includes(word))).toEqual([]);
    }
  });
});

test('there are panels of every collector, in the order in which they are collected', () => {
  expect(FIGURES.map((each) => each.collector.name).toSorted()).toEqual(everything.toSorted());
  expect(rowsOf(dashboard).map(({ title }) => title)).toEqual(['What was seen', ...everything]);
  expect(rowsOf(grafanaDashboard({ collect: ['pools', 'servers'] })).map(({ title }) => title)).toEqual([
    'What was seen',
    'pools',
    'servers',
  ]);
});

test('ids are unique, places are in the grid, none is over another, and headings are above what is theirs', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Map<string, number>();
  let above = 0;
  for (const { id, gridPos } of panels) {
    const { x, y, w, h } = gridPos;
    expect(y).toBeGreaterThanOrEqual(above);
    above = y;
    for (let column = x; column < x + w; column += 1)
      for (let line = y; line < y + h; line += 1) {
        expect(column).toBeLessThan(24);
        expect(taken.get(`${column} ${line}`), `${id} at ${column} ${line}`).toBeUndefined();
        taken.set(`${column} ${line}`, id);
      }
  }
});

/**
 * What Grafana's own schema says of the classic model, as far as it is used here: `kinds/dashboard/dashboard_kind.cue` of
 * grafana/grafana, and the panels' own (`public/app/plugins/panel/*`).
 */
const aDatasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${datasource}') });
const aGridPos = z.strictObject({
  h: z.int().min(1),
  w: z.int().min(1).max(24),
  x: z.int().min(0).max(23),
  y: z.int().min(0),
});
const anId = z.int().min(1).max(0xff_ff_ff_ff);
const aColor = z.strictObject({
  mode: z.enum(['thresholds', 'palette-classic', 'fixed']),
  fixedColor: z.string().optional(),
});
const aMapping = z.strictObject({
  type: z.literal('value'),
  options: z.record(z.string(), z.strictObject({ text: z.string(), color: z.string(), index: z.int() })),
});
const aCustom = z.strictObject({
  spanNulls: z.boolean(),
  showPoints: z.enum(['auto', 'never', 'always']).optional(),
  fillOpacity: z.number().min(0).max(100),
  lineWidth: z.number().min(0).max(10).optional(),
});
const someDefaults = z.strictObject({
  unit: z.enum(['short', 'bytes', 'gbytes', 'percentunit', 's']).optional(),
  min: z.number().optional(),
  color: aColor.optional(),
  custom: aCustom,
  mappings: z.array(aMapping).optional(),
  // The first value is -Infinity, which JSON has as null; the others go up.
  thresholds: z
    .strictObject({
      mode: z.enum(['absolute', 'percentage']),
      steps: z.tuple(
        [z.strictObject({ color: z.string(), value: z.null() })],
        z.strictObject({ color: z.string(), value: z.number() }),
      ),
    })
    .optional(),
});
const aPanel = z.strictObject({
  id: anId,
  type: z.enum(['timeseries', 'state-timeline']),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: aDatasource,
  gridPos: aGridPos,
  targets: z
    .array(
      z.strictObject({
        refId: z.string().min(1),
        datasource: aDatasource,
        expr: z.string().min(1),
        legendFormat: z.string().min(1),
        editorMode: z.enum(['code', 'builder']),
        range: z.boolean(),
      }),
    )
    .min(1)
    .refine((targets) => new Set(targets.map(({ refId }) => refId)).size === targets.length, 'refId twice'),
  fieldConfig: z.strictObject({
    defaults: someDefaults,
    overrides: z.array(
      z.strictObject({
        matcher: z.strictObject({ id: z.literal('byFrameRefID'), options: z.string() }),
        properties: z.array(z.strictObject({ id: z.string().min(1), value: z.unknown() })).min(1),
      }),
    ),
  }),
  options: z.record(z.string(), z.unknown()),
});
const aRow = z.strictObject({
  id: anId,
  type: z.literal('row'),
  title: z.string(),
  collapsed: z.literal(false),
  gridPos: aGridPos,
  panels: z.array(z.never()),
});
const aVariable = z.strictObject({
  name: z.string().regex(/^\w+$/),
  label: z.string(),
  type: z.enum(['query', 'datasource']),
  query: z.union([z.string(), z.strictObject({ query: z.string(), refId: z.string() })]),
  datasource: aDatasource.optional(),
  hide: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  multi: z.boolean(),
  includeAll: z.boolean(),
  refresh: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  sort: z.int().min(0).max(8).optional(),
});
const aDashboard = z.strictObject({
  id: z.null(),
  uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
  title: z.string().min(1),
  description: z.string(),
  tags: z.array(z.string()),
  // 39 is of Grafana 11.0; one that a Grafana does not know yet, it would not bring up to its own.
  schemaVersion: z.literal(39),
  editable: z.boolean(),
  graphTooltip: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  timezone: z.literal('browser'),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  refresh: z.string().regex(/^\d+[smhd]$/),
  templating: z.strictObject({ list: z.array(aVariable) }),
  annotations: z.strictObject({ list: z.array(z.never()) }),
  links: z.array(z.never()),
  panels: z.array(z.union([aRow, aPanel])),
});

test("it is what Grafana's schema says, and comes out of JSON as it went in", () => {
  const text = JSON.stringify(dashboard);
  expect(JSON.parse(text)).toEqual(dashboard);
  const { success, error } = aDashboard.safeParse(JSON.parse(text));
  expect(error).toBeUndefined();
  expect(success).toBe(true);
});

test('the Prometheus is a variable, and job and instance are asked of it', () => {
  expect(dashboard.templating.list).toMatchObject([
    { name: 'datasource', type: 'datasource', query: 'prometheus' },
    { name: 'job', query: { query: 'label_values(groundcrew_readings_total, job)' } },
    { name: 'instance', query: { query: 'label_values(groundcrew_readings_total{job="$job"}, instance)' } },
  ]);
});

describe('a collector of your own', () => {
  const shop = collector({
    name: 'shop',
    help: 'A shop.',
    lists: [metricLists.servers],
    metrics: [
      {
        metric: metric({ name: 'shop_size_bytes', help: 'Size.', unit: 'bytes', labels: ['kind', 'shelf'] }),
        draw: () => [],
      },
      {
        metric: metric({ name: 'shop_orders_total', kind: 'counter', help: 'Orders.' }),
        draw: () => [],
      },
      {
        metric: metric({ name: 'shop_order', help: 'An order.', labels: ['id'], ids: ['id'] }),
        draw: () => [],
      },
    ],
  });
  const drawn = (ids: readonly string[]) =>
    sectionsOf(grafanaDashboard({ collect: [shop], ids }))
      .get('shop')
      ?.map(({ title, targets, fieldConfig }) => [
        title,
        targets[0]?.expr,
        targets[0]?.legendFormat,
        fieldConfig.defaults['unit'],
      ]);
  const where = '{job="$job",instance="$instance"}';
  const shared = [
    ['Size.', `topk(20, shop_size_bytes${where})`, '{{kind}} {{shelf}}', 'bytes'],
    ['Orders.', `topk(20, rate(shop_orders_total${where}[$__rate_interval]))`, 'shop_orders_total', 'short'],
  ];

  test('has a panel for each metric', () => {
    expect(drawn([])).toEqual(shared);
  });

  test('has one of single things only where they are asked for', () => {
    const one = ['An order.', `topk(20, shop_order${where})`, '{{id}}', 'short'];
    expect(drawn(['shop'])).toEqual([...shared, one]);
    expect(drawn(['shop_order'])).toEqual([...shared, one]);
  });
});

test.each([
  [{ uid: 'a/b' }, 'uid'],
  [{ uid: 'x'.repeat(41) }, 'uid'],
  [{ title: 'a\nb' }, 'title'],
  [{ tags: [''] }, 'tags.0'],
  [{ collect: ['nothing'] }, 'collect'],
  [{ ids: ['nothing'] }, 'ids.0'],
  [{ datasource: 'x' }, 'datasource'],
])('%j is refused by its field', (options, field) => {
  expect(() => grafanaDashboard(options as never)).toThrow(
    expect.objectContaining({ code: 'input', field: expect.stringContaining(field) }),
  );
});
