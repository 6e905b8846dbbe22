import type { ReadOptions } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import { z } from 'zod';
import { gnocchiPages } from './gnocchi-pages.ts';

/**
 * A resource of which the series are left out is one whose series were not loaded (`gnocchi/indexer/sqlalchemy_base.py`,
 * `ResourceJsonifier`), and not one without any. `id` is the thing's own, or made of it where that is no UUID
 * (`gnocchi/utils.py`, `ResourceUUID`); Nova's and Cinder's are.
 */
const Resource = z.looseObject({
  id: z.string(),
  original_resource_id: z.string().nullish(),
  metrics: z.record(z.string(), z.unknown()),
});
export type GnocchiResource = z.output<typeof Resource>;

/** The id that a resource was made of: the thing's own, or a text such as `SERVER-vda`. */
export const originalId = ({ original_resource_id, id }: GnocchiResource): string =>
  original_resource_id ?? id;

const aTime = z.string().refine((time) => !Number.isNaN(Date.parse(time)), 'is no time');
/** A point: the time at which its span begins, the span's length in seconds, the value. */
const Point = z.tuple([aTime, z.number()]).rest(z.unknown());
export type GnocchiPoint = z.output<typeof Point>;

/** A point whose value is wanted, too; without one where a division by zero or `fill` made none. */
export const ValuePoint = z.tuple([aTime, z.number().positive(), z.number().nullable()]);
export type GnocchiValuePoint = z.output<typeof ValuePoint>;

/** A nest of series: objects by name, and in them lists of points. What is neither is no word on whether there are any. */
export type GnocchiSeries = readonly GnocchiPoint[] | { readonly [name: string]: GnocchiSeries };
const Series: z.ZodType<GnocchiSeries> = z.lazy(() =>
  z.union([z.array(Point), z.record(z.string(), Series)]),
);

/** An answer of `aggregates`, grouped by resource: series by metric and method. */
const Groups = z.array(
  z.looseObject({
    group: z.looseObject({ original_resource_id: z.string() }),
    measures: z.looseObject({ measures: Series }),
  }),
);

export interface GnocchiQuestion {
  /** The type of the resources: `instance`. */
  readonly type: string;
  /** The metric's name, or a pattern of names. */
  readonly metric: string;
  /**
   * ISO 8601. A point is in the answer if its span has not ended by then, since Gnocchi rounds this time down to each granularity
   * (`gnocchi/carbonara.py`, `AggregatedTimeSerie.fetch`).
   */
  readonly start: string;
  /** @default now */
  readonly stop?: string | undefined;
  /** The ids, as Gnocchi has them, that are asked for. @default all */
  readonly ids?: readonly string[] | undefined;
}

/**
 * One question for all resources of a type (`gnocchi/rest/aggregates/api.py`): the points of a metric in a time, by the id that
 * each resource was made of. A resource without the metric is not in the answer; if none has it, the answer is a 400.
 */
export async function gnocchiPoints(
  cloud: Cloud,
  { type, metric, start, stop, ids }: GnocchiQuestion,
  { signal }: ReadOptions,
): Promise<{ readonly id: string; readonly points: readonly GnocchiPoint[] }[]> {
  const { body } = await cloud.request('metric', {
    method: 'POST',
    path: 'aggregates',
    query: { groupby: 'original_resource_id', start, stop, needed_overlap: 0 },
    body: {
      resource_type: type,
      search: ids === undefined ? {} : { in: { id: ids } },
      operations: ['metric', metric, 'mean'],
    },
    schema: Groups,
    operation: `aggregates.${type}`,
    idempotent: true,
    signal,
  });
  return body.map(({ group, measures }) => ({
    id: group.original_resource_id,
    points: pointsIn(measures.measures),
  }));
}

const pointsIn = (series: GnocchiSeries): readonly GnocchiPoint[] =>
  isPoints(series) ? series : Object.values(series).flatMap(pointsIn);

const isPoints = (series: GnocchiSeries): series is readonly GnocchiPoint[] => Array.isArray(series);

/** The resources of a type. */
export const gnocchiResources = (
  cloud: Cloud,
  type: string,
  read: ReadOptions,
): AsyncGenerator<GnocchiResource> =>
  gnocchiPages(
    cloud,
    {
      what: `resources of type ${type}`,
      path: `resource/${encodeURIComponent(type)}`,
      element: Resource,
      operation: `resource.${type}.list`,
    },
    read,
  );
