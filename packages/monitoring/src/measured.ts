import { type Cloud, type Gap, gapOf, isEndpointError, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import type { ReadOptions } from './inventory.ts';

/** Of what kinds of things a time series is asked for. */
export type MeasurableKind = 'servers' | 'volumes';

/** What a cloud's own telemetry measures: ids of the things that have at least one time series. */
export interface Measured {
  /** There is a service that keeps time series at all. */
  readonly telemetry: boolean;
  readonly servers: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
}

const Resource = z.looseObject({
  id: z.string(),
  original_resource_id: z.string().nullish(),
  metrics: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Asks Gnocchi which servers and volumes it has time series of. A cloud without it measures nothing by itself, which
 * is an answer and no gap; one that does not let this user look leaves a gap.
 */
export async function observeMeasured(cloud: Cloud, options: ReadOptions = {}): Promise<Observed<Measured>> {
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'telemetry (Gnocchi)';
  const servers = new Set<string>();
  const volumes = new Set<string>();
  const gaps: Gap[] = [];
  const observed = (
    telemetry: boolean,
    completeness: Observed<unknown>['completeness'],
  ): Observed<Measured> => ({
    value: { telemetry, servers, volumes },
    at,
    source,
    completeness,
    gaps,
  });
  try {
    await cloud.endpoint('metric', options);
  } catch (error) {
    if (isEndpointError(error)) return observed(false, 'complete');
    gaps.push(gapOf(source, error));
    return observed(false, 'failed');
  }
  for (const [type, ids] of [
    ['instance', servers],
    ['volume', volumes],
  ] as const) {
    try {
      for await (const resource of resources(cloud, type, options)) {
        if (Object.keys(resource.metrics ?? {}).length > 0)
          ids.add(resource.original_resource_id ?? resource.id);
      }
    } catch (error) {
      gaps.push(gapOf(`${type}s in ${source}`, error));
    }
  }
  return observed(
    true,
    gaps.length === 0 ? 'complete' : gaps.every((gap) => gap.kind === 'denied') ? 'denied' : 'failed',
  );
}

/** Gnocchi pages by the id of the last resource (`gnocchi/rest/api.py`). */
async function* resources(
  cloud: Cloud,
  type: string,
  { signal }: ReadOptions,
): AsyncGenerator<z.output<typeof Resource>> {
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
    if (body.length < PAGE || last === undefined || last === marker) return;
    marker = last;
  }
}

const PAGE = 1000;
