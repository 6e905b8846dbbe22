import {
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Cloud, Gap, Observed } from '@groundcrew/core';
import { z } from 'zod';
import {
  aggregateSeries,
  AggregatesAnswer,
  countOf,
  type GnocchiAggregateSeries,
  type ToldSeries,
  toldSeries,
} from './aggregates-answer.ts';
import { ArchivePolicySchema, requireMethod, resolutionOf } from './archive-policy.ts';
import { askedTime, cutGaps, type GnocchiTimeOptions, notHad, timeOptions } from './gnocchi-answer.ts';
import { type GnocchiOperation, readOperation, type ReadOperation } from './gnocchi-operations.ts';
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

const aggregatesOptions = optionsSchema<GnocchiAggregatesOptions>({
  ...timeOptions,
  operations: z.array(z.unknown()),
  granularity: aPositiveDuration,
  resources: z
    .strictObject({ type: z.string().min(1), search: z.record(z.string(), z.unknown()).optional() })
    .optional(),
  groupBy: z.array(z.string().min(1)).min(1).optional(),
  fill: z.number().optional(),
});

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
    let counts: readonly ToldSeries[] = [];
    if (counting !== undefined && options.fill === undefined) {
      try {
        counts = await ask(cloud, options, counting, time.query);
      } catch (error) {
        gaps.push(...notHad(`of how many series the ${what} are`, error, undefined, at).gaps);
      }
    }
    const { value, odd } = aggregateSeries(answer, counts, time);
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

async function ask(
  cloud: Cloud,
  { granularity, resources, groupBy, fill, signal }: GnocchiAggregatesOptions,
  operations: unknown,
  query: { readonly start: string; readonly stop: string },
): Promise<ToldSeries[]> {
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
    schema: AggregatesAnswer,
    operation: 'aggregates',
    idempotent: true,
    signal,
  });
  return toldSeries(body);
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
