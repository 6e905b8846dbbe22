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
import { gnocchiPoints, gnocchiResources, originalId } from './gnocchi/gnocchi-series.ts';

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
      for await (const resource of gnocchiResources(cloud, type, read)) {
        if (Object.keys(resource.metrics).length > 0) all[kind].add(originalId(resource));
      }
      if (all[kind].size === 0) continue;
      // Whatever metric they have, with a value since then.
      for (const { id, points } of await gnocchiPoints(cloud, { type, metric: '*', start: since }, read))
        if (points.length > 0) fresh[kind].add(id);
    } catch (error) {
      gaps.push(gapOf(`${type}s in ${source}`, error));
    }
  }
  return observed(
    true,
    gaps.length === 0 ? 'complete' : gaps.every((gap) => gap.kind === 'denied') ? 'denied' : 'failed',
  );
}
