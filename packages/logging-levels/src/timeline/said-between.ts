import type { Gap, Observed } from '@groundcrew/core';
import { aFunction, aSignal, InputError, maskText, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { type Level, levels } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { template } from '../template.ts';
import { cut, localOffsetMs, type ServiceLog, nameOf, readSource, someSources } from './service-log.ts';
import { iso, momentOf } from '../moment.ts';

/** One kind of message that a source said, and how often. */
export interface Said {
  readonly level: Level;
  readonly logger: string;
  /** The message without what varies, and without secrets. */
  readonly template: string;
  readonly times: number;
  /** ISO 8601, UTC. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** The first one: the file, if its record tells it, and the line. */
  readonly source: string | undefined;
  readonly line: number;
}

export interface SourceSaid {
  readonly service: string;
  readonly host: string | undefined;
  /** The records of these moments, at every level. */
  readonly records: number;
  /** Records without a time that can be read, in the whole source: whether they are of these moments is not known. */
  readonly untimed: number;
  /**
   * Whether the source has times on both sides of the question. `false`: the log begins later, ends earlier, or is empty, so that its
   * silence means nothing.
   */
  readonly covers: boolean;
  /** The first and the last time in it; ISO 8601, UTC. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The most urgent first, and of one level the most frequent. At most 1,000. */
  readonly said: readonly Said[];
}

export interface SaidBetween {
  readonly from: string;
  readonly to: string;
  readonly sources: readonly SourceSaid[];
}

export interface SaidBetweenOptions {
  /** From this moment on, and before the other: ISO 8601 with a zone. */
  readonly from: string;
  readonly to: string;
  /** Only what is at least as urgent. @default 'info' */
  readonly level?: Level | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

const aTime = z.iso.datetime({ offset: true });
const order = Object.keys(levels) as Level[];
const saidOptions = optionsSchema<SaidBetweenOptions>({
  from: aTime,
  to: aTime,
  level: z.enum(order).optional(),
  signal: aSignal.optional(),
  now: aFunction.optional(),
});

/**
 * Tells what each source said between two moments, by kind of message: the question of a post-mortem. Each source is read once; memory
 * grows with the number of different messages, up to 1,000 for each source.
 *
 * Times are compared as they are written, by each host's own clock.
 *
 * @throws InputError that names the option
 * @example
 * const { value } = await saidBetween(sources, { from: '2026-11-30T03:12:00Z', to: '2026-11-30T03:15:00Z', level: 'warning' });
 */
export async function saidBetween(
  sources: readonly ServiceLog[],
  options: SaidBetweenOptions,
): Promise<Observed<SaidBetween>> {
  parseArguments('saidBetween', saidOptions, options);
  parseArguments('saidBetween: sources', someSources, sources);
  const { from, to, level = 'info', signal, now = Date.now } = options;
  const window = { from: Date.parse(from), to: Date.parse(to) };
  if (window.from >= window.to)
    throw new InputError('saidBetween: to: is not after from', { field: 'to', operation: 'saidBetween' });
  const at = iso(now());
  const gaps: Gap[] = [];
  const said: SourceSaid[] = [];
  for (const source of sources) {
    const draft = new SaidDraft(source, window, order.indexOf(level));
    const gap = await readSource(source, signal, (record) => draft.add(record));
    if (gap !== undefined) gaps.push(gap);
    if (draft.dropped > 0)
      gaps.push(
        cut(
          nameOf(source),
          `${draft.dropped} records of further kinds of message were not kept`,
          'Ask about a shorter time, or from a more urgent level on.',
        ),
      );
    const made = draft.made();
    if (!made.covers) gaps.push(uncovered(made));
    said.push(made);
  }
  return {
    value: { from: iso(window.from), to: iso(window.to), sources: said },
    at,
    source: sources.map(nameOf).join(', '),
    completeness: gaps.length === 0 ? 'complete' : 'partial',
    gaps,
  };
}

class SaidDraft {
  dropped = 0;
  readonly #source: ServiceLog;
  readonly #offsetMs: number;
  readonly #window: { readonly from: number; readonly to: number };
  readonly #least: number;
  #records = 0;
  #untimed = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  readonly #kinds = new Map<string, Said & { times: number; first: number; last: number }>();

  constructor(source: ServiceLog, window: { readonly from: number; readonly to: number }, least: number) {
    this.#source = source;
    this.#offsetMs = localOffsetMs(source);
    this.#window = window;
    this.#least = least;
  }

  add(record: LogRecord): void {
    const ms = momentOf(record.at, this.#offsetMs)?.ms;
    if (ms === undefined) {
      this.#untimed += 1;
      return;
    }
    this.#first = Math.min(this.#first, ms);
    this.#last = Math.max(this.#last, ms);
    if (ms < this.#window.from || ms >= this.#window.to) return;
    this.#records += 1;
    if (order.indexOf(record.level) <= this.#least) this.#say(record, ms);
  }

  #say({ level, logger, message, source, line }: LogRecord, ms: number): void {
    const made = template(message);
    const key = JSON.stringify([level, logger, made]);
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.times += 1;
      kind.first = Math.min(kind.first, ms);
      kind.last = Math.max(kind.last, ms);
    } else if (this.#kinds.size >= MOST_KINDS) this.dropped += 1;
    else {
      const said = { level, logger, template: maskText(made), firstAt: '', lastAt: '', source, line };
      this.#kinds.set(key, { ...said, times: 1, first: ms, last: ms });
    }
  }

  made(): SourceSaid {
    const { service, host } = this.#source;
    const isTimed = this.#first <= this.#last;
    const kinds = [...this.#kinds.values()].toSorted(
      (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || b.times - a.times,
    );
    return {
      service,
      host,
      records: this.#records,
      untimed: this.#untimed,
      covers: this.#first <= this.#window.from && this.#last >= this.#window.to,
      from: isTimed ? iso(this.#first) : undefined,
      to: isTimed ? iso(this.#last) : undefined,
      said: kinds.map(({ first, last, ...kind }) => ({ ...kind, firstAt: iso(first), lastAt: iso(last) })),
    };
  }
}

const MOST_KINDS = 1000;

const uncovered = (source: SourceSaid): Gap => ({
  what: nameOf(source),
  kind: 'failed',
  why:
    source.from === undefined
      ? 'it has no record with a time'
      : `its records are of ${source.from} to ${source.to}: what it said before and after is not there`,
  remedy: 'Read the rotated files, too, or ask about a time that lies between the first and the last record.',
  requestIds: [],
});
