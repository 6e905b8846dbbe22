import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, gapOf, isEndpointError } from '@groundcrew/core';
import {
  type GnocchiPoint,
  gnocchiPoints,
  type GnocchiResource,
  gnocchiResources,
  originalId,
} from '../gnocchi/gnocchi-series.ts';
import { finestSpans } from '../gnocchi/finest-spans.ts';
import { answered, type Asking, nothingSeen, type WayAnswer } from './asking.ts';
import { Sightings } from './seen.ts';
import { type CoverageThing, idKey } from './thing.ts';
import type { GnocchiWay } from './ways.ts';

/**
 * Asks Gnocchi for the newest points of each metric. `absent`: the catalogue has no such service, which is no gap.
 *
 * The resources of a type are listed once; then one question for each metric that any of them has. Of things whose points are
 * too old, twenty for each metric are asked for when their last one was, as far back as a week.
 */
export async function askGnocchi(
  cloud: Cloud,
  asked: readonly Asking<GnocchiWay>[],
  read: ReadOptions,
): Promise<readonly WayAnswer[] | 'absent'> {
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'Gnocchi';
  try {
    await cloud.endpoint('metric', read);
  } catch (error) {
    if (isEndpointError(error) && error.reason === 'no-service') return 'absent';
    const gaps = [gapOf(source, error)];
    return asked.map((asking) => answered(asking, nothingSeen, { at, source, gaps }));
  }
  const answers: WayAnswer[] = [];
  for (const [type, askings] of Map.groupBy(asked, ({ way }) => way.type)) {
    let resources: GnocchiResource[];
    try {
      resources = await Array.fromAsync(gnocchiResources(cloud, type, read));
    } catch (error) {
      const gaps = [gapOf(`${type} resources in ${source}`, error)];
      for (const asking of askings) answers.push(answered(asking, nothingSeen, { at, source, gaps }));
      continue;
    }
    for (const asking of askings) {
      try {
        answers.push(answered(asking, await seenBy(cloud, asking, resources, read), { at, source }));
      } catch (error) {
        const gaps = [gapOf(`${asking.way.metric} in ${source}`, error)];
        answers.push(answered(asking, nothingSeen, { at, source, gaps }));
      }
    }
  }
  return answers;
}

/** Things of one metric for which it is asked when their last point was, and how far back. */
const MOST_STALE = 20;
const LOOK_BACK_MS = 7 * 86_400_000;

async function seenBy(
  cloud: Cloud,
  { way, things, freshnessMs }: Asking<GnocchiWay>,
  resources: readonly GnocchiResource[],
  read: ReadOptions,
): Promise<Sightings['seen']> {
  const sightings = new Sightings(things);
  const owners = new Map<string, Owner>();
  for (const resource of resources) {
    if (!(way.metric in resource.metrics)) continue;
    const thing = sightings.find(keysOf(resource, way.joins));
    const series = resource.metrics[way.metric];
    if (thing !== undefined) owners.set(originalId(resource), { thing, id: resource.id, series });
  }
  if (owners.size === 0) return sightings.seen;
  const { type, metric } = way;
  const now = cloud.clock.now();
  const start = new Date(now - freshnessMs).toISOString();
  const doubtful: Owner[] = [];
  for (const { id, points } of await gnocchiPoints(cloud, { type, metric, start }, read)) {
    const owner = owners.get(id);
    if (owner === undefined || points.length === 0) continue;
    // Points of an hour say nothing of the last ten minutes.
    const newest = newestOf(points.filter(([, seconds]) => seconds * 1000 <= freshnessMs));
    if (newest === undefined) doubtful.push(owner);
    else sightings.add(owner.thing, id, { at: newest, isFresh: true });
  }
  const coarse = await keptTooCoarsely(cloud, metric, doubtful, freshnessMs, read);
  for (const thing of coarse)
    sightings.untold(
      thing,
      `Gnocchi keeps ${metric} in spans longer than the ${freshnessMs / 1000} s that count as fresh`,
    );
  const missing = new Set(sightings.missing);
  const stale = [...owners].filter(([, { thing }]) => missing.has(thing) && !coarse.has(thing));
  for (const [id, { thing }] of stale) sightings.add(thing, id, undefined);
  const ids = stale.slice(0, MOST_STALE).map(([, owner]) => owner.id);
  if (ids.length === 0) return sightings.seen;
  try {
    const back = { start: new Date(now - LOOK_BACK_MS).toISOString(), stop: start };
    for (const { id, points } of await gnocchiPoints(cloud, { type, metric, ids, ...back }, read)) {
      const owner = owners.get(id);
      const newest = newestOf(points);
      if (owner !== undefined && newest !== undefined)
        sightings.add(owner.thing, id, { at: newest, isFresh: false });
    }
  } catch (error) {
    // That they are stale is known; since when is not. An abort is thrown by gapOf.
    gapOf(metric, error);
  }
  return sightings.seen;
}

interface Owner {
  readonly thing: CoverageThing;
  /** The resource's id, as Gnocchi made it. */
  readonly id: string;
  /** The id of its series. */
  readonly series: unknown;
}

/**
 * Those of the owners whose series have no span that is short enough. Where a policy keeps points by the minute and by the hour, a
 * point of the hour outlives the last one of a minute: such a series has stopped.
 */
async function keptTooCoarsely(
  cloud: Cloud,
  metric: string,
  doubtful: readonly Owner[],
  freshnessMs: number,
  read: ReadOptions,
): Promise<ReadonlySet<CoverageThing>> {
  if (doubtful.length === 0) return new Set();
  const spans = await finestSpans(cloud, metric, read);
  return new Set(
    doubtful
      .filter(({ series }) => typeof series !== 'string' || (spans.get(series) ?? Infinity) > freshnessMs)
      .map(({ thing }) => thing),
  );
}

function keysOf(resource: GnocchiResource, joins: GnocchiWay['joins']): readonly string[] {
  const own = originalId(resource);
  switch (joins) {
    case 'own':
      return [idKey(own)];
    case 'instance': {
      const { instance_id } = resource;
      return typeof instance_id === 'string' ? [idKey(instance_id)] : [];
    }
    case 'disk':
      return [`disk:${own}`];
    case 'node':
      return [`node:${own}`];
  }
}

/** The time at which the span of the newest point began. */
function newestOf(points: readonly GnocchiPoint[]): number | undefined {
  const times = points.map(([time]) => Date.parse(time));
  return times.length === 0 ? undefined : times.reduce((newest, time) => Math.max(newest, time));
}
