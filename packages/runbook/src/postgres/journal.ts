import { z } from 'zod';
import {
  aClock,
  type Clock,
  type Duration,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { frozenRecord } from '../journal/frozen-record.ts';
import { JournalCorruptError, type LeaseLostError } from '../journal/journal-errors.ts';
import { type JournalStorage, JournalWriter, openUnderLease } from '../journal/journal-writer.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import type { HeldLease } from '../lease/lease.ts';
import { leaseLost } from '../lease/lease-lost.ts';
import { fence } from './fence.ts';
import { Database, isTransient, postgresPlace, type PostgresPlace, type PostgresRow } from './database.ts';
import { aTtl, postgresLease } from './lease.ts';

export interface PostgresJournalOptions extends PostgresPlace {
  /** Id of the run; give `run` the same one. */
  readonly run: string;
  /** Time without a sign of life after which the runner counts as dead. 1 s to 1 day. @default '15s' */
  readonly ttl?: Duration | undefined;
  /** Between two attempts to write while the database is away. @default the machine's */
  readonly clock?: Clock | undefined;
}

const postgresJournalOptions = optionsSchema<PostgresJournalOptions>({
  ...postgresPlace,
  run: z.string().min(1),
  ttl: aTtl.optional(),
  clock: aClock.optional(),
});

/**
 * A journal in PostgreSQL, so that a run goes on from any machine that reaches the database.
 *
 * A record is committed when `append` resolves, and only while the lease `run/ID` is held: both are one statement, so
 * a holder that was suspended and succeeded can write nothing. While the database is away `append` tries again until the lease
 * is lost, and knows its own record when it was committed although the answer got lost: a restart of the database within
 * `ttl` interrupts no run. After the lease is over no `append` resolves, also if its record was committed in time.
 *
 * @throws InputError on an option that there is not
 * @example
 * const journal = postgresJournal({ pool: new pg.Pool({ connectionString }), run: 'recover-compute-3' });
 * const outcome = await run(plan, { approved, implementations, journal, run: 'recover-compute-3' }).outcome;
 */
export function postgresJournal(options: PostgresJournalOptions): Journal {
  parseArguments('postgresJournal', postgresJournalOptions, options);
  const { run, ttl, pool, schema, clock = systemClock } = options;
  const lease = postgresLease({ pool, schema, name: leaseNameOf(run), ttl });
  const rows = new JournalRows(new Database(options), run);
  return {
    open: (given) =>
      openUnderLease(
        lease,
        given,
        async (held) =>
          new JournalWriter(new RowStorage(rows, held, clock), held, await rows.read(given.signal)),
      ),
    read: () => rows.read(undefined),
  };
}

const leaseNameOf = (run: string): string => `run/${run}`;

/** The statements. */
class JournalRows {
  readonly run: string;
  readonly #database: Database;

  constructor(database: Database, run: string) {
    this.run = run;
    this.#database = database;
  }

  async read(signal: AbortSignal | undefined): Promise<JournalRecord[]> {
    const rows = await this.#database.query(
      `SELECT sequence, token::text, at, event::text FROM ${this.#database.schema}.journal
       WHERE run = $1 ORDER BY sequence`,
      [this.run],
      signal,
    );
    return rows.map((row, place) => this.#recordOf(row, place + 1));
  }

  /** Returns how many of them are there: all, or none. */
  async write(records: readonly JournalRecord[], token: number, signal: AbortSignal): Promise<number> {
    const { schema } = this.#database;
    const [row] = await this.#database.query(
      `WITH ${fence(schema)}, given AS (
         SELECT * FROM unnest($4::int[], $5::text[], $6::text[]) AS given (sequence, at, event)
       ), written AS (
         INSERT INTO ${schema}.journal (run, sequence, token, at, event)
         SELECT $3, given.sequence, fence.token, given.at, given.event::json FROM fence, given
         ON CONFLICT (run, sequence) DO NOTHING
         RETURNING sequence
       ), before AS (
         SELECT 1 FROM ${schema}.journal AS old, given, fence
         WHERE old.run = $3 AND old.sequence = given.sequence AND old.token = $2
           AND old.at = given.at AND old.event::text = given.event
       )
       SELECT ((SELECT count(*) FROM written) + (SELECT count(*) FROM before))::int AS there`,
      [
        leaseNameOf(this.run),
        token,
        this.run,
        records.map(({ sequence }) => sequence),
        records.map(({ at }) => at),
        records.map(({ event }) => JSON.stringify(event)),
      ],
      signal,
    );
    return Number(row?.['there']);
  }

  #recordOf(row: PostgresRow, due: number): JournalRecord {
    const { sequence, token, at, event } = row;
    if (sequence !== due)
      throw new JournalCorruptError(
        `run ${this.run}: record ${String(sequence)} is where ${due} was due in the journal`,
        { line: due },
      );
    return frozenRecord({ sequence, token: Number(token), at, event: JSON.parse(String(event)) });
  }
}

class RowStorage implements JournalStorage {
  readonly name: string;
  readonly #rows: JournalRows;
  readonly #lease: HeldLease;
  readonly #clock: Clock;

  constructor(rows: JournalRows, lease: HeldLease, clock: Clock) {
    this.name = `the journal of run ${rows.run}`;
    this.#rows = rows;
    this.#lease = lease;
    this.#clock = clock;
  }

  /** Tries until the records are there, or the lease is lost. */
  async write(records: readonly JournalRecord[]): Promise<void> {
    // An earlier attempt, of which nobody heard, may be committed while this one waits behind it: this one cannot see it.
    let unseen = 0;
    for (;;) {
      const { lost } = this.#lease;
      lost.throwIfAborted();
      try {
        const there = await this.#rows.write(records, this.#lease.token, lost);
        if (there === records.length) break;
        unseen += 1;
        if (unseen > 1) throw this.#notWritten(records, there);
        continue;
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
      await this.#clock.sleep(250, lost);
    }
    // Committed, and heard of only after the process was suspended: the holder of now decides what follows from it.
    this.#lease.lost.throwIfAborted();
  }

  async close(): Promise<void> {
    // The pool stays the caller's.
  }

  #notWritten([first]: readonly JournalRecord[], there: number): LeaseLostError | JournalCorruptError {
    const { run } = this.#rows;
    return there > 0
      ? new JournalCorruptError(`${this.name} holds a record that nobody with the lease wrote`, {
          line: first?.sequence ?? 1,
        })
      : leaseLost(this.#lease.holder, `run ${run}`, 'it expired, or somebody else has taken it');
  }
}
