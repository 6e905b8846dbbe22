import type { Emitter, ReadOptions } from '@groundcrew/ground';
import type { HeldLease } from '@groundcrew/runbook';
import type { Engine, EngineCheck, StreamTags } from './engine.ts';
import type { PointGap, PointList, PointStream, RecoveryPoint } from './point.ts';

/**
 * Recovery points in an engine's keeping. A point is visible once its manifest is written, which is the last that is written of it:
 * a reader never sees one that is not whole.
 */
export interface BackupRepository extends AsyncDisposable {
  readonly engine: Engine;
  /** Whether it was opened to be read only. */
  readonly isReadOnly: boolean;
  readonly events: Emitter<RepositoryEvents>;
  /** All points, those of which something is wrong apart. */
  points(options?: ReadOptions): Promise<PointList>;
  /** The newest whole point that has all of these labels; `undefined` if none was seen. */
  latest(
    labels?: Readonly<Record<string, string>>,
    options?: ReadOptions,
  ): Promise<RecoveryPoint | undefined>;
  /**
   * Writes a point: what the work stores becomes visible when the work has resolved, and not at all if it throws. One writer at a time
   * for an id. A point that was not finished is written again under its id; what the engine has already is not sent again.
   *
   * @throws LeaseHeldError, RepositoryError `point-exists`, …; what the work throws
   * @example
   * await repo.write({ labels: { project: 'shop' } }, async (writer) => {
   *   await writer.put('volume/db', stream);
   *   return { completeness: 'complete' };
   * });
   */
  write(draft: PointDraft, work: (writer: PointWriter) => Promise<PointContent>): Promise<RecoveryPoint>;
  /**
   * Reads a stream of a point, or a range of it. Of a whole stream the end shows that it is what was stored: what was read before the
   * end is not proven, though never a wrong byte.
   *
   * @throws RepositoryError `stream-missing`, `repository-damaged`, …
   */
  read(point: RecoveryPoint, stream: string, options?: ReadStreamOptions): AsyncIterable<Uint8Array>;
  /**
   * The right to write a point, or to remove it, for as long as it is held: nobody stores streams for it meanwhile. Who restores from a
   * point holds it, so that retention leaves the point and its streams alone. `undefined`: another one has it.
   *
   * @throws RepositoryError `read-only`
   * @example
   * const held = await repo.claim(kept.id);
   * try {
   *   await run(restore.plan, { approved, implementations, journal }).outcome;
   * } finally {
   *   await held?.release();
   * }
   */
  claim(point: string, options?: ReadOptions): Promise<HeldLease | undefined>;
  /** Looks for damage of what the engine keeps, and for points of which something is gone. */
  check(options?: CheckRepositoryOptions): Promise<RepositoryCheck>;
}

export interface RepositoryEvents {
  /** Now and then while a stream is stored, and at its end; `totalBytes` where the writer told it. */
  progress: [
    {
      readonly point: string;
      readonly stream: string;
      readonly bytes: number;
      readonly totalBytes: number | undefined;
    },
  ];
  stored: [{ readonly point: string; readonly stream: PointStream; readonly addedBytes: number | undefined }];
  visible: [{ readonly point: RecoveryPoint }];
}

export interface PointDraft {
  /** @default a random one; give the same one again to write again what was not finished */
  readonly id?: string | undefined;
  /** The moment that the data are of: milliseconds since 1970, or ISO 8601. @default now */
  readonly at?: string | number | undefined;
  /** What it is of: `{ project: 'shop' }`. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PointWriter {
  readonly id: string;
  /** Aborted when it may write no longer: its lease was lost, or the caller has called it off. */
  readonly signal: AbortSignal;
  /**
   * Stores a stream under a name that the point has once.
   *
   * @throws InputError for a name that the point has already
   */
  put(name: string, content: AsyncIterable<Uint8Array>, options?: StreamOptions): Promise<PointStream>;
  /**
   * What an earlier writing of this point, which did not come to its end, has stored whole under this name; `undefined` if nothing is known of.
   * It is of the moment that it was stored at. The last minute of an earlier writing is not known.
   */
  stored(name: string): Promise<PointStream | undefined>;
  /**
   * Takes over what `stored` tells, in the place of storing it again.
   *
   * @throws InputError if there is nothing, or the point has the name already
   * @example const stream = (await writer.stored(name)) ? await writer.keep(name) : await writer.put(name, content);
   */
  keep(name: string): Promise<PointStream>;
}

export interface StreamOptions {
  /** Facts about it, for who looks for it without us: `{ server: 'web-1' }`. `kind` and `point` are taken. */
  readonly tags?: StreamTags | undefined;
  /** Facts that are known only at its end. They are in the manifest, and the engine does not find it by them. @default none */
  readonly endTags?: (() => StreamTags) | undefined;
  /** Bytes that will come: for progress, and so that a stream of another length is refused. */
  readonly size?: number | undefined;
}

export interface PointContent {
  /** `complete` only if all was seen that there was, and there are no gaps. */
  readonly completeness: 'complete' | 'partial';
  /** The moment that the data are of, if it is known only now; ISO 8601. @default that of the draft */
  readonly at?: string | undefined;
  readonly gaps?: readonly PointGap[] | undefined;
  /** Anything that JSON can hold. */
  readonly contents?: unknown;
}

export interface ReadStreamOptions extends ReadOptions {
  /** Bytes to leave out at the beginning. @default 0 */
  readonly offset?: number | undefined;
  /** Bytes at the most. @default all */
  readonly length?: number | undefined;
}

export interface CheckRepositoryOptions extends ReadOptions {
  /** The share of the data that is read, from 0 to 1. @default 0 */
  readonly share?: number | undefined;
}

export interface RepositoryCheck extends EngineCheck {
  /** Whole points, broken ones, and what could not be read. */
  readonly points: PointList;
}
