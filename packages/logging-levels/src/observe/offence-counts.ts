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

  /** Whether there were more kinds than are counted. */
  get isFull(): boolean {
    return this.#counts.size >= MOST_OFFENCES;
  }

  add(file: string, record: LogRecord, offence: Offence): void {
    const { rule, certainty, entry = '' } = offence;
    const shape = rule === 'secret-in-log' ? '(not shown)' : labelOf(record);
    const key = [rule, certainty, entry, file, record.logger, shape].join('\n');
    const known = this.#counts.get(key);
    if (known !== undefined) known.times += 1;
    else if (!this.isFull) {
      const { logger, level, line, at } = record;
      this.#counts.set(key, {
        ...offence,
        file,
        logger,
        level,
        template: shape,
        times: 1,
        firstLine: line,
        firstAt: at,
      });
    }
  }

  /** The most frequent first. */
  values(): OffenceCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.times - a.times);
  }
}

type Growing = Omit<OffenceCount, 'times'> & { times: number };

/** Kinds that are counted. */
export const MOST_OFFENCES = 20_000;

/** A record without words is counted like any other. A template has no secrets: what leaked must not leak again through the report. */
const labelOf = ({ message, more }: LogRecord): string =>
  template(message.trim() || more.findLast((line) => line.trim() !== '') || '(empty)');
