import type { Clock } from './clock.ts';
import { JournalError } from './journal-errors.ts';
import type { JournalEvent, JournalRecord, OpenJournal } from './journal.ts';
import { type GrowingState, type RunState, startOf } from './replay.ts';

/** A run's state and the journal that it is the state of: one cannot change without the other. */
export class RunMemory {
  readonly #journal: OpenJournal;
  readonly #clock: Clock;
  readonly #told: (record: JournalRecord) => void;
  #state: GrowingState | undefined;
  #broken: { readonly error: unknown } | undefined;

  /** @throws JournalCorruptError */
  constructor(journal: OpenJournal, clock: Clock, told: (record: JournalRecord) => void) {
    this.#journal = journal;
    this.#clock = clock;
    this.#told = told;
    for (const record of journal.records) this.#apply(record);
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
      const record = await this.#journal.append(event, new Date(this.#clock.now()).toISOString());
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

  #apply(record: JournalRecord): void {
    if (this.#state === undefined) this.#state = startOf(record);
    else this.#state.apply(record);
  }
}
