import { InputError } from '@groundcrew/ground';
import type { Metric } from './metric.ts';
import type { Detail, MetricDetails, MetricList } from './metric-list.ts';

/** The value of a label: `null` is an empty one, `undefined` a field that the service did not send. */
export type LabelValue = string | number | boolean | null | undefined;

/** A value with its labels, in the metric's order. `undefined` and `null` are values that the service did not send. */
export type DrawnSample = readonly [value: number | null | undefined, ...labels: readonly LabelValue[]];

/** What is known beside the element that samples are drawn from. */
export interface DrawContext<K> {
  /** The lists of `with`, whole. */
  readonly lists: K;
  /** The id of the own project, if the service shows this user no other's things; otherwise `undefined`. */
  readonly ownProject: string | undefined;
}

/** A metric, and how its samples are drawn from the elements of a list. */
export interface MetricRule<T, K = object> {
  readonly metric: Metric;
  /**
   * `sum`: values with equal labels are added up, and given only if every list of the collector was read to its end. `each`:
   * an element has series of its own, true whatever else was not read; of several with equal labels the greatest value
   * counts. @default 'sum'
   */
  readonly by?: 'sum' | 'each' | undefined;
  /** Labels of which a whole list without such an element gives 0. @default those of a metric without labels */
  readonly zeros?: readonly (readonly string[])[] | undefined;
  /** Whether values below 0 mean something. @default false: they leave a gap */
  readonly isSigned?: boolean | undefined;
  /** The samples of one element; none if the metric does not count it. */
  draw(element: T, context: DrawContext<K>): readonly DrawnSample[];
}

/** What a list hands to `draw`: its elements, or the answer about each. */
export type ElementOf<S> =
  S extends MetricDetails<infer P, infer F> ? Detail<P, F> : S extends MetricList<infer E> ? E : never;

/** The elements of each list, by the names that a collector has for them. */
export type KeptLists<W> = { readonly [K in keyof W]: readonly ElementOf<W[K]>[] };

/** What `collector` takes. */
export interface CollectorDeclaration<
  N extends string,
  L extends MetricSource,
  W extends Readonly<Record<string, MetricList<object>>>,
> {
  readonly name: N;
  /** One sentence: what it counts. */
  readonly help: string;
  /** Lists whose elements are folded as they come, and not kept. */
  readonly lists: readonly L[];
  /** Lists that are kept for `draw`. Unless each is whole, the collector gives nothing. */
  readonly with?: W | undefined;
  readonly metrics: readonly MetricRule<ElementOf<NoInfer<L>>, KeptLists<NoInfer<W>>>[];
}

/** A set of metrics that are drawn from the same lists, and of which a round says together how much was seen. */
export interface Collector<N extends string = string> {
  readonly name: N;
  readonly help: string;
  readonly lists: readonly MetricSource[];
  readonly with: Readonly<Record<string, MetricList<object>>>;
  readonly metrics: readonly MetricRule<object>[];
}

/** A list, or a question about each element of one. */
export type MetricSource = MetricList<object> | MetricDetails<object, object>;

/**
 * Declares a collector: data, from which `collectMetrics` reads and folds, and `planCalls` counts.
 *
 * @throws InputError for a name that is no label's value to be typed (`[a-z0-9-]`), or a collector without lists or metrics
 * @example
 * const paused = collector({
 *   name: 'paused',
 *   help: 'Paused servers.',
 *   lists: [metricLists.servers],
 *   metrics: [
 *     {
 *       metric: metric({ name: 'shop_paused_servers', help: 'Paused servers.', labels: ['project_id'] }),
 *       draw: (server) => (server.status === 'PAUSED' ? [[1, server.tenant_id]] : []),
 *     },
 *   ],
 * });
 */
export function collector<
  const N extends string,
  L extends MetricSource,
  W extends Readonly<Record<string, MetricList<object>>> = Readonly<Record<string, never>>,
>(declaration: CollectorDeclaration<N, L, W>): Collector<N> {
  const { name, help, lists, metrics } = declaration;
  const refuse = (field: string, why: string): never => {
    throw new InputError(`collector ${name}: ${field}: ${why}`, { field, operation: 'collector' });
  };
  if (!/^[a-z][a-z0-9-]*$/.test(name)) refuse('name', 'has small letters, digits and hyphens only');
  if (lists.length === 0) refuse('lists', 'reads nothing');
  if (metrics.length === 0) refuse('metrics', 'has none');
  const names = metrics.map(({ metric }) => metric.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) refuse('metrics', `${twice} is there twice`);
  // From here on only the lists know what their elements are.
  return {
    name,
    help,
    lists,
    with: declaration.with ?? {},
    metrics,
  };
}
