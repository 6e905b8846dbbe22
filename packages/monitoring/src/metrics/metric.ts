import { InputError } from '@groundcrew/ground';

/** What a metric's value does over time, in Prometheus' words. */
export type MetricKind = 'gauge' | 'counter';

/** What a metric is: its name, its meaning, and the labels that tell its series apart. */
export interface Metric {
  /** The whole name in Prometheus' exposition; a counter ends in `_total`. */
  readonly name: string;
  readonly kind: MetricKind;
  /** One sentence: what a value counts, and when the metric is absent. */
  readonly help: string;
  /** As OpenMetrics has it: `seconds`, `bytes`, a count without a name is `undefined`. The name contains it. */
  readonly unit: string | undefined;
  /** In the order in which the values of a `Sample` stand. */
  readonly labels: readonly string[];
  /** The labels that make a series for each thing (ids and names of servers, volumes, …); nobody gets them without asking. */
  readonly ids: readonly string[];
  /** How it compares with openstack-exporter's metric of this name, or of the name that is given. */
  readonly peer: MetricPeer | undefined;
}

/** A metric of openstack-exporter that means the same, or nearly. */
export interface MetricPeer {
  readonly name: string;
  /** What differs; absent where a dashboard can be moved without a change. */
  readonly differs?: string | undefined;
}

/** What `metric` takes: a declaration, with what is mostly the same left out. */
export type MetricDeclaration = Pick<Metric, 'name' | 'help'> & Partial<Metric>;

/** A value with the values of its metric's labels, in their order. */
export interface MetricSample {
  readonly labels: readonly string[];
  readonly value: number;
}

/**
 * Declares a metric.
 *
 * @throws InputError for a name, a label or a unit that Prometheus does not take, and for a label that is there twice
 * @see https://prometheus.io/docs/concepts/data_model/
 * @example metric({ name: 'shop_orders', help: 'Open orders.', labels: ['project'] })
 */
export function metric(declaration: MetricDeclaration): Metric {
  const { name, help, kind = 'gauge', unit, labels = [], ids = [], peer } = declaration;
  const refuse = (field: string, why: string): never => {
    throw new InputError(`metric ${name}: ${field}: ${why}`, { field, operation: 'metric' });
  };
  if (!METRIC_NAME.test(name)) refuse('name', 'is no name of a metric: [a-zA-Z_:][a-zA-Z0-9_:]*');
  if (kind === 'counter' && !name.endsWith('_total')) refuse('name', 'a counter ends in _total');
  if (unit !== undefined && !name.includes(`_${unit}`)) refuse('unit', 'is not part of the name');
  for (const label of labels)
    if (!LABEL_NAME.test(label) || label.startsWith('__')) refuse('labels', `${label} is no label's name`);
  if (new Set(labels).size < labels.length) refuse('labels', 'a label is there twice');
  for (const id of ids) if (!labels.includes(id)) refuse('ids', `${id} is none of the labels`);
  return { name, kind, help, unit, labels, ids, peer };
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
