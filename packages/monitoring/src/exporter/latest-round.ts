import type { Clock } from '@groundcrew/ground';
import type { MetricsRound } from '../metrics/round.ts';
import { type ExposedFamily, exposeFamilies } from './exposed-families.ts';
import { ownFamilies, type ReadingCounts } from './own-metrics.ts';
import { signInFault } from './reading-error.ts';
import { RoundExposition } from './round-exposition.ts';

export interface LatestRoundOptions {
  readonly read: (signal: AbortSignal) => Promise<MetricsRound>;
  /** By which it is waited. */
  readonly clock: Clock;
  readonly maxAgeMs: number;
  /** The most series of a metric. */
  readonly cap: number;
  /** Its abort closes it. */
  readonly signal?: AbortSignal | undefined;
  readonly onRound?: ((round: MetricsRound) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What is known at a time. */
export interface Known {
  readonly shown: RoundExposition | undefined;
  /** Why the last reading failed; `undefined` if it did not. */
  readonly failure: { readonly error: unknown } | undefined;
  readonly counts: ReadingCounts;
}

/** What is told of the reading itself, at a time: how much of it was seen, and how old it is. */
export const ownExposed = (
  { shown, counts }: Known,
  now: number,
  cap: number,
): ReadonlyMap<string, ExposedFamily> => exposeFamilies(ownFamilies(shown, counts, now), cap).families;

/** After a failure nobody's scrapes make more sign-ins than one in this time, however many scrapers there are. */
const PAUSE_MS = 5_000;

/** Keeps the newest round, and reads anew when somebody asks for it and it is older than `maxAge`: one reading at a time. */
export class LatestRound {
  readonly #options: LatestRoundOptions;
  readonly #closing = new AbortController();
  #known: Known = { shown: undefined, failure: undefined, counts: { done: 0, failed: 0 } };
  /** When the last reading ended. */
  #endedAt = -Infinity;
  #reading: Promise<void> | undefined;

  readonly #stop = (): void => void this.close();

  constructor(options: LatestRoundOptions) {
    this.#options = options;
    const { signal } = options;
    if (signal?.aborted === true) this.#stop();
    else signal?.addEventListener('abort', this.#stop, { once: true });
  }

  /** Whether a reading is under way, and what is known is older than it. */
  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * What is known, anew if that comes within `waitMs`. It never rejects.
   *
   * @param signal - of who asks: its abort ends the waiting, not the reading, which others wait for as well
   */
  async within(waitMs: number, signal?: AbortSignal): Promise<Known> {
    if (this.closed || this.#isRecent()) return this.#known;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    if (waitMs > 0) await this.#waitFor(this.#reading, waitMs, signal);
    return this.#known;
  }

  /** Ends a reading that is under way, and begins no other. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#stop);
    this.#closing.abort(new Error('the reading was closed'));
    await this.#reading;
  }

  /** Whether it is too early for another reading. A clock that was put back says nothing about it. */
  #isRecent(): boolean {
    const { maxAgeMs, clock } = this.#options;
    const passed = clock.now() - this.#endedAt;
    const pause = this.#known.failure === undefined ? maxAgeMs : Math.min(maxAgeMs, PAUSE_MS);
    return passed >= 0 && passed < pause;
  }

  async #read(): Promise<void> {
    const { read, clock, cap, onRound, onError } = this.#options;
    const { counts, shown: before } = this.#known;
    try {
      const round = await read(this.#closing.signal);
      const fault = signInFault(round);
      if (fault !== undefined) throw fault;
      const shown = new RoundExposition(round, cap);
      this.#known = { shown, failure: undefined, counts: { ...counts, done: counts.done + 1 } };
      toldQuietly(() => onRound?.(round));
    } catch (error) {
      if (this.closed) return;
      this.#known = { shown: before, failure: { error }, counts: { ...counts, failed: counts.failed + 1 } };
      toldQuietly(() => onError?.(error));
    } finally {
      this.#endedAt = clock.now();
    }
  }

  async #waitFor(reading: Promise<void>, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const done = new AbortController();
    const ends = [done.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    const over = this.#options.clock.sleep(waitMs, AbortSignal.any(ends)).catch(() => undefined);
    await Promise.race([reading, over]);
    done.abort();
    await over;
  }
}

/** An observer that throws takes no scrape down. */
export function toldQuietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // It is the observer's own affair.
  }
}
