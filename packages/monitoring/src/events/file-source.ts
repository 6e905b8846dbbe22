import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Batch, EventSource } from './event-source.ts';

export interface FileSourceOptions {
  /** JSON lines: notifications, CADF, exported events; or a log to which oslo.messaging's `log` driver writes. */
  readonly path: string;
  /**
   * The file that keeps how far it has read. Without it each run reads all, and the trail passes over what it knows.
   */
  readonly position?: string | undefined;
  /** Goes on with what is written later, and looks for it so often. @default ends at the file's end */
  readonly follow?: Duration | undefined;
  /** Lines of a batch. @default 500 */
  readonly batch?: number | undefined;
}

const sourceOptions = optionsSchema<FileSourceOptions>({
  path: z.string().min(1),
  position: z.string().min(1).optional(),
  follow: aPositiveDuration.optional(),
  batch: z.int().min(1).optional(),
});

interface Place {
  readonly inode: number;
  readonly offset: number;
}

const CHUNK = 256 * 1_024;
/** Bytes of a line beyond which it is cut: it is kept as undecoded, and the rest of it is passed over. */
const LONGEST = 4_000_000;
const NEWLINE = 10;

/**
 * Reads the lines of a file. A last line without its end is not taken before it has one, unless nothing is followed. A
 * file that was rotated or cut is read from its beginning.
 *
 * @throws InputError on an option that there is not
 */
export function fileSource(options: FileSourceOptions): EventSource {
  parseArguments('fileSource', sourceOptions, options);
  const { path, position, batch = 500 } = options;
  const follow = options.follow === undefined ? undefined : milliseconds(options.follow);
  return {
    name: `file ${path}`,
    async *batches({ signal }) {
      let place = position === undefined ? undefined : await placeIn(position);
      for (;;) {
        for await (const { lines, next } of readFrom(path, place, batch, follow === undefined)) {
          if (signal.aborted) return;
          place = next;
          yield batchOf(lines, () =>
            position === undefined ? Promise.resolve() : keepPlace(position, next),
          );
        }
        if (follow === undefined || signal.aborted) return;
        if (!(await paused(follow, signal))) return;
      }
    },
  };
}

const batchOf = (lines: readonly string[], done: () => Promise<void>): Batch => ({
  messages: lines.map(messageIn),
  done,
});

/** The notification of a line that the `log` driver wrote: `… oslo.messaging.notification.x [-] {…}`. */
function messageIn(line: string): string {
  if (line.startsWith('{') || !line.includes('oslo.messaging.notification.')) return line;
  const start = line.indexOf('{');
  return start === -1 ? line : line.slice(start);
}

async function* readFrom(
  path: string,
  from: Place | undefined,
  size: number,
  takeRest: boolean,
): AsyncGenerator<{ lines: string[]; next: Place }, void, undefined> {
  const file = await open(path, 'r');
  try {
    const { ino: inode, size: length } = await file.stat();
    let offset = from !== undefined && from.inode === inode && from.offset <= length ? from.offset : 0;
    let rest: Buffer = Buffer.alloc(0);
    /** Bytes of this line that are not kept, behind `rest`. */
    let passed = 0;
    let lines: string[] = [];
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, offset + rest.length + passed);
      if (bytesRead === 0) break;
      const heard = chunk.subarray(0, bytesRead);
      const isLong = rest.length >= LONGEST;
      const end = isLong ? heard.indexOf(NEWLINE) : 0;
      if (end === -1) {
        passed += bytesRead;
        continue;
      }
      let data = isLong ? Buffer.concat([rest, heard.subarray(end)]) : Buffer.concat([rest, heard]);
      offset += passed + (isLong ? end : 0);
      passed = 0;
      for (let at = data.indexOf(NEWLINE); at !== -1; at = data.indexOf(NEWLINE)) {
        const line = data.toString('utf8', 0, Math.min(at, LONGEST)).trim();
        offset += at + 1;
        data = data.subarray(at + 1);
        if (line !== '') lines.push(line);
        if (lines.length < size) continue;
        yield { lines, next: { inode, offset } };
        lines = [];
      }
      rest = data;
    }
    const last = rest.toString('utf8', 0, LONGEST).trim();
    if (takeRest && last !== '') {
      lines.push(last);
      offset += rest.length + passed;
    }
    if (lines.length > 0) yield { lines, next: { inode, offset } };
  } finally {
    await file.close();
  }
}

async function placeIn(path: string): Promise<Place | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const match = /^(\d+) (\d+)\n$/.exec(text);
  // Torn or foreign: all is read again, and what is known is passed over.
  return match === null ? undefined : { inode: Number(match[1]), offset: Number(match[2]) };
}

async function keepPlace(path: string, { inode, offset }: Place): Promise<void> {
  await writeFile(`${path}.new`, `${inode} ${offset}\n`);
  await rename(`${path}.new`, path);
}

async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  const { setTimeout } = await import('node:timers/promises');
  return setTimeout(ms, true, { signal }).catch(() => false);
}
