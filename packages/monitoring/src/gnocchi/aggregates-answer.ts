import { z } from 'zod';
import { type AggregateSeries, readSeries, type SeriesBounds } from './aggregate-series.ts';
import { asFloats } from './gnocchi-operations.ts';
import { type GnocchiValuePoint, ValuePoint } from './gnocchi-series.ts';

/** One series of an answer, and whose it is. */
export interface GnocchiAggregateSeries extends AggregateSeries {
  /** The values of the attributes that were grouped by. */
  readonly group: Readonly<Record<string, string | null>>;
  /** Where series were not made one: the metric's name, or its id, and the method; and the id of the resource as Gnocchi has it. */
  readonly metric: string | undefined;
  readonly method: string | undefined;
  readonly resource: string | undefined;
  /**
   * Where series were made one: from how many, at each time. A sum of fewer series is lower, though nothing fell. `undefined`: the
   * operations have no single `aggregate`, or Gnocchi did not tell.
   */
  readonly of: ReadonlyMap<number, number> | undefined;
}

const Points = z.array(ValuePoint);
const ByMethod = z.record(z.string(), Points);
/** By metric and method, or by resource, metric and method; or made one (`gnocchi/rest/aggregates/processor.py`, `aggregated`). */
const Measures = z.union([
  z.strictObject({ aggregated: Points }),
  z.record(z.string(), ByMethod),
  z.record(z.string(), z.record(z.string(), ByMethod)),
]);
const Whole = z.looseObject({ measures: Measures });
const Groups = z.array(
  z.looseObject({
    group: z.record(
      z.string(),
      z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]).nullable(),
    ),
    measures: Whole,
  }),
);

/** An answer of `aggregates`. */
export const AggregatesAnswer = z.union([Groups, Whole]);

/** Series of one answer. What is behind them is not read, and the answer is said to be cut. */
const MOST_SERIES = 10_000;

/** A series as it was told: the keys above it, outermost first, and its points. */
export interface ToldSeries {
  readonly group: Readonly<Record<string, string | null>>;
  readonly path: readonly string[];
  readonly points: readonly GnocchiValuePoint[];
}

/** The series of an answer, in its order. */
export const toldSeries = (body: z.output<typeof AggregatesAnswer>): ToldSeries[] =>
  Array.isArray(body)
    ? body.flatMap(({ group, measures }) => told(measures.measures, group))
    : told(body.measures, {});

function told(measures: z.output<typeof Measures>, group: ToldSeries['group']): ToldSeries[] {
  const found: ToldSeries[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value)) found.push({ group, path, points: value as GnocchiValuePoint[] });
    else for (const [key, below] of Object.entries(value as object)) walk(below, [...path, key]);
  };
  walk(measures, []);
  return found;
}

/** What is made of them; what is odd, in words. */
export function aggregateSeries(
  answer: readonly ToldSeries[],
  counts: readonly ToldSeries[],
  bounds: SeriesBounds,
): { readonly value: GnocchiAggregateSeries[]; readonly odd: string[] } {
  const odd: string[] = [];
  const value: GnocchiAggregateSeries[] = [];
  const countsOf = new Map(counts.map((counted) => [JSON.stringify(counted.group), counted.points]));
  for (const { group, path, points } of answer.slice(0, MOST_SERIES)) {
    const isOne = path.length === 1;
    const [method, metric, resource] = path.toReversed();
    const counted = isOne ? countsOf.get(JSON.stringify(group)) : undefined;
    for (const read of readSeries(points, bounds)) {
      odd.push(...read.odd);
      value.push({
        ...read.series,
        group,
        metric: isOne ? undefined : metric,
        method: isOne ? undefined : method,
        resource: isOne ? undefined : resource,
        of:
          counted === undefined
            ? undefined
            : new Map(counted.map(([time, , count]) => [Date.parse(time), count ?? 0])),
      });
    }
  }
  if (answer.length > MOST_SERIES) odd.push(`${answer.length - MOST_SERIES} further series are left out`);
  return { value, odd: odd.slice(0, MOST_NAMED) };
}

const MOST_NAMED = 20;

/**
 * The operation that says of how many series each point is made: that of the only `aggregate` among the operations. Gnocchi leaves a
 * series that has no value at a time out of the sum, without a word.
 */
export function countOf(operation: unknown): unknown {
  const found: (readonly unknown[])[] = [];
  const walk = (node: unknown): void => {
    if (!Array.isArray(node)) return;
    if (node[0] === 'aggregate') found.push(node);
    for (const below of node) walk(below);
  };
  walk(operation);
  const [only] = found;
  return only === undefined || found.length > 1 ? undefined : asFloats(['aggregate', 'count', only[2]]);
}
