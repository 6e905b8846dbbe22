import { type Clock, durationWords, type Gap } from '@groundcrew/ground';

/** The end of the time that a round may take, and its caller's own end. */
export class Deadline {
  /** Aborted by either. */
  readonly signal: AbortSignal;
  readonly #done = new AbortController();
  readonly #reason = new Error('the deadline of a round has passed');
  readonly #limitMs: number;

  constructor(limitMs: number, clock: Clock, signal: AbortSignal | undefined) {
    this.#limitMs = limitMs;
    const over = new AbortController();
    this.signal = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    clock.sleep(limitMs, this.#done.signal).then(
      () => over.abort(this.#reason),
      // The round ended before.
      () => undefined,
    );
  }

  /** The gap of what was not read in time; `undefined` if an error is not that of the deadline. */
  late(what: string, error: unknown): Gap | undefined {
    if (error !== this.#reason) return undefined;
    return {
      what,
      kind: 'cut',
      why: `the round's deadline of ${durationWords(this.#limitMs)} came before its end`,
      remedy: 'Give the round a longer deadline, more requests at once, or fewer collectors.',
      requestIds: [],
    };
  }

  /** Leaves no timer. */
  stop(): void {
    this.#done.abort();
  }
}
