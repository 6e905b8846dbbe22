import {
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Cloud, Gap, Observed } from '@groundcrew/core';
import { z } from 'zod';
import { type AggregateSeries, readSeries, type SeriesBounds } from './aggregate-series.ts';
import { ArchivePolicySchema, requireMethod, resolutionOf } from './archive-policy.ts';
import { askedTime, cutGaps, type GnocchiTimeOptions, notHad, timeOptions } from './gnocchi-answer.ts';
import { asFloats, type GnocchiOperation, readOperation, type ReadOperation } from './gnocchi-operations.ts';
import { type GnocchiValuePoint, ValuePoint } from './gnocchi-series.ts';
import { type GnocchiServer, requireOperators, requireServerMethod } from './gnocchi-server.ts';
import { UnsupportedAggregationError } from './unsupported-aggregation.ts';

export interface GnocchiAggregatesOptions extends GnocchiTimeOptions {
  readonly operations: GnocchiOperation;
  /** The granularity of the metrics, which all of them must have. */
  readonly granularity: Duration;
  /** The resources whose metrics are meant, by their names. Without it the operations have ids of metrics. */
  readonly resources?:
    | {
        readonly type: string;
        /** A search, as Gnocchi takes it: `{ '=': { ended_at: null } }`. @default all that this user is shown */
        readonly search?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  /** Attributes of the resources, such as `project_id`: one answer for each of their values. */
  readonly groupBy?: readonly string[] | undefined;
  /**
   * The value of a series that has none at a time. @default it is left out there, and `of` tells of how many series a point is
   */
  readonly fill?: number | undefined;
}

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

export const aggregatesOptions = optionsSchema<GnocchiAggregatesOptions>({
  ...timeOptions,
  operations: z.array(z.unknown()),
  granularity: aPositiveDuration,
  resources: z
    .strictObject({ type: z.string().min(1), search: z.record(z.string(), z.unknown()).optional() })
    .optional(),
  groupBy: z.array(z.string().min(1)).min(1).optional(),
  fill: z.number().optional(),
});

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

/** Series of one answer. What is behind them is not read, and the answer is said to be cut. */
const MOST_SERIES = 10_000;
const CALLER = 'gnocchi.aggregates';

/**
 * What operations make of metrics. What the server is too old for, and what the archive policies of metrics that are named by id do
 * not keep, is an `UnsupportedAggregationError` before anything is computed.
 */
export async function readAggregates(
  cloud: Cloud,
  server: GnocchiServer,
  options: GnocchiAggregatesOptions,
): Promise<Observed<readonly GnocchiAggregateSeries[]>> {
  parseArguments(CALLER, aggregatesOptions, options);
  const { granularity, resources, signal } = options;
  const time = askedTime(cloud, options, CALLER);
  const operation = readOperation(options.operations, CALLER);
  requireOperators(server, operation);
  for (const { method } of operation.metrics) requireServerMethod(server, method);
  const at = new Date(cloud.clock.now()).toISOString();
  const what = 'aggregates in Gnocchi';
  try {
    if (resources === undefined) await requirePolicies(cloud, operation, granularity, signal);
    const answer = await ask(cloud, options, operation.wire, time.query);
    const counting = countOf(operation.wire);
    const gaps: Gap[] = [];
    let counts: readonly Told[] = [];
    if (counting !== undefined && options.fill === undefined) {
      try {
        counts = await ask(cloud, options, counting, time.query);
      } catch (error) {
        gaps.push(...notHad(`of how many series the ${what} are`, error, undefined, at).gaps);
      }
    }
    const { value, odd } = seriesOf(answer, counts, time);
    gaps.push(...cutGaps(what, odd));
    const isStale = value.length === 0 || value.some((series) => series.isStale);
    return {
      value,
      at,
      source: 'Gnocchi',
      completeness: gaps.length > 0 ? 'partial' : isStale ? 'stale' : 'complete',
      gaps,
    };
  } catch (error) {
    if (error instanceof UnsupportedAggregationError) throw error;
    return notHad(what, error, [], at);
  }
}

/** A series as it was told: the keys above it, outermost first, and its points. */
interface Told {
  readonly group: Readonly<Record<string, string | null>>;
  readonly path: readonly string[];
  readonly points: readonly GnocchiValuePoint[];
}

async function ask(
  cloud: Cloud,
  { granularity, resources, groupBy, fill, signal }: GnocchiAggregatesOptions,
  operations: unknown,
  query: { readonly start: string; readonly stop: string },
): Promise<Told[]> {
  const isGrouped = resources !== undefined && groupBy !== undefined;
  const { body } = await cloud.request('metric', {
    method: 'POST',
    path: 'aggregates',
    query: {
      granularity: milliseconds(granularity) / 1000,
      ...query,
      ...(isGrouped ? { groupby: groupBy } : {}),
      ...(fill === undefined ? {} : { fill }),
    },
    body: {
      operations,
      ...(resources === undefined ? {} : { resource_type: resources.type, search: resources.search ?? {} }),
    },
    schema: z.union([Groups, Whole]),
    operation: 'aggregates',
    idempotent: true,
    signal,
  });
  return Array.isArray(body)
    ? body.flatMap(({ group, measures }) => told(measures.measures, group))
    : told(body.measures, {});
}

function told(measures: z.output<typeof Measures>, group: Told['group']): Told[] {
  const found: Told[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value)) found.push({ group, path, points: value as GnocchiValuePoint[] });
    else for (const [key, below] of Object.entries(value as object)) walk(below, [...path, key]);
  };
  walk(measures, []);
  return found;
}

function seriesOf(
  answer: readonly Told[],
  counts: readonly Told[],
  bounds: SeriesBounds,
): { readonly value: GnocchiAggregateSeries[]; readonly odd: string[] } {
  const odd: string[] = [];
  const value: GnocchiAggregateSeries[] = [];
  for (const { group, path, points } of answer.slice(0, MOST_SERIES)) {
    const isOne = path.length === 1;
    const [method, metric, resource] = path.toReversed();
    const key = JSON.stringify(group);
    const counted = counts.find((other) => JSON.stringify(other.group) === key);
    for (const read of readSeries(points, bounds)) {
      odd.push(...read.odd);
      value.push({
        ...read.series,
        group,
        metric: isOne ? undefined : metric,
        method: isOne ? undefined : method,
        resource: isOne ? undefined : resource,
        of:
          isOne && counted !== undefined
            ? new Map(counted.points.map(([time, , count]) => [Date.parse(time), count ?? 0]))
            : undefined,
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
function countOf(operation: unknown): unknown {
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

/** Metrics whose archive policies are looked at before they are computed with. */
const MOST_METRICS = 50;

async function requirePolicies(
  cloud: Cloud,
  { metrics }: ReadOperation,
  granularity: Duration,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [metric, references] of [...Map.groupBy(metrics, (reference) => reference.metric)].slice(
    0,
    MOST_METRICS,
  )) {
    const { body } = await cloud.request('metric', {
      path: `metric/${encodeURIComponent(metric)}`,
      schema: z.looseObject({ archive_policy: ArchivePolicySchema }),
      operation: 'metric.get',
      signal,
    });
    for (const { method } of references) requireMethod(body.archive_policy, method);
    resolutionOf(body.archive_policy, granularity, 0);
  }
}
