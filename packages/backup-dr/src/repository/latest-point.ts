import { z } from 'zod';
import type { StoredStream, StreamList, StreamTags } from './engine.ts';
import type { Manifest, ManifestReading } from './manifest.ts';
import type { RecoveryPoint } from './point.ts';
import { isManifest, newestFirst, POINT, pointsIn } from './points.ts';

/** The tag of a manifest with the moment of its data. */
const AT = 'at';
/** The tag of a manifest with the labels of its point, as JSON. */
const LABELS = 'labels';

/** Characters of labels that fit into a tag, which is an argument of the engine's program. */
const LONGEST_LABELS = 4096;

export type Labels = Readonly<Record<string, string>>;

/**
 * What the list tells of a point, so that of many manifests few are read. It is in the manifest as well, which alone is believed: a
 * point of whose manifest the tags say nothing is read.
 */
export function factTags({ at, labels }: Pick<Manifest, 'at' | 'labels'>): StreamTags {
  const text = JSON.stringify(labels);
  return text.length > LONGEST_LABELS ? {} : { [AT]: at, [LABELS]: text };
}

export const hasLabels = (point: { readonly labels: Labels }, labels: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => point.labels[name] === value);

/**
 * The newest whole point with these labels. Manifests of which the list tells nothing are read first, then one after the other those
 * that could be it.
 *
 * @param read - reads manifests into `readings`; those that are there already are not read again
 */
export async function latestPoint(
  list: StreamList,
  labels: Labels,
  readings: ReadonlyMap<string, ManifestReading>,
  read: (manifests: readonly StoredStream[]) => Promise<void>,
): Promise<RecoveryPoint | undefined> {
  const manifests = list.streams.filter(isManifest);
  const data = list.streams.filter((stream) => !isManifest(stream));
  const newestIn = (some: readonly StoredStream[]): RecoveryPoint | undefined =>
    pointsIn({ streams: [...data, ...some], unreadable: [] }, readings).points.find((point) =>
      hasLabels(point, labels),
    );
  const ofPoints = [...Map.groupBy(manifests, ({ id, tags }) => tags[POINT] ?? id)].map(([id, written]) => ({
    id,
    written,
    facts: factsIn(written),
  }));
  const untold = ofPoints.flatMap(({ written, facts }) => (facts === undefined ? written : []));
  await read(untold);
  const newest = newestIn(untold);
  const candidates = ofPoints
    .flatMap(({ id, written, facts }) =>
      facts !== undefined && hasLabels(facts, labels) ? [{ id, written, at: facts.at }] : [],
    )
    .toSorted(newestFirst);
  for (const candidate of candidates) {
    if (newest !== undefined && newestFirst(newest, candidate) < 0) return newest;
    await read(candidate.written);
    const found = newestIn(candidate.written);
    if (found !== undefined) return found;
  }
  return newest;
}

interface PointTold {
  readonly at: string;
  readonly labels: Labels;
}

const labelsSchema = z.record(z.string(), z.string());

/** What the tags of a point's manifest tell; of two for one point only reading them tells which one counts. */
function factsIn([manifest, ...more]: readonly StoredStream[]): PointTold | undefined {
  const at = manifest?.tags[AT];
  const labels = labelsSchema.safeParse(jsonIn(manifest?.tags[LABELS]));
  return at === undefined || Number.isNaN(Date.parse(at)) || !labels.success || more.length > 0
    ? undefined
    : { at, labels: labels.data };
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
