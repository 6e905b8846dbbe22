import { z } from 'zod';
import { fileOf, nameOf, tagsOf } from './names.ts';
import type { StoredStream, StreamList } from '../engine.ts';

/** The last message of `backup --json`. Restic before 0.15 tells eight digits of the snapshot's id, later ones all of them. */
const summarySchema = z.looseObject({
  message_type: z.literal('summary'),
  snapshot_id: z.string().min(1),
  total_bytes_processed: z.number(),
  data_added: z.number().optional(),
  /** Since 0.17; what is stored, after compression. */
  data_added_packed: z.number().optional(),
});

export interface BackupSummary {
  readonly snapshot: string;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Bytes that the repository grew by, where it is told. */
  readonly added: number | undefined;
}

/** The summary in a line of `backup --json`; `undefined` of any other line. */
export function summaryIn(line: string): BackupSummary | undefined {
  const parsed = summarySchema.safeParse(jsonIn(line));
  if (!parsed.success) return undefined;
  const { snapshot_id, total_bytes_processed, data_added, data_added_packed } = parsed.data;
  return { snapshot: snapshot_id, bytes: total_bytes_processed, added: data_added_packed ?? data_added };
}

/** What `snapshots --json` tells of one. */
const snapshotSchema = z.looseObject({
  id: z.string().regex(/^[\da-f]{64}$/),
  time: z.string(),
  paths: z.array(z.string()),
  tags: z.array(z.string()).optional(),
  /** Since 0.17. */
  summary: z.looseObject({ total_bytes_processed: z.number().optional() }).optional(),
});

/**
 * The streams that `snapshots --json` tells of; `undefined` if its output is no list. Snapshots without our mark are others'.
 *
 * @param stderr - what it said: a snapshot that it cannot read is told there, with exit code 0
 */
export function streamsIn(stdout: string, stderr: string): StreamList | undefined {
  // With no snapshot some releases print `null`.
  const list = z.array(z.unknown()).nullable().safeParse(jsonIn(stdout));
  if (!list.success) return undefined;
  const streams: StoredStream[] = [];
  const unreadable = unreadableIn(stderr);
  for (const entry of list.data ?? []) {
    const stream = streamOf(entry);
    if (typeof stream === 'string') unreadable.push(stream);
    else if (stream !== undefined) streams.push(stream);
  }
  return { streams, unreadable };
}

/** The stream that a snapshot is; `undefined`: it is another's; text: it is ours, and not understood. */
function streamOf(entry: unknown): StoredStream | string | undefined {
  const parsed = snapshotSchema.safeParse(entry);
  if (!parsed.success) return 'a snapshot that is not told as others are';
  const { id, time, paths, summary } = parsed.data;
  const tags = tagsOf(parsed.data.tags ?? []);
  if (tags === undefined) return undefined;
  const [path = '', ...more] = paths;
  const name = path.startsWith('/') && more.length === 0 ? nameOf(path.slice(1)) : undefined;
  if (name === undefined) return `snapshot ${id}: its path is none that was given`;
  const own = Object.fromEntries(Object.entries(tags).filter(([tag]) => tag !== EMPTY && tag !== STORED));
  const size = EMPTY in tags ? 0 : summary?.total_bytes_processed;
  const at = momentIn(time);
  return {
    id,
    name,
    tags: own,
    path,
    ...(at === undefined ? {} : { at }),
    ...(size === undefined ? {} : { size }),
  };
}

/** The tag of a stream of no bytes: restic refuses to store nothing, so that it holds one byte which is no part of it. */
export const EMPTY = 'groundcrew-empty';
/** The tag by which a snapshot is found again whose id was told in part only. */
export const STORED = 'groundcrew-stored';

/**
 * What restic could not read while it listed (`cmd/restic/find.go`, and up to 0.15 `internal/restic/snapshot_find.go`):
 * `could not load snapshot 1a2b3c4d: …`, `Ignoring "…": …`, and of the list itself `could not load snapshots: …`.
 */
export const unreadableIn = (stderr: string): string[] =>
  stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(?:could not load snapshots?\b|Ignoring ")/.test(line));

/** The path of a stream in its snapshot. */
export const pathOf = (name: string): string => `/${fileOf(name)}`;

/**
 * What restic said, as text. With `--json` later releases write messages as lines of JSON, among lines that are none.
 *
 * @example plainText('{"message_type":"exit_error","code":12,"message":"Fatal: wrong password"}') // 'Fatal: wrong password'
 */
export const plainText = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => messageIn(line) ?? line)
    .join('\n');

const messageSchema = z.looseObject({
  message_type: z.string(),
  message: z.string().optional(),
  /** Of `error`: up to 0.16 whatever Go makes of an error, which may be nothing; then an object with `message`. */
  error: z.unknown().optional(),
  item: z.string().optional(),
});

function messageIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  const parsed = messageSchema.safeParse(jsonIn(line));
  if (!parsed.success) return undefined;
  const { message, error, item } = parsed.data;
  if (message !== undefined) return message;
  const inner = z
    .union([z.string(), z.looseObject({ message: z.string() }), z.looseObject({ Err: z.unknown() })])
    .safeParse(error);
  if (!inner.success) return item === undefined ? undefined : `error of ${item}`;
  if (typeof inner.data === 'string') return inner.data;
  return 'message' in inner.data ? String(inner.data.message) : JSON.stringify(error);
}

function momentIn(time: string): string | undefined {
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
