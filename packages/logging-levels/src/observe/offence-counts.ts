import { maskText } from '@groundcrew/ground';
import type { Offence } from '../judge/offence.ts';
import type { Level } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { template } from '../template.ts';

/** The violations of one rule by one kind of message in one file. */
export interface OffenceCount extends Offence {
  readonly file: string;
  readonly logger: string;
  readonly level: Level;
  /** The message without what varies. */
  readonly template: string;
  readonly times: number;
  /** The line where it is seen first, and the time of that line as written. */
  readonly firstLine: number;
  readonly firstAt: string;
}

/** Counts offences by their rule, file and kind of message. */
export class OffenceCounts {
  readonly #counts = new Map<string, Growing>();
  /** Those of messages that come again word for word, by the offence itself and the message. */
  readonly #again = new Map<Offence, Map<string, Growing>>();
  #kept = 0;

  /** Whether there were more kinds than are counted. */
  get isFull(): boolean {
    return this.#counts.size >= MOST_OFFENCES;
  }

  add(file: string, record: Told, offence: Offence): void {
    this.#count(file, record, offence);
  }

  /** As `add`, of a message whose offences are the same objects each time that it comes: it is counted without a look at its words. */
  addAgain(file: string, record: Told, offence: Offence): void {
    const before = this.#again.get(offence)?.get(record.message);
    if (before !== undefined && before.file === file && before.logger === record.logger) {
      before.times += 1;
      return;
    }
    const count = this.#count(file, record, offence);
    // Without words of its own the further lines tell what it is.
    if (count === undefined || record.message.trim() === '') return;
    if (this.#kept >= MOST_AGAIN) {
      this.#again.clear();
      this.#kept = 0;
    }
    const ofOffence = this.#again.get(offence);
    if (ofOffence === undefined) this.#again.set(offence, new Map([[record.message, count]]));
    else ofOffence.set(record.message, count);
    this.#kept += 1;
  }

  #count(file: string, record: Told, offence: Offence): Growing | undefined {
    const { rule, certainty, entry = '' } = offence;
    const shape = rule === 'secret-in-log' ? '(not shown)' : labelOf(record);
    const key = [rule, certainty, entry, file, record.logger, shape].join('\n');
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.times += 1;
      return known;
    }
    if (this.isFull) return undefined;
    const { logger, level, line, at } = record;
    const count = {
      ...offence,
      file,
      logger,
      level,
      template: shape,
      times: 1,
      firstLine: line,
      firstAt: at,
    };
    this.#counts.set(key, count);
    return count;
  }

  /** The most frequent first. */
  values(): OffenceCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.times - a.times);
  }
}

/** What is counted of a record. */
type Told = Pick<LogRecord, 'at' | 'level' | 'line' | 'logger' | 'message' | 'more'>;

type Growing = Omit<OffenceCount, 'times'> & { times: number };

/** Kinds that are counted. */
export const MOST_OFFENCES = 20_000;
/** Messages that are counted without a look at their words; of more it costs time. */
const MOST_AGAIN = 5_000;

/** A record without words is counted like any other. A template has no secrets: what leaked must not leak again through the report. */
const labelOf = ({ message, more }: Told): string => template(message.trim() || lastOf(more) || '(empty)');

/** The lines are looked at together, since a key has lines of its own. */
const lastOf = (more: readonly string[]): string | undefined =>
  maskText(more.join('\n'))
    .split('\n')
    .findLast((line) => line.trim() !== '');
