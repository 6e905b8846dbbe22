import type { StoredStream, StreamTags } from './engine.ts';

/** Something restorable: the streams of one moment, and what they are. */
export interface RecoveryPoint {
  readonly id: string;
  /** The moment that the data are of; ISO 8601. */
  readonly at: string;
  /** When it became visible, by the clock of who wrote it. */
  readonly writtenAt: string;
  /** What it is of: `{ project: 'shop' }`. */
  readonly labels: Readonly<Record<string, string>>;
  /** `complete` only if the writer saw all that there was. */
  readonly completeness: 'complete' | 'partial';
  /** What is not in it, and why. */
  readonly gaps: readonly PointGap[];
  readonly streams: readonly PointStream[];
  /** What the writer put beside the streams; as JSON. */
  readonly contents: unknown;
  /** Whether a newer release wrote it, in a form that is understood in part. It is read, and neither changed nor removed. */
  readonly isNewer: boolean;
  /** Ids of the streams that hold its manifest: one, or more if it was written by two. */
  readonly manifests: readonly string[];
}

/** Something that a point has not. A `Gap` is one. */
export interface PointGap {
  readonly what: string;
  readonly why: string;
  readonly remedy?: string | undefined;
}

/** A stream of a point, with what it takes to tell that it came back as it was. */
export interface PointStream {
  readonly name: string;
  /** As the engine has it. */
  readonly id: string;
  readonly path?: string | undefined;
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly tags: StreamTags;
}

/** What a repository holds. */
export interface PointList {
  /** Those that are whole, the newest first. */
  readonly points: readonly RecoveryPoint[];
  /** Those of which something is gone. */
  readonly broken: readonly BrokenPoint[];
  /** Manifests that could not be read: there is a point, and no more is known. */
  readonly unreadable: readonly UnreadableManifest[];
  /** Streams of no point: of one that is being written, or never was finished, or was replaced. */
  readonly strays: readonly StrayStreams[];
  /** What else could not be read, in the engine's words: there may be more points than are listed. */
  readonly gaps: readonly string[];
}

export interface BrokenPoint {
  readonly point: RecoveryPoint;
  /** Names of the streams that are gone. */
  readonly missing: readonly string[];
}

export interface UnreadableManifest {
  /** The id of its stream. */
  readonly manifest: string;
  /** The point, as its tag says. */
  readonly point: string | undefined;
  readonly why: string;
  readonly isNewer: boolean;
}

export interface StrayStreams {
  /** The point for which they were stored. */
  readonly point: string;
  readonly streams: readonly StoredStream[];
}

/** Ids of all streams that points need. */
export const neededBy = (points: readonly RecoveryPoint[]): ReadonlySet<string> =>
  new Set(points.flatMap(({ streams, manifests }) => [...streams.map(({ id }) => id), ...manifests]));
