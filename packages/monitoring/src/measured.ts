import {
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { type Cloud, type Gap, gapOf, isEndpointError, type Observed } from '@groundcrew/core';
import { z } from 'zod';

/** The kinds of things for which a time series is asked. */
export type MeasurableKind = 'servers' | 'volumes';

/** The things that a cloud's own telemetry measures. */
export interface Measured {
  /** There is a service of its own that keeps time series. What measures from outside (Prometheus) is in no catalogue. */
  readonly telemetry: boolean;
  /** Ids of the things that have at least one time series, however old. */
  readonly servers: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  /** The ids among these with a value since then: a pipeline that died a year ago has left its series behind. */
  readonly fresh: { readonly servers: ReadonlySet<string>; readonly volumes: ReadonlySet<string> };
  /** The time from which on a value is fresh; ISO 8601, UTC. */
  readonly since: string;
}

export interface MeasuredOptions extends ReadOptions {
  /**
   * The greatest age of the newest value of a thing that is measured. @default '2h': Ceilometer polls every 5 minutes, and Nova
   * tells of each instance every hour
   */
  readonly freshness?: Duration | undefined;
}

/** Parts of the schema. */
export const measuredOptions = { ...readOptions, freshness: aPositiveDuration.optional() };
const schema = optionsSchema<MeasuredOptions>(measuredOptions);

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

/** A nest of series: objects by name, and in them lists of points. What is neither is no word on whether there are any. */
type Series = readonly unknown[] | { readonly [name: string]: Series };
const Series: z.ZodType<Series> = z.lazy(() => z.union([z.array(z.unknown()), z.record(z.string(), Series)]));

/** An answer of `aggregates`, grouped by resource: series by metric and method, each of `[time, granularity, value]`. */
const Groups = z.array(
  z.looseObject({
    group: z.looseObject({ original_resource_id: z.string() }),
    measures: z.looseObject({ measures: Series }),
  }),
);

/**
 * Asks Gnocchi which servers and volumes it has time series of, and of which a value came lately. A cloud without it measures
 * nothing by itself, which is an answer and no gap; one that does not let this user look leaves a gap.
 */
export async function observeMeasured(
  cloud: Cloud,
  options: MeasuredOptions = {},
): Promise<Observed<Measured>> {
  parseArguments('observeMeasured', schema, options);
  const { freshness = '2h', ...read } = options;
  const now = cloud.clock.now();
  const at = new Date(now).toISOString();
  const since = new Date(now - milliseconds(freshness)).toISOString();
  const source = 'telemetry (Gnocchi)';
  const all = { servers: new Set<string>(), volumes: new Set<string>() };
  const fresh = { servers: new Set<string>(), volumes: new Set<string>() };
  const gaps: Gap[] = [];
  const observed = (
    telemetry: boolean,
    completeness: Observed<unknown>['completeness'],
  ): Observed<Measured> => ({
    value: { telemetry, ...all, fresh, since },
    at,
    source,
    completeness,
    gaps,
  });
  try {
    await cloud.endpoint('metric', read);
  } catch (error) {
    // Only a catalogue that has no such service says that there is none.
    if (isEndpointError(error) && error.reason === 'no-service') return observed(false, 'complete');
    gaps.push(gapOf(source, error));
    return observed(false, 'failed');
  }
  for (const [type, kind] of [
    ['instance', 'servers'],
    ['volume', 'volumes'],
  ] as const) {
    try {
      for await (const resource of resources(cloud, type, read)) {
        if (Object.keys(resource.metrics).length > 0)
          all[kind].add(resource.original_resource_id ?? resource.id);
      }
      if (all[kind].size > 0) await addFresh(cloud, type, since, fresh[kind], read);
    } catch (error) {
      gaps.push(gapOf(`${type}s in ${source}`, error));
    }
  }
  return observed(
    true,
    gaps.length === 0 ? 'complete' : gaps.every((gap) => gap.kind === 'denied') ? 'denied' : 'failed',
  );
}

/**
 * One question for all things of a type (`gnocchi/rest/aggregates/api.py`): whatever metric they have, with a value since then.
 */
async function addFresh(
  cloud: Cloud,
  type: string,
  since: string,
  into: Set<string>,
  { signal }: ReadOptions,
): Promise<void> {
  const { body } = await cloud.request('metric', {
    method: 'POST',
    path: 'aggregates',
    query: { groupby: 'original_resource_id', start: since, needed_overlap: 0 },
    body: { resource_type: type, search: {}, operations: ['metric', '*', 'mean'] },
    schema: Groups,
    operation: `aggregates.${type}`,
    idempotent: true,
    signal,
  });
  for (const { group, measures } of body) {
    if (hasValue(measures.measures)) into.add(group.original_resource_id);
  }
}

/** `true` if a nest of series holds one value at least. */
const hasValue = (series: Series): boolean =>
  isPoints(series) ? series.length > 0 : Object.values(series).some(hasValue);

const isPoints = (series: Series): series is readonly unknown[] => Array.isArray(series);

/** Gnocchi pages by the id of the last resource (`gnocchi/rest/api.py`). */
async function* resources(
  cloud: Cloud,
  type: string,
  { signal }: ReadOptions,
): AsyncGenerator<z.output<typeof Resource>> {
  const seen = new Set<string>();
  for (let marker: string | undefined; ;) {
    const { body } = await cloud.request('metric', {
      path: `resource/${type}`,
      query: { limit: PAGE, marker },
      schema: z.array(Resource),
      operation: `resource.${type}.list`,
      signal,
    });
    yield* body;
    const last = body.at(-1)?.id;
    // The service's own limit may be lower than the one that was asked for: only an empty page is the end.
    if (last === undefined || seen.has(last)) return;
    seen.add(last);
    marker = last;
  }
}

const PAGE = 1000;
