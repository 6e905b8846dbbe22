import path from 'node:path';
import { type LogRecord, RecordReader } from '../parse.ts';
import { bytesOf, LineSplitter, type LineTaker, mostBytesOf, type Unread } from './byte-lines.ts';
import type { LogChain } from './log-chains.ts';
import type { LogStream } from './log-source.ts';
import type { OsloFormat } from './oslo-format.ts';

/** What could not be read of a file or a stream. */
export interface ReadPart extends Unread {
  strays: number;
  /** Lines of messages longer than 2,000 lines. */
  dropped: number;
  failure: string | undefined;
}

interface Reading {
  readonly format: OsloFormat | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The records of a log, over all of its files: a message may begin in one that was rotated away, and end in the next. */
export async function* recordsOfChain(
  directory: string,
  { files }: LogChain,
  reading: Reading,
  partOf: (file: string) => ReadPart,
): AsyncGenerator<LogRecord> {
  const lines = new ChainReader(reading.format);
  for (const file of files) {
    const part = partOf(file);
    lines.begin(file, part);
    try {
      yield* throughLines(
        bytesOf(path.join(directory, file)),
        lines,
        part,
        mostBytesOf(file),
        reading.signal,
      );
    } catch (error) {
      if (reading.signal?.aborted) throw reading.signal.reason;
      part.failure = (error as Error).message;
    }
  }
  yield* lines.finish();
}

/** The records of bytes that come from anywhere. What its source throws is thrown. */
export async function* recordsOfStream(
  { name, stream }: LogStream,
  reading: Reading,
  part: ReadPart,
): AsyncGenerator<LogRecord> {
  const lines = new ChainReader(reading.format);
  lines.begin(name, part);
  yield* throughLines(stream, lines, part, Infinity, reading.signal);
  yield* lines.finish();
}

async function* throughLines(
  stream: AsyncIterable<Uint8Array>,
  lines: ChainReader,
  part: ReadPart,
  mostBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogRecord> {
  const splitter = new LineSplitter(lines, part, mostBytes);
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    const goesOn = splitter.take(chunk);
    yield* lines.taken();
    if (!goesOn) return;
  }
  splitter.end();
  yield* lines.taken();
}

/** Makes records of lines, file by file. */
export class ChainReader implements LineTaker {
  readonly #reader: RecordReader;
  #records: LogRecord[] = [];
  /** Of each of them the bytes of the file up to its end. */
  #ends: number[] = [];
  #part: ReadPart | undefined;
  #line = 0;
  /** Bytes of lines that came, and of these before the message that is open. */
  #bytes = 0;
  #settled = 0;

  constructor(format: OsloFormat | undefined) {
    this.#reader = new RecordReader(() => {
      if (this.#part !== undefined) this.#part.strays += 1;
    }, format);
  }

  begin(source: string, part: ReadPart): void {
    this.#reader.source = source;
    this.#part = part;
    this.#line = 0;
    this.#bytes = 0;
    this.#settled = 0;
  }

  /** Bytes of the file whose messages are complete. */
  get settled(): number {
    return this.#settled;
  }

  line(bytes: Buffer, start: number, end: number, length: number): void {
    this.#line += 1;
    const dropped = this.#reader.dropped;
    const done = this.#reader.feed(bytes.toString('utf8', start, end), this.#line);
    // This line begins another message.
    if (done !== undefined) this.#settled = this.#bytes;
    this.#bytes += length;
    this.#keep(done);
    if (this.#part !== undefined) this.#part.dropped += this.#reader.dropped - dropped;
  }

  /** The records that are complete. */
  taken(): LogRecord[] {
    const records = this.#records;
    this.#records = [];
    this.#ends = [];
    return records;
  }

  /** The same, each with the bytes of the file up to its end. */
  takenWithEnds(): { readonly record: LogRecord; readonly end: number }[] {
    const ends = this.#ends;
    return this.taken().map((record, index) => ({ record, end: ends[index] ?? this.#settled }));
  }

  /** Nothing more belongs to the message that is open. */
  finish(): LogRecord[] {
    this.complete();
    return this.taken();
  }

  /** Makes the message that is open one of the complete ones. */
  complete(): void {
    this.#settled = this.#bytes;
    this.#keep(this.#reader.end());
  }

  #keep(record: LogRecord | undefined): void {
    if (record === undefined) return;
    this.#records.push(record);
    this.#ends.push(this.#settled);
  }
}
