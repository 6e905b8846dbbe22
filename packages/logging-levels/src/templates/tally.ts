import type { Level } from '../level.ts';
import { TimeBytes } from './time-bytes.ts';

/** How often something was said, how much of the log it is, at which levels, and when. */
export interface MessageTally {
  readonly times: number;
  /** Bytes of UTF-8 of the messages with their further lines; without date, level and context, which the records do not keep. */
  readonly bytes: number;
  readonly byLevel: Readonly<Record<Level, number>>;
  /** The earliest and the latest time, as written in the log; `undefined` where none was. */
  readonly first?: string | undefined;
  readonly last?: string | undefined;
}

/** A tally that grows. The order of what is added makes no difference. */
export class GrowingTally implements MessageTally {
  times = 0;
  bytes = 0;
  readonly byLevel: Record<Level, number> = {
    critical: 0,
    error: 0,
    warning: 0,
    info: 0,
    debug: 0,
    trace: 0,
  };
  #first: string | undefined = undefined;
  #last: string | undefined = undefined;
  /** The span of the times that were counted as bytes, of which text is made once it is asked for. */
  readonly #earliest = new TimeBytes();
  readonly #latest = new TimeBytes();

  get first(): string | undefined {
    this.#settle();
    return this.#first;
  }

  get last(): string | undefined {
    this.#settle();
    return this.#last;
  }

  count(level: Level, bytes: number, at: string | undefined): void {
    this.times += 1;
    this.bytes += bytes;
    this.byLevel[level] += 1;
    if (at !== undefined && at !== '') this.#span(at, at);
  }

  /** As `count`, of a time in bytes of ASCII, which are not kept. */
  countAt(level: Level, bytes: number, log: Uint8Array, timeStart: number, timeEnd: number): void {
    this.times += 1;
    this.bytes += bytes;
    this.byLevel[level] += 1;
    // Logs go forward: nearly every time is the latest.
    if (!this.#latest.isAfter(log, timeStart, timeEnd)) this.#latest.keep(log, timeStart, timeEnd);
    if (this.#earliest.length === 0 || this.#earliest.isAfter(log, timeStart, timeEnd))
      this.#earliest.keep(log, timeStart, timeEnd);
  }

  add(other: MessageTally): void {
    this.times += other.times;
    this.bytes += other.bytes;
    for (const level of LEVELS) this.byLevel[level] += other.byLevel[level];
    if (other.first !== undefined && other.last !== undefined) this.#span(other.first, other.last);
  }

  /** A copy that stays as it is. */
  values(): MessageTally {
    const { times, bytes, first, last } = this;
    return { times, bytes, byLevel: { ...this.byLevel }, first, last };
  }

  #span(first: string, last: string): void {
    if (this.#first === undefined || first < this.#first) this.#first = first;
    if (this.#last === undefined || last > this.#last) this.#last = last;
  }

  #settle(): void {
    if (this.#earliest.length === 0) return;
    this.#span(this.#earliest.take(), this.#latest.take());
  }
}

/** From the worst to the least. */
export const LEVELS = ['critical', 'error', 'warning', 'info', 'debug', 'trace'] as const satisfies Level[];

/** The worst level that was counted; of nothing the least. */
export const worstLevel = (byLevel: Readonly<Record<Level, number>>): Level =>
  LEVELS.find((level) => byLevel[level] > 0) ?? 'trace';
