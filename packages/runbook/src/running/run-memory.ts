import type { Clock } from '@groundcrew/ground';
import { JournalError } from '../journal/journal-errors.ts';
import type { JournalEvent, JournalRecord, OpenJournal } from '../journal/journal.ts';
import { type GrowingState, replayed, startOf } from '../journal/replay.ts';
import type { RunState } from '../journal/run-state.ts';

/** A run's state and the journal that it is the state of: one cannot change without the other. */
export class RunMemory {
  readonly #journal: OpenJournal;
  readonly #clock: Clock;
  readonly #told: (record: JournalRecord) => void;
  #state: GrowingState | undefined;
  /** The time when the last record was written. */
  #at: string | undefined;
  #broken: { readonly error: unknown } | undefined;

  /** @throws JournalCorruptError */
  constructor(journal: OpenJournal, clock: Clock, told: (record: JournalRecord) => void) {
    this.#journal = journal;
    this.#clock = clock;
    this.#told = told;
    this.#state = replayed(journal.records);
    this.#at = journal.records.at(-1)?.at;
  }

  get state(): RunState | undefined {
    return this.#state;
  }

  get token(): number {
    return this.#journal.token;
  }

  /** The first error of the journal: after it nothing is recorded, so nothing can be done. */
  get broken(): { readonly error: unknown } | undefined {
    return this.#broken;
  }

  /** From here on every `record` rejects. */
  breakWith(error: unknown): void {
    this.#broken ??= { error };
  }

  /** Durable, and part of the state, when it resolves. */
  async record(event: JournalEvent): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken.error;
    try {
      const record = await this.#journal.append(event, this.#now());
      this.#apply(record);
      this.#told(record);
    } catch (error) {
      this.breakWith(error);
      throw error;
    }
  }

  /** The state of a run that has begun. */
  get begun(): RunState {
    if (this.#state === undefined) throw new JournalError('the run has not begun');
    return this.#state;
  }

  /**
   * Never before the record before: a clock that was set back, or that of another machine, must not make a journal whose
   * times fall, which is how a reader knows that records were moved.
   */
  #now(): string {
    const now = new Date(this.#clock.now()).toISOString();
    this.#at = this.#at === undefined || Date.parse(this.#at) <= Date.parse(now) ? now : this.#at;
    return this.#at;
  }

  #apply(record: JournalRecord): void {
    if (this.#state === undefined) this.#state = startOf(record);
    else this.#state.apply(record);
  }
}
