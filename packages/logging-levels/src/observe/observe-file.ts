import path from 'node:path';
import type { Gap } from '@groundcrew/core';
import { Judge, type UnattributedMessages } from '../judge.ts';
import type { SaidAgain } from '../judge/judged-words.ts';
import type { JudgedOffence } from '../judge/offence.ts';
import { secretIn } from '../judge/secret.ts';
import type { Level } from '../level.ts';
import { gap } from '../log-files.ts';
import { type LogRecord, RecordReader } from '../parse.ts';
import { takeLines, type Unread } from '../read/byte-lines.ts';
import { isOthers, type LogFormat } from '../read/log-format.ts';
import { InternedTexts } from '../read/interned-texts.ts';
import type { OsloFormat } from '../read/oslo-format.ts';
import type { PlainHead } from '../read/plain-head.ts';
import { RecordScanner, type RecordTaker } from '../read/record-scanner.ts';
import type { Templates } from '../templates/store.ts';
import { gapsOf } from './file-gaps.ts';
import type { OffenceCounts } from './offence-counts.ts';
import { PlainJudge } from './plain-judge.ts';

/** What is counted over all files. */
export interface Tallies {
  readonly offences: OffenceCounts;
  readonly byLevel: Record<Level, number>;
  readonly formats: Partial<Record<LogFormat, number>>;
  readonly templates: Templates | undefined;
}

interface FileToObserve {
  readonly directory: string;
  readonly file: string;
  readonly format: OsloFormat | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface FileLook {
  /** Messages of OpenStack's services. */
  readonly records: number;
  /** Whether no line is one of theirs. */
  readonly isForeign: boolean;
  readonly gaps: readonly Gap[];
}

/** Reads one file, and adds what it has to the tallies. */
export async function observeFile(
  { directory, file, format, signal }: FileToObserve,
  tallies: Tallies,
): Promise<FileLook> {
  const taker = new FileTaker(file, tallies);
  const reader = new RecordReader((line, number) => taker.stray(line, number), format);
  const scanner = new RecordScanner(reader, taker, format === undefined);
  const unread: Unread = { longLines: 0, tooLarge: false };
  const gaps: Gap[] = [];
  try {
    await takeLines(path.join(directory, file), scanner, { unread, signal });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    gaps.push(
      gap(file, 'failed', (error as Error).message, 'Is the file whole, and readable for this user?'),
    );
  }
  // What came before a failure is a message all the same.
  scanner.end();
  taker.end();
  const { records, others, unattributed } = taker;
  const isForeign = records === 0 && reader.strays + others > 0 && gaps.length === 0;
  gaps.push(...gapsOf(file, reader, { unread, records: records + others, unattributed }));
  return { records, isForeign, gaps };
}

/** Judges and counts the messages of one file. */
class FileTaker implements RecordTaker {
  /** Messages of OpenStack's services, and those of other programs. */
  records = 0;
  others = 0;
  readonly #file: string;
  readonly #tallies: Tallies;
  readonly #judge = new Judge();
  readonly #plain = new PlainJudge(this.#judge);
  readonly #names = new InternedTexts({ most: 10_000, longest: 256 });
  /** What warnings say, and the numbers of the processes. */
  readonly #words = new InternedTexts({ most: 5_000, longest: 1_000 });
  /** Whether the record that comes next is a line that has no secret: it was just looked through. */
  #isClean = false;
  /** A line of no message that begins a private key. */
  #begunKey: { readonly line: string; readonly number: number } | undefined;

  constructor(file: string, tallies: Tallies) {
    this.#file = file;
    this.#tallies = tallies;
  }

  get unattributed(): UnattributedMessages {
    return this.#judge.unattributed;
  }

  block(bytes: Buffer): void {
    this.#plain.block(bytes);
  }

  plain(bytes: Buffer, start: number, end: number, head: PlainHead, line: number): boolean {
    const logger = this.#names.of(bytes, head.loggerStart, head.loggerEnd);
    const mayHoldSecret = this.#plain.mayHoldSecret(start, end);
    let words: string | undefined;
    if (mayHoldSecret || this.#plain.mayOffend(bytes, end, head, logger)) {
      this.#isClean = !mayHoldSecret;
      const said = mayHoldSecret ? undefined : this.#said(bytes, start, end, head, logger, line);
      if (said === undefined || !this.#wasJudged(said)) return false;
      this.#isClean = false;
      words = said.message;
    }
    this.#count('oslo', head.level);
    const { templates } = this.#tallies;
    if (templates === undefined) return true;
    const origin = { logger, level: head.level, timeStart: start, timeEnd: head.timeEnd };
    if (words === undefined) templates.addBytes(bytes, head.messageStart, end, origin);
    else templates.addAgain(words, bytes, head.messageStart, end, origin);
    return true;
  }

  /** What is judged of a warning by its words; `undefined` at another level. */
  #said(
    bytes: Buffer,
    start: number,
    end: number,
    { level, timeEnd, pidStart, pidEnd, messageStart }: PlainHead,
    logger: string,
    line: number,
  ): SaidAgain | undefined {
    if (level !== 'warning' || pidEnd === 0) return undefined;
    return {
      at: bytes.toString('latin1', start, timeEnd),
      pid: this.#words.of(bytes, pidStart, pidEnd),
      level,
      logger,
      message: this.#words.of(bytes, messageStart, end),
      line,
      more: NONE,
    };
  }

  /** A warning whose words were judged before is counted. Tells whether it is one. */
  #wasJudged(said: SaidAgain): boolean {
    const offences = this.#judge.judgeAgain(said);
    if (offences === undefined) return false;
    for (const offence of offences) this.#tallies.offences.addAgain(this.#file, said, offence);
    return true;
  }

  record(record: LogRecord): void {
    this.#count(record.format ?? 'oslo', record.level);
    this.#tallies.templates?.add(record);
    this.#tell(this.#judge.judge(record, !this.#isClean));
    this.#isClean = false;
  }

  stray(line: string, number: number): void {
    const begun = this.#begunKey;
    this.#begunKey = BEGINS_KEY.test(line) ? { line, number } : undefined;
    // The lines of a private key are nobody's, each by itself: the first is looked at together with the next.
    const text = begun !== undefined && number - begun.number <= 2 ? `${begun.line}\n${line}` : line;
    const secret = secretIn(text);
    if (secret !== undefined) this.#tallies.offences.add(this.#file, strayRecord(line, number), secret);
  }

  end(): void {
    this.#tell(this.#judge.end());
  }

  #tell(offences: readonly JudgedOffence[]): void {
    for (const { record, ...offence } of offences) this.#tallies.offences.add(this.#file, record, offence);
  }

  #count(format: LogFormat, level: Level): void {
    const { formats, byLevel } = this.#tallies;
    formats[format] = (formats[format] ?? 0) + 1;
    if (isOthers(format)) this.others += 1;
    else {
      this.records += 1;
      byLevel[level] += 1;
    }
  }
}

const NONE: readonly string[] = [];
const BEGINS_KEY = /PRIVATE KEY(?: BLOCK)?-----\s*$/;

/** A line of another format, of which only its secrets are known. */
const strayRecord = (message: string, line: number): LogRecord => ({
  at: '',
  pid: undefined,
  level: 'info',
  logger: '(another form)',
  requestId: undefined,
  globalRequestId: undefined,
  message,
  more: [],
  line,
});
