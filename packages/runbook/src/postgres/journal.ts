import { z } from 'zod';
import {
  aClock,
  type Clock,
  type Duration,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { JournalCorruptError, LeaseLostError } from '../journal/journal-errors.ts';
import type { Journal, JournalEvent, JournalRecord, OpenJournal } from '../journal/journal.ts';
import { frozenJson } from '../json.ts';
import type { HeldLease } from '../lease/lease.ts';
import { Database, isPassing, postgresPlace, type PostgresPlace, type PostgresRow } from './database.ts';
import { aTtl, postgresLease } from './lease.ts';

export interface PostgresJournalOptions extends PostgresPlace {
  /** Id of the run; give `run` the same one. */
  readonly run: string;
  /** Time without a sign of life after which whoever runs it counts as dead. 1 s to 1 day. @default '15s' */
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
 * whoever slept through a successor can write nothing. While the database is away `append` tries again until the lease
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
    async open({ holder, signal }): Promise<OpenJournal> {
      let above = 0;
      for (;;) {
        const held = await lease.acquire({ holder, signal, above });
        try {
          const records = await rows.read(signal);
          const newest = records.at(-1)?.token ?? 0;
          if (newest < held.token) return new OpenRows(rows, held, records, clock);
          // Somebody has tidied the lease away.
          above = newest;
          await held.release();
        } catch (error) {
          await held.release().catch(() => undefined);
          throw error;
        }
      }
    },
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

  /** How many of them are there: all, or none. */
  async write(records: readonly JournalRecord[], token: number, signal: AbortSignal): Promise<number> {
    const { schema } = this.#database;
    // The lock keeps a successor from taking the lease before this is committed.
    const [row] = await this.#database.query(
      `WITH fence AS (
         SELECT token FROM ${schema}.leases
         WHERE name = $1 AND token = $2 AND holder IS NOT NULL AND expires_at > clock_timestamp()
         FOR UPDATE
       ), given AS (
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
    const record = { sequence, token: Number(token), at, event: JSON.parse(String(event)) as unknown };
    return frozenJson(record, 'record') as unknown as JournalRecord;
  }
}

interface Waiting {
  readonly event: JournalEvent;
  readonly at: string;
  readonly resolve: (record: JournalRecord) => void;
  readonly reject: (error: unknown) => void;
}

class OpenRows implements OpenJournal {
  readonly records: readonly JournalRecord[];
  readonly token: number;
  readonly #rows: JournalRows;
  readonly #lease: HeldLease;
  readonly #clock: Clock;
  #sequence: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();
  #broken: { readonly error: unknown } | undefined;

  constructor(rows: JournalRows, lease: HeldLease, records: readonly JournalRecord[], clock: Clock) {
    this.records = records;
    this.token = lease.token;
    this.#rows = rows;
    this.#lease = lease;
    this.#clock = clock;
    this.#sequence = records.length;
  }

  get lost(): AbortSignal {
    return this.#lease.lost;
  }

  append(event: JournalEvent, at: string): Promise<JournalRecord> {
    const { promise, resolve, reject } = Promise.withResolvers<JournalRecord>();
    this.#waiting.push({ event, at, resolve, reject });
    // Whoever comes while the database is busy is written together with the others that came.
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write());
    return promise;
  }

  async close(): Promise<void> {
    this.#broken ??= { error: new LeaseLostError(`the journal of run ${this.#rows.run} was closed`) };
    await this.#writing;
    await this.#lease.release();
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#broken !== undefined) throw this.#broken.error;
      const records = batch.map(({ event, at }, place) => {
        const record = { sequence: this.#sequence + place + 1, at, token: this.token, event };
        return frozenJson(record, 'record') as unknown as JournalRecord;
      });
      await this.#written(records);
      this.#sequence += batch.length;
      batch.forEach(({ resolve }, place) => resolve(records[place] as JournalRecord));
    } catch (error) {
      // After a failure nobody knows what was committed: the next one to open it looks.
      this.#broken ??= { error };
      for (const { reject } of batch) reject(this.#broken.error);
    }
  }

  /** Until it is there, or the lease is not. */
  async #written(records: readonly JournalRecord[]): Promise<void> {
    // An earlier attempt, of which nobody heard, may be committed while this one waits behind it: this one cannot see it.
    let unseen = 0;
    for (;;) {
      const { lost } = this.#lease;
      lost.throwIfAborted();
      try {
        const there = await this.#rows.write(records, this.token, lost);
        if (there === records.length) break;
        unseen += 1;
        if (unseen > 1) throw this.#notWritten(there);
        continue;
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      await this.#clock.sleep(250, lost);
    }
    // Committed, and heard of only after a sleep: whoever has it now decides what follows from it.
    this.#lease.lost.throwIfAborted();
  }

  #notWritten(there: number): LeaseLostError | JournalCorruptError {
    const { run } = this.#rows;
    if (there > 0)
      return new JournalCorruptError(
        `the journal of run ${run} holds a record that nobody with the lease wrote`,
        {
          line: this.#sequence + 1,
        },
      );
    return new LeaseLostError(
      `${this.#lease.holder} has lost run ${run}: it expired, or somebody else has taken it`,
      {
        remedy: 'Run again: it goes on where the other one ends.',
      },
    );
  }
}
