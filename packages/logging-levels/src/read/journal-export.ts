import type { JournalEntry } from './journal-entry.ts';
import type { RecordSource } from './log-source.ts';
import { recordsOfEntries } from './journal-records.ts';

/**
 * A journal in systemd's export format, as `journalctl -o export` prints and `systemd-journal-remote` takes it
 * (systemd.io/JOURNAL_EXPORT_FORMATS).
 *
 * An entry that is cut off at the end, and one that is larger than 16 MiB, are left out; all else is read.
 *
 * @param name - whence it comes, for the records' `source` where an entry names no unit
 * @example for await (const record of readLogs(journalExport(createReadStream('node-1.export')))) …
 */
export const journalExport = (stream: AsyncIterable<Uint8Array>, name = 'journal'): RecordSource => ({
  name,
  records: (signal) => recordsOfEntries(exportEntries(stream, signal), name),
});

/** The entries of a stream in the export format. */
async function* exportEntries(
  stream: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<JournalEntry> {
  const parser = new ExportParser();
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    yield* parser.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  yield* parser.end();
}

/** `NAME=text` in a line; or `NAME`, a length of 64 bits, that many bytes. An empty line ends an entry. */
class ExportParser {
  #bytes: Buffer = Buffer.alloc(0);
  #entry = new Map<string, string>();
  /** What is passed over of a field that is too large. */
  #skip = 0;

  *take(chunk: Buffer): Generator<JournalEntry> {
    const bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    let at = 0;
    for (;;) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, bytes.length - at);
        this.#skip -= passed;
        at += passed;
      }
      const end = bytes.indexOf(LINE_FEED, at);
      if (end === -1) break;
      if (end === at) {
        yield* this.end();
        at += 1;
        continue;
      }
      const sign = bytes.indexOf(EQUALS, at);
      if (sign !== -1 && sign < end) {
        this.#set(bytes.toString('latin1', at, sign), bytes, sign + 1, end);
        at = end + 1;
        continue;
      }
      const next = this.#binary(bytes, at, end);
      if (next === undefined) break;
      at = next;
    }
    // A line that has no end is no journal's.
    this.#bytes = bytes.length - at > LARGEST ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  }

  /** What is complete is an entry; a journal ends its last one with an empty line as well. */
  *end(): Generator<JournalEntry> {
    const entry = this.#entry;
    this.#entry = new Map();
    if (entry.has('__REALTIME_TIMESTAMP')) yield entry;
  }

  /** The place behind a field of bytes; `undefined` if it has not come wholly. */
  #binary(bytes: Buffer, at: number, end: number): number | undefined {
    const start = end + 1 + 8;
    if (bytes.length < start) return undefined;
    const length = bytes.readBigUInt64LE(end + 1);
    if (length > BigInt(LARGEST)) {
      this.#skip = Number(length < MOST_SKIPPED ? length : MOST_SKIPPED) + 1;
      return start;
    }
    const stop = start + Number(length);
    if (bytes.length <= stop) return undefined;
    this.#set(bytes.toString('latin1', at, end), bytes, start, stop);
    return stop + 1;
  }

  #set(name: string, bytes: Buffer, start: number, end: number): void {
    if (this.#entry.size >= MOST_FIELDS || this.#entry.has(name)) return;
    this.#entry.set(name, bytes.toString('utf8', start, end));
  }
}

const LINE_FEED = 0x0a;
const EQUALS = 0x3d;
const LARGEST = 16 * 1024 * 1024;
const MOST_SKIPPED = 2n ** 52n;
/** journald itself takes no more (systemd, `journal-importer.h`, `ENTRY_FIELD_COUNT_MAX`). */
const MOST_FIELDS = 1024;
