import { crc32 } from 'node:zlib';
import { JournalCorruptError } from './journal-errors.ts';
import type { JournalRecord } from './journal.ts';

/** `{"crc":"` and 8 hex digits and `",`: before the rest of the record, over which it is. */
const HEAD = /^\{"crc":"([0-9a-f]{8})",$/;
const HEAD_LENGTH = '{"crc":"00000000",'.length;
const NEWLINE = 0x0a;

/** One record as a line of JSON. JSON has no newline within, so a line that ends was written as a whole. */
export function lineOf(record: JournalRecord): string {
  const text = JSON.stringify(record);
  return `{"crc":"${checksum(Buffer.from(text))}",${text.slice(1)}\n`;
}

export interface Lines {
  readonly records: readonly JournalRecord[];
  /** The end of the last whole line. The rest was being written when the writer died. */
  readonly length: number;
}

/**
 * The records of a journal. A tail without a newline is torn: nobody was told that it was written, and it is left out.
 *
 * A holder that lost the lease while it was writing may leave a line too many. It was not told that it was written
 * either, so of two records with one sequence number that of the higher token counts.
 *
 * @throws JournalCorruptError on a whole line that is none
 */
export function linesOf(bytes: Buffer): Lines {
  const records: JournalRecord[] = [];
  let token = 0;
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return { records, length: start };
    const record = recordOf(bytes.subarray(start, end), line);
    start = end + 1;
    if (record.token < token) continue;
    const before = records[record.sequence - 1];
    if (before !== undefined && before.token < record.token) records.length = record.sequence - 1;
    if (record.sequence !== records.length + 1)
      throw new JournalCorruptError(
        `line ${line} has sequence ${record.sequence} where ${records.length + 1} was due`,
        { line, field: 'sequence' },
      );
    token = record.token;
    records.push(record);
  }
}

function recordOf(bytes: Buffer, line: number): JournalRecord {
  const [, crc] = HEAD.exec(bytes.toString('latin1', 0, HEAD_LENGTH)) ?? [];
  if (crc === undefined) throw new JournalCorruptError(`line ${line} is no record`, { line });
  const text = Buffer.concat([Buffer.from('{'), bytes.subarray(HEAD_LENGTH)]);
  if (checksum(text) !== crc)
    throw new JournalCorruptError(`line ${line} does not match its checksum`, { line, field: 'crc' });
  return checkedRecord(text, line);
}

/**
 * The checksum keeps accidents out; this keeps out what never was a record. What the record says is checked by `replay`,
 * the same for every kind of journal.
 */
function checkedRecord(text: Buffer, line: number): JournalRecord {
  try {
    const record = JSON.parse(text.toString()) as Partial<JournalRecord>;
    const { sequence, token, at, event } = record;
    if (
      Number.isSafeInteger(sequence) &&
      Number.isSafeInteger(token) &&
      typeof at === 'string' &&
      typeof event?.type === 'string'
    )
      return record as JournalRecord;
  } catch (error) {
    throw new JournalCorruptError(`line ${line} is no JSON`, { line, cause: error });
  }
  throw new JournalCorruptError(`line ${line} is no record`, { line });
}

const checksum = (bytes: Buffer): string => crc32(bytes).toString(16).padStart(8, '0');
