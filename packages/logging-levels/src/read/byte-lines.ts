import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import zlib from 'node:zlib';
import { ConfigError } from '@groundcrew/ground';

/** The part of a file that was not read, since it was too much. */
export interface Unread {
  /** Lines of which only the first 65,536 bytes were taken. */
  longLines: number;
  /** It unpacks to more than a gibibyte: the rest was not read. */
  tooLarge: boolean;
}

/** Takes lines as bytes, in order. */
export interface LineTaker {
  /** The lines that follow are all in these bytes, until the next call or `settle`. */
  block?(bytes: Buffer): void;
  /** One line, without its line feed. `length` is that of the whole line with it, of which a very long one is not given wholly. */
  line(bytes: Buffer, start: number, end: number, length: number): void;
  /** The bytes of the block are not to be used any more: whatever is still wanted of them is copied now. */
  settle?(): void;
}

/**
 * The bytes of a file, unpacked if its name ends in `.gz` or, where Node has it (22.15), `.zst`. What comes is valid until the next
 * is asked for.
 */
export function bytesOf(file: string): AsyncIterable<Buffer> {
  const unpack = unpackerOf(file);
  // The error of either end comes out of the reading of the last stream.
  return unpack === undefined ? plainBytes(file) : pipeline(createReadStream(file), unpack, () => {});
}

/** One buffer for the whole file: a stream has a new one for each block, which costs more than reading. */
async function* plainBytes(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const before = await handle.stat();
    const buffer = Buffer.allocUnsafe(BLOCK);
    for (let read = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, BLOCK);
      if (bytesRead === 0) {
        // What says that it is empty and is not (`/proc`) tells nothing of its size.
        if (before.size > 0 && (await handle.stat()).size < read) throw wasCut(file);
        return;
      }
      read += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const wasCut = (file: string): ConfigError =>
  new ConfigError('it was cut while it was read: what it had then may not have been read wholly', {
    file,
    remedy: 'Read what it was rotated to as well.',
  });

function unpackerOf(file: string): (NodeJS.ReadWriteStream & AsyncIterable<Buffer>) | undefined {
  if (file.endsWith('.gz')) return zlib.createGunzip({ chunkSize: BLOCK });
  return file.endsWith('.zst') ? zlib.createZstdDecompress({ chunkSize: BLOCK }) : undefined;
}

/** Whether this Node unpacks zstd. */
export const hasZstd: boolean = typeof zlib.createZstdDecompress === 'function';

/** How many bytes of a file are read: one that is packed may unpack to any number. */
export const mostBytesOf = (file: string): number => (/\.(?:gz|zst)$/.test(file) ? MOST_UNPACKED : Infinity);

const MOST_UNPACKED = 2 ** 30;

/** Hands on the lines of a file, in bounded memory whatever is in it; `unread` tells what was left out. */
export async function takeLines(
  file: string,
  taker: LineTaker,
  { unread, signal }: { readonly unread: Unread; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const splitter = new LineSplitter(taker, unread, mostBytesOf(file));
  for await (const chunk of bytesOf(file)) {
    signal?.throwIfAborted();
    if (!splitter.take(chunk)) break;
  }
  splitter.end();
}

/** Cuts chunks into lines. A line that goes over the end of a chunk is copied, all others are handed on where they stand. */
export class LineSplitter {
  readonly #taker: LineTaker;
  readonly #unread: Unread;
  /** The beginning of a line whose end has not come. */
  #rest: Buffer[] = [];
  #restLength = 0;
  /** Its length, of which not more is kept than a line may have. */
  #waiting = 0;
  #room: number;

  /** @param mostBytes - how many are read */
  constructor(taker: LineTaker, unread: Unread, mostBytes: number) {
    this.#taker = taker;
    this.#unread = unread;
    this.#room = mostBytes;
  }

  /** @returns whether more is read */
  take(chunk: Uint8Array): boolean {
    this.#room -= chunk.length;
    if (this.#room < 0) {
      this.#unread.tooLarge = true;
      return false;
    }
    this.#cut(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return true;
  }

  #cut(chunk: Buffer): void {
    const first = chunk.indexOf(LINE_FEED);
    if (first === -1) {
      this.#keep(chunk);
      return;
    }
    let start = 0;
    if (this.#restLength > 0) {
      this.#keep(chunk.subarray(0, first));
      this.#waiting += 1;
      this.#handOnRest();
      start = first + 1;
    }
    const last = chunk.lastIndexOf(LINE_FEED) + 1;
    if (start < last) this.#handOn(chunk.subarray(start, last));
    if (last < chunk.length) this.#keep(chunk.subarray(last));
  }

  end(): void {
    if (this.#restLength > 0) this.#handOnRest();
  }

  /** All of the lines in a block; each has its line feed. */
  #handOn(block: Buffer): void {
    this.#taker.block?.(block);
    for (let start = 0; start < block.length;) {
      const end = block.indexOf(LINE_FEED, start);
      this.#line(block, start, end, end + 1 - start);
      start = end + 1;
    }
    this.#taker.settle?.();
  }

  #handOnRest(): void {
    const line = this.#rest.length === 1 ? (this.#rest[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#rest);
    const length = this.#waiting;
    this.#rest = [];
    this.#restLength = 0;
    this.#waiting = 0;
    this.#taker.block?.(line);
    this.#line(line, 0, line.length, length);
    this.#taker.settle?.();
  }

  #line(bytes: Buffer, start: number, end: number, length: number): void {
    const isLong = end - start > LONGEST_LINE;
    if (isLong) this.#unread.longLines += 1;
    const cut = isLong ? start + LONGEST_LINE : end;
    this.#taker.line(bytes, start, cut, length);
  }

  /** Past the bound nothing is added but one byte, by which it is known that there was more. */
  #keep(part: Buffer): void {
    this.#waiting += part.length;
    const room = LONGEST_LINE + 1 - this.#restLength;
    if (room <= 0 || part.length === 0) return;
    // A copy: the whole chunk would stay for a few bytes of it.
    const kept = Buffer.from(part.subarray(0, room));
    this.#rest.push(kept);
    this.#restLength += kept.length;
  }
}

const BLOCK = 64 * 1024;
const LONGEST_LINE = 65_536;
const LINE_FEED = 0x0a;
