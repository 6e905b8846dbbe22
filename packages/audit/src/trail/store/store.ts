import type { Checkpoint } from '../checkpoint.ts';
import type { AuditEvent } from '../event.ts';
import type { ChainHead, RedactablePart, StoredRecord } from '../record.ts';
import type { TrailQuery } from '../query.ts';

/** A record with the event that it was made of. */
export interface NewRecord {
  readonly record: StoredRecord;
  readonly event: AuditEvent;
}

/** Makes records of what is new, behind the head that the store has locked. */
export type Build = (head: ChainHead | undefined, isKnown: (id: string) => boolean) => readonly NewRecord[];

/** The place where a page of a search goes on: behind this event. */
export interface Position {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly seq: number;
}

/**
 * The storage of records. A store knows nothing of chains: it keeps order, finds by columns, and does each of these
 * wholly or not at all.
 */
export interface TrailStore {
  /** The id of this trail alone; it is made with the store. */
  trailId(): Promise<string>;
  head(): Promise<ChainHead | undefined>;
  /** Under a lock that no other writer has. `ids`: of the events that are to be written, to know those that are there. */
  append(ids: readonly string[], build: Build): Promise<readonly NewRecord[]>;
  /**
   * The rows behind `after`, in order; from the very first if it is left out, whatever number that has.
   *
   * @throws StoreError if what is there cannot be read as a trail at all
   */
  read(after: number | undefined, limit: number): Promise<Page>;
  /** In the query's order, behind `after`. */
  find(query: TrailQuery, after: Position | undefined, limit: number): Promise<readonly StoredRecord[]>;
  /** Takes these parts out of these records. */
  redact(seqs: readonly number[], parts: readonly RedactablePart[]): Promise<void>;
  /** Removes records up to this number. How many there still were: somebody else may have removed some. */
  retire(upTo: number): Promise<number>;
  /** In order, as they were written: JSON, if nobody changed them. */
  checkpoints(): Promise<readonly string[]>;
  /**
   * Adds it if the last one is still `behind`, as `checkpoints()` gave it (`undefined`: there is none), under the lock of the
   * writers. `false`: another signer was first, and nothing was written. A signer may be far away (a KMS), so that no lock can
   * be held while it signs.
   */
  addCheckpoint(checkpoint: Checkpoint, behind: string | undefined): Promise<boolean>;
  close(): Promise<void>;
}

/** One of several values that a record is found by. */
export interface Link {
  readonly kind: 'request' | 'target';
  readonly value: string;
}

/** A record as it was read, with everything that it is found by. */
export interface ReadRecord extends StoredRecord {
  readonly columns: Columns;
  readonly links: readonly Link[];
}

export interface Page {
  readonly records: readonly ReadRecord[];
  /** Numbers for which there are links and no record, between the last page's end and this one's. */
  readonly strays: readonly number[];
}

/** The columns by which a store finds a record. A copy of what is in it, so that a false one must be seen as well. */
export interface Columns {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: string;
  readonly action: string;
  readonly outcome: string;
  readonly service: string | null;
  readonly target_type: string;
  readonly target_id: string | null;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly project_id: string | null;
  readonly address: string | null;
}
