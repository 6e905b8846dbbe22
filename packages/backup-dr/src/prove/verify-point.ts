import { anObjectWith, aSignal, counted, messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { PointStream, RecoveryPoint } from '../repository/point.ts';
import type { BackupRepository } from '../repository/repository.ts';
import { proveRestore, type RestoreProof } from './restore-proof.ts';

export interface VerifyPointOptions {
  /**
   * The share of the bytes that is read at least, from 0 to 1: whole streams, the smallest first. With less than all there is no proof.
   *
   * @default 1
   */
  readonly share?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onRead?: ((stream: string) => void) | undefined;
}

/** What came of reading a point back. */
export interface PointVerification {
  readonly at: string;
  /** Streams that are what was stored. */
  readonly good: readonly string[];
  /** Streams that are not, or could not be read, each with the reason. */
  readonly bad: readonly { readonly stream: string; readonly why: string }[];
  /** Streams that were not read: of them nothing is known. */
  readonly unread: readonly string[];
  /** Bytes of the streams that were chosen to be read. */
  readonly readBytes: number;
  /** Bytes of all streams of the point. */
  readonly totalBytes: number;
  /** What was found and of how much, in a sentence. */
  readonly summary: string;
  /** Only if all were read, and all are good: a share proves nothing of the rest. */
  readonly proof: RestoreProof | undefined;
}

const verifyOptions = optionsSchema<VerifyPointOptions>({
  share: z.number().min(0).max(1).optional(),
  signal: aSignal.optional(),
  onRead: z.custom<VerifyPointOptions['onRead']>((value) => typeof value === 'function').optional(),
});

/**
 * Reads the streams of a point back, and compares each with its SHA-256. It proves that the bytes are there and are right, and not
 * that a server boots from them: that is what a drill is for.
 *
 * @throws InputError for an option that is not known; the signal's reason
 * @example
 * const { proof, bad } = await verifyPoint(repo, point);
 */
export async function verifyPoint(
  repository: BackupRepository,
  point: RecoveryPoint,
  options: VerifyPointOptions = {},
): Promise<PointVerification> {
  parseArguments('verifyPoint', verifyOptions, options);
  parseArguments(
    'verifyPoint',
    anObjectWith<BackupRepository>('a repository, as openRepository opens it', 'read'),
    repository,
  );
  const { share = 1, signal, onRead } = options;
  const { chosen, unread } = choose(point.streams, share);
  const good: string[] = [];
  const bad: { stream: string; why: string }[] = [];
  for (const { name } of chosen) {
    signal?.throwIfAborted();
    try {
      // Read to its end, the repository compares it.
      await drained(repository.read(point, name, { signal }));
      good.push(name);
    } catch (error) {
      signal?.throwIfAborted();
      bad.push({ stream: name, why: messageOf(error) });
    }
    onRead?.(name);
  }
  const at = new Date().toISOString();
  const readBytes = bytesOf(chosen);
  const isWhole = bad.length === 0 && unread.length === 0 && good.length > 0;
  const counts = { good, bad, unread, readBytes, totalBytes: bytesOf(point.streams) };
  return {
    at,
    ...counts,
    summary: summaryOf(counts),
    proof: isWhole
      ? proveRestore({ point: point.id, at, kind: 'read-back', streams: good.length, bytes: readBytes })
      : undefined,
  };
}

/** Never a word of the whole where only a share was read. */
function summaryOf({
  good,
  bad,
  unread,
  readBytes,
  totalBytes,
}: Pick<PointVerification, 'good' | 'bad' | 'unread' | 'readBytes' | 'totalBytes'>): string {
  const read = good.length + bad.length;
  if (read === 0) return 'nothing was read';
  const how =
    unread.length === 0
      ? `all of ${counted(read, 'stream')}, ${totalBytes} bytes, were read back`
      : `${read} of ${counted(read + unread.length, 'stream')}, ${readBytes} of ${totalBytes} bytes, were read back, and of the others nothing is known`;
  return bad.length === 0
    ? `${how}: ${unread.length === 0 ? 'they are' : 'those that were read are'} what was stored`
    : `${how}: ${counted(bad.length, 'stream')} of those that were read cannot be used`;
}

const bytesOf = (streams: readonly PointStream[]): number => streams.reduce((sum, { size }) => sum + size, 0);

/** Small ones first, so that many are seen; as many as reach the share. */
function choose(
  streams: readonly PointStream[],
  share: number,
): { readonly chosen: readonly PointStream[]; readonly unread: readonly string[] } {
  if (share === 1) return { chosen: streams, unread: [] };
  const wanted = share * bytesOf(streams);
  const chosen: PointStream[] = [];
  let bytes = 0;
  const sorted = streams.toSorted((a, b) => a.size - b.size || (a.name < b.name ? -1 : 1));
  for (const stream of sorted) {
    if (bytes >= wanted) break;
    chosen.push(stream);
    bytes += stream.size;
  }
  const names = new Set(chosen.map(({ name }) => name));
  return { chosen, unread: streams.flatMap(({ name }) => (names.has(name) ? [] : name)) };
}

async function drained(pieces: AsyncIterable<unknown>): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}
