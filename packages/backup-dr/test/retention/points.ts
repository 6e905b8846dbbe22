import type { PointList, RecoveryPoint, StoredStream } from '../../src/repository.ts';

export const NOW = Date.parse('2026-11-30T12:00:00Z');
export const DAY = 86_400_000;

/** A point of `shop`, so many days old, with streams that are called as their ids are. */
export function pointOf(
  id: string,
  days: number,
  streams: readonly string[],
  more: Partial<RecoveryPoint> = {},
): RecoveryPoint {
  const at = new Date(NOW - days * DAY).toISOString();
  return {
    id,
    at,
    writtenAt: at,
    labels: { project: 'shop' },
    completeness: 'complete',
    gaps: [],
    streams: streams.map((stream) => ({
      name: stream,
      id: stream,
      size: 1,
      sha256: 'a'.repeat(64),
      tags: {},
    })),
    contents: undefined,
    isNewer: false,
    manifests: [`m-${id}`],
    ...more,
  };
}

/** A repository's list: the newest first, as it tells them. */
export const listOf = (points: readonly RecoveryPoint[], more: Partial<PointList> = {}): PointList => ({
  points: points.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1)),
  broken: [],
  unreadable: [],
  strays: [],
  gaps: [],
  ...more,
});

export const strayOf = (id: string, days: number | undefined): StoredStream => ({
  id,
  name: id,
  tags: { point: 'unfinished' },
  ...(days === undefined ? {} : { at: new Date(NOW - days * DAY).toISOString() }),
});
