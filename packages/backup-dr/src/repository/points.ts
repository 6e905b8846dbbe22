import type { StoredStream, StreamList } from './engine.ts';
import type { Manifest, ManifestReading } from './manifest.ts';
import type { BrokenPoint, PointList, RecoveryPoint, StrayStreams, UnreadableManifest } from './point.ts';

/** The tag that tells manifests from streams of data. */
export const KIND = 'kind';
/** The tag with the id of the point that a stream was stored for. */
export const POINT = 'point';

export const isManifest = (stream: StoredStream): boolean => stream.tags[KIND] === 'manifest';

/** The recovery points in a repository, from its list and its manifests. Pure. */
export function pointsIn(
  { streams, unreadable: gaps }: StreamList,
  readings: ReadonlyMap<string, ManifestReading>,
): PointList {
  const there = new Set(streams.map(({ id }) => id));
  const unreadable: UnreadableManifest[] = [];
  const found: { readonly manifest: Manifest; readonly isNewer: boolean; readonly id: string }[] = [];
  for (const stream of streams.filter(isManifest)) {
    const reading: ManifestReading = readings.get(stream.id) ?? {
      ok: false,
      why: 'it was not read',
      isNewer: false,
    };
    if (reading.ok) found.push({ ...reading, id: stream.id });
    else {
      const { why, isNewer } = reading;
      unreadable.push({ manifest: stream.id, point: stream.tags[POINT], why, isNewer });
    }
  }
  const points: RecoveryPoint[] = [];
  const broken: BrokenPoint[] = [];
  for (const written of Map.groupBy(found, ({ manifest }) => manifest.point).values()) {
    const [first, ...others] = written.toSorted(
      (a, b) => b.manifest.token - a.manifest.token || (a.id < b.id ? -1 : 1),
    );
    if (first === undefined) continue;
    const ids = [first.id, ...others.map(({ id }) => id)];
    const point = pointOf(first.manifest, first.isNewer || others.some(({ isNewer }) => isNewer), ids);
    const missing = point.streams.filter(({ id }) => !there.has(id)).map(({ name }) => name);
    if (missing.length === 0) points.push(point);
    else broken.push({ point, missing });
  }
  return {
    points: points.toSorted(newestFirst),
    broken,
    unreadable,
    strays: straysIn(streams, new Set(found.flatMap(({ manifest }) => manifest.streams.map(({ id }) => id)))),
    gaps,
  };
}

/** By the time of the data; ids make the order one of points of the same moment, too. */
export const newestFirst = (
  a: { readonly at: string; readonly id: string },
  b: { readonly at: string; readonly id: string },
): number => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1);

function pointOf(manifest: Manifest, isNewer: boolean, manifests: readonly string[]): RecoveryPoint {
  const { point, at, written, labels, completeness, gaps, streams, contents } = manifest;
  return {
    id: point,
    at,
    writtenAt: written,
    labels,
    // A word that is not known promises nothing.
    completeness: completeness === 'complete' && gaps.length === 0 ? 'complete' : 'partial',
    gaps,
    streams,
    contents,
    isNewer,
    manifests,
  };
}

/** Streams that no manifest names. */
function straysIn(streams: readonly StoredStream[], named: ReadonlySet<string>): StrayStreams[] {
  const strays = streams.filter((stream) => !isManifest(stream) && !named.has(stream.id));
  return [...Map.groupBy(strays, ({ tags }) => tags[POINT])].flatMap(([point, left]) =>
    point === undefined ? [] : [{ point, streams: left }],
  );
}
