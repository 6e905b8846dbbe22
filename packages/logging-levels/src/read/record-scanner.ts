import type { LogRecord, RecordReader } from '../parse.ts';
import type { LineTaker } from './byte-lines.ts';
import { PlainHead } from './plain-head.ts';
import { plainRecord } from './plain-record.ts';

/** What becomes of the records of a file. */
export interface RecordTaker {
  /** The lines that follow are in these bytes. */
  block?(bytes: Buffer): void;
  /**
   * A record of one line in oslo.log's default layout, of which no text was made.
   *
   * @returns whether it was taken; otherwise it comes as `record`
   */
  plain(bytes: Buffer, start: number, end: number, head: PlainHead, line: number): boolean;
  record(record: LogRecord): void;
}

/**
 * Puts lines together into records, as `RecordReader` does, and makes text only of those that its taker does not take as bytes.
 *
 * A line with a plain head waits for the next one: if that begins another message, the record is this line. Otherwise, and for
 * every other form, the lines go through `RecordReader`, so that both ways say the same.
 */
export class RecordScanner implements LineTaker {
  readonly #reader: RecordReader;
  readonly #taker: RecordTaker;
  readonly #head = new PlainHead();
  readonly #next = new PlainHead();
  #line = 0;
  /** The line that waits. */
  #bytes: Buffer | undefined;
  #start = 0;
  #end = 0;
  /** Whether the reader has a record that is not complete. */
  #isOpen = false;
  #escape = -1;
  readonly #isDefault: boolean;

  /** @param isDefault - whether a line in oslo.log's default layout is a head: not if the service has a format of its own */
  constructor(reader: RecordReader, taker: RecordTaker, isDefault: boolean) {
    this.#reader = reader;
    this.#taker = taker;
    this.#isDefault = isDefault;
  }

  block(bytes: Buffer): void {
    this.#escape = bytes.indexOf(ESCAPE);
    this.#taker.block?.(bytes);
  }

  line(bytes: Buffer, start: number, stop: number): void {
    const end = stop > start && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    const isPlain =
      this.#isDefault && !this.#hasEscape(bytes, start, end) && this.#next.find(bytes, start, end);
    if (isPlain) this.#finish();
    else if (this.#bytes !== undefined) this.#feedWaiting();
    this.#line += 1;
    if (!isPlain) {
      this.#feed(bytes, start, stop, this.#line);
      return;
    }
    this.#head.copy(this.#next);
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  settle(): void {
    // What the next block begins with would decide: text is made of one line a block, which costs nothing.
    this.#feedWaiting();
  }

  /** The file is at its end. */
  end(): void {
    this.#finish();
  }

  /** What was open is complete. */
  #finish(): void {
    const bytes = this.#bytes;
    if (bytes !== undefined) {
      this.#bytes = undefined;
      if (!this.#taker.plain(bytes, this.#start, this.#end, this.#head, this.#line))
        this.#taker.record(plainRecord(bytes, this.#start, this.#end, this.#head, this.#line));
      return;
    }
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const record = this.#reader.end();
    if (record !== undefined) this.#taker.record(record);
  }

  #feedWaiting(): void {
    const bytes = this.#bytes;
    if (bytes === undefined) return;
    this.#bytes = undefined;
    this.#feed(bytes, this.#start, this.#end, this.#line);
  }

  #feed(bytes: Buffer, start: number, end: number, line: number): void {
    this.#isOpen = true;
    const record = this.#reader.feed(bytes.toString('utf8', start, end), line);
    if (record !== undefined) this.#taker.record(record);
  }

  #hasEscape(bytes: Buffer, start: number, end: number): boolean {
    // It is looked for once a block, as few have one.
    while (this.#escape !== -1 && this.#escape < start) this.#escape = bytes.indexOf(ESCAPE, start);
    return this.#escape !== -1 && this.#escape < end;
  }
}

const ESCAPE = 0x1b;
const CARRIAGE_RETURN = 0x0d;
