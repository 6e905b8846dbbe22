import { maskText } from '@groundcrew/ground';
import type { Offence } from '../judge/offence.ts';
import type { Level } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import type { RuleId } from '../rules.ts';
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
  /** The last one of each rule: a service that repeats itself does so many times in a row. */
  readonly #last = new Map<RuleId, { readonly message: string; readonly count: Growing }>();

  /** Whether there were more kinds than are counted. */
  get isFull(): boolean {
    return this.#counts.size >= MOST_OFFENCES;
  }

  add(file: string, record: Told, offence: Offence): void {
    const last = this.#last.get(offence.rule);
    if (last?.message === record.message && isSame(last.count, file, record, offence)) {
      last.count.times += 1;
      return;
    }
    const { rule, certainty, entry = '' } = offence;
    const shape = rule === 'secret-in-log' ? '(not shown)' : labelOf(record);
    const key = [rule, certainty, entry, file, record.logger, shape].join('\n');
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.times += 1;
      // Without words of its own the further lines tell what it is.
      if (record.message.trim() !== '') this.#last.set(rule, { message: record.message, count: known });
    } else if (!this.isFull) {
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

/** What is counted of a record. */
type Told = Pick<LogRecord, 'at' | 'level' | 'line' | 'logger' | 'message' | 'more'>;

type Growing = Omit<OffenceCount, 'times'> & { times: number };

const isSame = (count: Growing, file: string, record: Told, offence: Offence): boolean =>
  count.rule === offence.rule &&
  count.certainty === offence.certainty &&
  count.entry === offence.entry &&
  count.logger === record.logger &&
  count.file === file;

/** Kinds that are counted. */
export const MOST_OFFENCES = 20_000;

/** A record without words is counted like any other. A template has no secrets: what leaked must not leak again through the report. */
const labelOf = ({ message, more }: Told): string => template(message.trim() || lastOf(more) || '(empty)');

/** The lines are looked at together, since a key has lines of its own. */
const lastOf = (more: readonly string[]): string | undefined =>
  maskText(more.join('\n'))
    .split('\n')
    .findLast((line) => line.trim() !== '');
