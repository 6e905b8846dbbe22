import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord } from '../parse.ts';
import { LineSplitter } from '../read/byte-lines.ts';
import type { OsloFormat } from '../read/oslo-format.ts';
import { ChainReader, type ReadPart } from '../read/stream-records.ts';
import type { FilePosition } from './follow-positions.ts';

/**
 * A file that is written to, is renamed and made anew (logrotate's `create`), or cut to nothing and written again
 * (`copytruncate`). It is open only while it is read, so that ten thousand can be followed: what was renamed is found by its inode
 * among its neighbours.
 */
export class FollowedFile {
  readonly #directory: string;
  readonly #name: string;
  readonly #lines: ChainReader;
  readonly #part: ReadPart;
  #splitter: LineSplitter;
  #file: string | undefined;
  #offset: number;
  /** Where it was begun to be read. */
  #begun: number;
  /** Bytes of it whose messages were handed on. */
  #handed: number;
  #size = -1;

  /** @param from - where it was read to before; `undefined`: at its beginning */
  constructor(
    { directory, name }: { readonly directory: string; readonly name: string },
    format: OsloFormat | undefined,
    part: ReadPart,
    from: FilePosition | undefined,
  ) {
    this.#directory = directory;
    this.#name = name;
    this.#lines = new ChainReader(format);
    this.#lines.begin(name, part);
    this.#part = part;
    this.#splitter = new LineSplitter(this.#lines, part, Infinity);
    this.#file = from?.file;
    this.#offset = from?.offset ?? 0;
    this.#begun = this.#offset;
    this.#handed = this.#offset;
  }

  /** `undefined` while it was not seen. */
  get position(): FilePosition | undefined {
    return this.#file === undefined ? undefined : { file: this.#file, offset: this.#handed };
  }

  /** What was written since the last time. A message that may go on is held back until nothing more was written to it. */
  async *read(signal: AbortSignal | undefined): AsyncGenerator<LogRecord> {
    const now = await statOf(this.#path(this.#name));
    if (now === undefined) return;
    if (!now.isFile) {
      // A pipe would hold the reading up until somebody writes to it.
      this.#part.failure = 'it is no regular file';
      return;
    }
    if (this.#file !== undefined && this.#file !== now.file) yield* this.#readRenamed(signal);
    if (this.#file !== now.file) this.#start(now.file);
    else if (now.size === this.#size && now.size === this.#offset) {
      yield* this.#finish();
      return;
    }
    this.#size = now.size;
    if (now.size < this.#offset) {
      // It was cut: what it had is gone, and what is written now is new.
      yield* this.#finish();
      this.#start(now.file);
    }
    yield* this.#readFrom(this.#name, signal);
  }

  /** The last message, when nothing more is waited for. */
  *end(): Generator<LogRecord> {
    this.#splitter.end();
    yield* this.#finish();
  }

  *#finish(): Generator<LogRecord> {
    this.#lines.complete();
    yield* this.#handOn();
  }

  /** Gives the messages that are complete: what is behind one is not handed on while it is looked at. */
  *#handOn(): Generator<LogRecord> {
    for (const { record, end } of this.#lines.takenWithEnds()) {
      this.#handed = this.#begun + end;
      yield record;
    }
    this.#handed = this.#begun + this.#lines.settled;
  }

  #start(file: string): void {
    this.#file = file;
    this.#offset = 0;
    this.#begun = 0;
    this.#handed = 0;
    this.#size = -1;
    this.#splitter = new LineSplitter(this.#lines, this.#part, Infinity);
    this.#lines.begin(this.#name, this.#part);
  }

  /** The rest of what has another name now. */
  async *#readRenamed(signal: AbortSignal | undefined): AsyncGenerator<LogRecord> {
    const renamed = await this.#nameNow();
    if (renamed === undefined)
      this.#part.failure = 'it was rotated and is gone: its end may not have been read';
    else yield* this.#readFrom(renamed, signal);
    yield* this.end();
  }

  async #nameNow(): Promise<string | undefined> {
    const folder = path.dirname(this.#name);
    const own = path.basename(this.#name);
    for (const name of await readdir(this.#path(folder))) {
      if (name === own || !name.startsWith(own.replace(/\.\w+$/, ''))) continue;
      const candidate = path.join(folder, name);
      const there = await statOf(this.#path(candidate));
      if (there?.file === this.#file) return candidate;
    }
    return undefined;
  }

  async *#readFrom(name: string, signal: AbortSignal | undefined): AsyncGenerator<LogRecord> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.#path(name));
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(BLOCK), 0, BLOCK, this.#offset);
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        this.#splitter.take(buffer.subarray(0, bytesRead));
        yield* this.#handOn();
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      this.#part.failure = (error as Error).message;
    } finally {
      await handle?.close();
    }
  }

  #path(name: string): string {
    return path.join(this.#directory, name);
  }
}

const BLOCK = 64 * 1024;

export interface FileNow {
  /** Device and inode. */
  readonly file: string;
  readonly size: number;
  readonly isDirectory: boolean;
  /** Whether it is a regular file: no pipe, no device. */
  readonly isFile: boolean;
}

/** What a file is now; `undefined` if there is none now. */
export async function statOf(file: string): Promise<FileNow | undefined> {
  try {
    const now = await stat(file);
    return {
      file: `${now.dev}:${now.ino}`,
      size: now.size,
      isDirectory: now.isDirectory(),
      isFile: now.isFile(),
    };
  } catch {
    return undefined;
  }
}
