import { isPlain, labelValue } from './label-text.ts';
import type { Metric, MetricSample } from '../metrics/metric.ts';
import type { MetricFamily } from '../metrics/round.ts';

/** A metric with its series as they are shown: each label set once. */
export interface ExposedFamily {
  readonly metric: Metric;
  /** The collector that gave it; of several the first. */
  readonly collector: string;
  /** Of each series the values of the metric's labels, as they came: whoever shows them asks `labelValue`. */
  readonly labels: readonly (readonly string[])[];
  readonly values: readonly number[];
}

/** Series that are not shown as they came. */
export interface Omission {
  readonly metric: string;
  readonly collector: string;
  /**
   * `folded`: they are in the series `overflow`. `conflict`: one label set came with two values. `malformed`: a value for
   * each label and a number were not there. `declaration`: the name is another metric's.
   */
  readonly why: 'folded' | 'conflict' | 'malformed' | 'declaration';
  readonly series: number;
}

export interface ExposedFamilies {
  /** By the name of the metric, in the order of the names. */
  readonly families: ReadonlyMap<string, ExposedFamily>;
  readonly omissions: readonly Omission[];
}

/** The value of every label of the series that holds what is beyond the cap. */
const OVERFLOW = 'overflow';

/**
 * Makes of a round's families what Prometheus takes: one group for each name, no label set twice, no more series than `cap`
 * for a metric. A scrape with one duplicate is refused by Prometheus as a whole, so what is in doubt is left out and counted.
 *
 * @param reserved - names that are taken
 */
export function exposeFamilies(
  given: readonly MetricFamily[],
  cap: number,
  reserved: ReadonlySet<string> = new Set(),
): ExposedFamilies {
  const omissions: Omission[] = [];
  const groups = new Map<string, MetricFamily[]>();
  for (const family of given) {
    const { name } = family.metric;
    const group = groups.get(name);
    if (reserved.has(name) || (group?.[0] !== undefined && !sameMetric(group[0].metric, family.metric)))
      omissions.push(omission(family, 'declaration', family.samples.length));
    else if (group === undefined) groups.set(name, [family]);
    else group.push(family);
  }
  const families = new Map<string, ExposedFamily>();
  for (const [name, group] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const exposed = exposeGroup(group, cap, omissions);
    // A metric without a series says nothing; its absence is what its collector's own metrics explain.
    if (exposed !== undefined && exposed.values.length > 0) families.set(name, exposed);
  }
  return { families, omissions };
}

const omission = ({ metric, collector }: MetricFamily, why: Omission['why'], series: number): Omission => ({
  metric: metric.name,
  collector,
  why,
  series,
});

const sameMetric = (a: Metric, b: Metric): boolean =>
  a === b || (a.kind === b.kind && a.unit === b.unit && a.labels.join() === b.labels.join());

function exposeGroup(
  group: readonly MetricFamily[],
  cap: number,
  omissions: Omission[],
): ExposedFamily | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const { metric, collector } = first;
  const labels: (readonly string[])[] = [];
  const values: number[] = [];
  for (const family of group) {
    let malformed = 0;
    for (const sample of family.samples) {
      if (!isWhole(sample, metric)) {
        malformed += 1;
        continue;
      }
      labels.push(sample.labels);
      values.push(sample.value);
    }
    if (malformed > 0) omissions.push(omission(family, 'malformed', malformed));
  }
  const { family: once, conflicts } = withoutDuplicates({ metric, collector, labels, values });
  if (conflicts > 0) omissions.push(omission(first, 'conflict', conflicts));
  if (once.values.length <= cap) return once;
  omissions.push(omission(first, 'folded', once.values.length - cap + 1));
  return folded(once, cap);
}

const isWhole = ({ labels, value }: MetricSample, metric: Metric): boolean =>
  labels.length === metric.labels.length && typeof value === 'number' && !Number.isNaN(value);

/** The values of a series' labels as one text that no other label set that is shown has: none of those has a NUL. */
const keyOf = (values: readonly string[]): string => values.map(labelValue).join('\0');

/**
 * Each label set once. The same value twice is one series (Cinder lists a service twice when two of it are active); two
 * values are a contradiction, and neither is shown.
 */
function withoutDuplicates(family: ExposedFamily): { family: ExposedFamily; conflicts: number } {
  const { labels, values } = family;
  if (hasDistinctIds(family)) return { family, conflicts: 0 };
  const firsts = new Map<string, number>();
  const twice = new Set<string>();
  labels.forEach((own, index) => {
    const key = keyOf(own);
    const before = firsts.get(key);
    if (before === undefined) firsts.set(key, index);
    else if (values[before] !== values[index]) twice.add(key);
  });
  if (firsts.size === labels.length) return { family, conflicts: 0 };
  for (const key of twice) firsts.delete(key);
  return { family: picked(family, [...firsts.values()]), conflicts: twice.size };
}

/** Whether the values of an id alone tell all series apart, which is cheaper to see than that their whole label sets do. */
function hasDistinctIds({ metric, labels }: ExposedFamily): boolean {
  const at = metric.labels.findIndex((label) => metric.ids.includes(label));
  if (at === -1) return false;
  const ids = new Set<string>();
  for (const own of labels) {
    const id = own[at] ?? '';
    if (!isPlain(id)) return false;
    ids.add(id);
  }
  return ids.size === labels.length;
}

/** What is kept goes by the order of the label sets, so that a new server does not change which of the others is shown. */
function folded(family: ExposedFamily, cap: number): ExposedFamily {
  const { metric, collector, labels, values } = family;
  const overflow = metric.labels.map(() => OVERFLOW);
  const overflowKey = keyOf(overflow);
  const keys = labels.map(keyOf);
  const key = (index: number): string => keys[index] ?? '';
  // A thing that is called so itself comes last, and is folded: its series would be there twice.
  const isOverflow = (index: number): number => (key(index) === overflowKey ? 1 : 0);
  const order = keys.map((_, index) => index);
  order.sort((a, b) => isOverflow(a) - isOverflow(b) || (key(a) < key(b) ? -1 : 1));
  const kept = picked(family, order.slice(0, cap - 1));
  const rest = order.slice(cap - 1).reduce((sum, index) => sum + (values[index] ?? 0), 0);
  return { metric, collector, labels: [...kept.labels, overflow], values: [...kept.values, rest] };
}

const picked = (
  { metric, collector, labels, values }: ExposedFamily,
  at: readonly number[],
): ExposedFamily => ({
  metric,
  collector,
  labels: at.map((index) => labels[index] ?? []),
  values: at.map((index) => values[index] ?? Number.NaN),
});
