import type { FencedLease, HeldLease } from '../lease/lease.ts';
import { frozenRecord } from './frozen-record.ts';
import { LeaseLostError } from './journal-errors.ts';
import type { JournalEvent, JournalRecord, OpenJournal, OpenOptions } from './journal.ts';

/** The part of a journal that differs from one kind of storage to the next. */
export interface JournalStorage {
  /** The journal, as errors name it. */
  readonly name: string;
  /** Makes the records durable, all or none. Rejects if the lease is lost, and with whatever `append` is to reject with. */
  write(records: readonly JournalRecord[]): Promise<void>;
  /** Frees what the storage holds, before the lease is given back. */
  close(): Promise<void>;
}

interface Waiting {
  readonly event: JournalEvent;
  readonly at: string;
  readonly resolve: (record: JournalRecord) => void;
  readonly reject: (error: unknown) => void;
}

/** Appends to a storage: numbers the records, writes those that wait together, and stops for good at the first failure. */
export class JournalWriter implements OpenJournal {
  readonly records: readonly JournalRecord[];
  readonly token: number;
  readonly #storage: JournalStorage;
  readonly #lease: HeldLease;
  #sequence: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();
  #broken: { readonly error: unknown } | undefined;

  constructor(storage: JournalStorage, lease: HeldLease, records: readonly JournalRecord[]) {
    this.records = records;
    this.token = lease.token;
    this.#storage = storage;
    this.#lease = lease;
    this.#sequence = records.length;
  }

  get lost(): AbortSignal {
    return this.#lease.lost;
  }

  append(event: JournalEvent, at: string): Promise<JournalRecord> {
    const { promise, resolve, reject } = Promise.withResolvers<JournalRecord>();
    this.#waiting.push({ event, at, resolve, reject });
    // The records that come while the storage is busy are written together.
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write());
    return promise;
  }

  async close(): Promise<void> {
    this.#broken ??= { error: new LeaseLostError(`${this.#storage.name} was closed`) };
    await this.#writing;
    try {
      await this.#storage.close();
    } finally {
      await this.#lease.release();
    }
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#broken !== undefined) throw this.#broken.error;
      const records = batch.map(({ event, at }, place) =>
        frozenRecord({ sequence: this.#sequence + place + 1, at, token: this.token, event }),
      );
      await this.#storage.write(records);
      this.#sequence += batch.length;
      batch.forEach(({ resolve }, place) => resolve(records[place] as JournalRecord));
    } catch (error) {
      // After a failure nobody knows what the storage holds: the next process that opens it reads it.
      this.#broken ??= { error };
      for (const { reject } of batch) reject(this.#broken.error);
    }
  }
}

/**
 * Takes the lease of a journal, then opens it. The lease's token is higher than that of every record: if the lease was
 * deleted, its tokens began anew, and it is taken again above the newest record.
 */
export async function openUnderLease<Held extends HeldLease>(
  lease: FencedLease<Held>,
  options: OpenOptions,
  open: (held: Held) => Promise<OpenJournal>,
): Promise<OpenJournal> {
  let above = 0;
  for (;;) {
    const held = await lease.acquire({ ...options, above });
    const journal = await open(held).catch(async (error: unknown) => {
      // A lease that cannot be given back runs out; why the journal could not be opened is what the caller must know.
      await held.release().catch(() => undefined);
      throw error;
    });
    const newest = journal.records.at(-1)?.token ?? 0;
    if (newest < journal.token) return journal;
    await journal.close();
    above = newest;
  }
}
