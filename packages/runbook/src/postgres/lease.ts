import { z } from 'zod';
import {
  aClock,
  aDuration,
  backgroundClock,
  type Clock,
  type Duration,
  durationWords,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { LeaseHeldError } from '../journal/journal-errors.ts';
import type { FencedLease, HeldLease } from '../lease/lease.ts';
import { leaseLost } from '../lease/lease-lost.ts';
import { Database, postgresPlace, type PostgresPlace } from './database.ts';

export interface PostgresLeaseOptions extends PostgresPlace {
  /** The name of the lease: `leader`, `worker/7`. Holders that use the same name in the same schema compete. */
  readonly name: string;
  /** Time after its last sign of life until a holder counts as dead. 1 s to 1 day. @default '15s' */
  readonly ttl?: Duration | undefined;
  /** Only differences between its times count. @default monotonic */
  readonly clock?: Clock | undefined;
}

export type PostgresLease = FencedLease;

/** The longest time that a holder may be silent. */
export const aTtl = aDuration.pipe(z.number().min(milliseconds('1s')).max(milliseconds('1d')));

const postgresLeaseOptions = optionsSchema<PostgresLeaseOptions>({
  ...postgresPlace,
  name: z.string().min(1),
  ttl: aTtl.optional(),
  clock: aClock.optional(),
});

/**
 * A clock that does not jump when the system's time is set, and that does not keep the process alive for a lease that
 * it holds.
 */
const monotonic: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => backgroundClock.sleep(ms, signal),
};

/**
 * A lease among all who share a database. Whether it has expired is judged by the database's clock alone; a holder
 * renews it three times in `ttl`, and gives up (`lost`) a sixth of `ttl` before it can expire, measured from before the
 * last renewal that succeeded was sent. The token rises with every holder, and the row is never deleted.
 *
 * It stands or falls with the database: one that fails over to a replica which lacks the last commits may give the same
 * token twice. Use synchronous replication if that matters.
 *
 * @throws InputError on an option that there is not; LeaseHeldError, JournalError if the database does not answer, from `acquire`
 * @example
 * const lease = postgresLease({ pool, name: 'leader' });
 * const held = await lease.acquire({ holder: hostname() });
 */
export function postgresLease(options: PostgresLeaseOptions): PostgresLease {
  parseArguments('postgresLease', postgresLeaseOptions, options);
  const { name, clock = monotonic } = options;
  const ttl = milliseconds(options.ttl ?? '15s');
  const row = new LeaseRow(new Database(options), name, ttl);
  return {
    async acquire({ holder, signal, above = 0 }): Promise<HeldLease> {
      // A turn is lost if the lease was let go between the two statements.
      for (let turn = 0; ; turn += 1) {
        const sent = clock.now();
        const token = await row.take(holder, above, signal);
        if (token !== undefined) return new Holding(row, { holder, token, sent }, clock);
        const other = await row.holder(signal);
        if (other === undefined && turn < 20) continue;
        const by = other?.holder ?? 'somebody';
        throw new LeaseHeldError(
          `${by} holds ${name}${other === undefined ? '' : `, until ${durationWords(other.left)} from now or longer`}`,
          {
            holder: by,
            remedy: `Wait until it has ended; if it is dead, the lease is free ${durationWords(ttl)} after its last sign of life.`,
          },
        );
      }
    },
  };
}

/**
 * Deletes leases that expired so long ago that nobody can think that it holds one: of names that are used once. The next
 * holder of such a name begins at token 1 again.
 */
export async function forgetLeases(
  place: PostgresPlace,
  { prefix, expiredFor }: { readonly prefix: string; readonly expiredFor: Duration },
): Promise<void> {
  const database = new Database(place);
  await database.query(
    `DELETE FROM ${database.schema}.leases
     WHERE starts_with(name, $1) AND expires_at < clock_timestamp() - make_interval(secs => $2)`,
    [prefix, milliseconds(expiredFor) / 1000],
  );
}

/** The statements. */
class LeaseRow {
  readonly name: string;
  /** Milliseconds. */
  readonly ttl: number;
  readonly #database: Database;
  readonly #table: string;

  constructor(database: Database, name: string, ttl: number) {
    this.name = name;
    this.ttl = ttl;
    this.#database = database;
    this.#table = `${database.schema}.leases`;
  }

  /** `undefined`: somebody else has it. */
  async take(holder: string, above: number, signal: AbortSignal | undefined): Promise<number | undefined> {
    // Not now(), which is when the transaction began: it may have waited for the row.
    const [row] = await this.#database.query(
      `INSERT INTO ${this.#table} AS lease (name, token, holder, expires_at)
       VALUES ($1, $4::bigint + 1, $2, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (name) DO UPDATE
         SET token = greatest(lease.token, $4::bigint) + 1, holder = excluded.holder,
             expires_at = clock_timestamp() + make_interval(secs => $3)
         WHERE lease.holder IS NULL OR lease.expires_at <= clock_timestamp()
       RETURNING token::text`,
      [this.name, holder, this.ttl / 1000, above],
      signal,
    );
    return row === undefined ? undefined : Number(row['token']);
  }

  async holder(
    signal: AbortSignal | undefined,
  ): Promise<{ readonly holder: string; readonly left: number } | undefined> {
    const [row] = await this.#database.query(
      `SELECT holder, ceil(extract(epoch FROM expires_at - clock_timestamp()))::int AS seconds
       FROM ${this.#table} WHERE name = $1 AND holder IS NOT NULL AND expires_at > clock_timestamp()`,
      [this.name],
      signal,
    );
    return row === undefined
      ? undefined
      : { holder: String(row['holder']), left: Number(row['seconds']) * 1000 };
  }

  /** Renews the lease for another `ttl`; false if it is no longer held. */
  async renew(token: number, signal: AbortSignal): Promise<boolean> {
    const rows = await this.#database.query(
      `UPDATE ${this.#table} SET expires_at = clock_timestamp() + make_interval(secs => $3)
       WHERE name = $1 AND token = $2 AND holder IS NOT NULL AND expires_at > clock_timestamp()
       RETURNING 1`,
      [this.name, token, this.ttl / 1000],
      signal,
    );
    return rows.length > 0;
  }

  async release(token: number): Promise<void> {
    await this.#database.query(
      `UPDATE ${this.#table} SET holder = NULL WHERE name = $1 AND token = $2`,
      [this.name, token],
      AbortSignal.timeout(this.ttl),
    );
  }
}

interface Claim {
  readonly holder: string;
  readonly token: number;
  /** The time when the statement was sent by which it is held. */
  readonly sent: number;
}

class Holding implements HeldLease {
  readonly holder: string;
  readonly token: number;
  readonly #row: LeaseRow;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  readonly #keeping: Promise<void>;
  #sent: number;

  constructor(row: LeaseRow, { holder, token, sent }: Claim, clock: Clock) {
    this.holder = holder;
    this.token = token;
    this.#row = row;
    this.#clock = clock;
    this.#sent = sent;
    this.#keeping = this.#keep();
  }

  get lost(): AbortSignal {
    if (!this.#released.signal.aborted && this.#left() <= 0) this.#lose('it was not renewed in time');
    return this.#lost.signal;
  }

  /** A lease that cannot be given back runs out. */
  async release(): Promise<void> {
    if (this.#released.signal.aborted) return;
    this.#released.abort();
    await this.#keeping;
    await this.#row.release(this.token);
  }

  async #keep(): Promise<void> {
    const ms = this.#row.ttl;
    let why = 'it was not renewed in time';
    let pause = ms / 3;
    while (!this.#released.signal.aborted) {
      if (!(await this.#slept(Math.min(pause, this.#left())))) return;
      // Also after a sleep of the whole process.
      if (this.#left() <= 0) return this.#lose(why);
      const sent = this.#clock.now();
      const answer = await this.#renewed();
      if (answer === 'released') return;
      if (answer === 'late') return this.#lose(why);
      if (answer === false) return this.#lose('somebody else has taken it, or it expired');
      if (answer === true) this.#sent = sent;
      else why = `it could not be renewed: ${answer.message}`;
      pause = answer === true ? ms / 3 : ms / 15;
    }
  }

  /** Milliseconds until it must be given up. */
  #left(): number {
    return this.#sent + this.#row.ttl * (5 / 6) - this.#clock.now();
  }

  async #renewed(): Promise<boolean | 'late' | 'released' | Error> {
    const done = new AbortController();
    const late = this.#clock.sleep(Math.max(0, this.#left()), done.signal).then(
      () => done.abort('late'),
      () => undefined,
    );
    const release = (): void => done.abort('released');
    this.#released.signal.addEventListener('abort', release, { once: true });
    try {
      return await this.#row.renew(this.token, done.signal);
    } catch (error) {
      if (done.signal.aborted) return done.signal.reason as 'late' | 'released';
      return error as Error;
    } finally {
      this.#released.signal.removeEventListener('abort', release);
      done.abort();
      await late;
    }
  }

  async #slept(ms: number): Promise<boolean> {
    try {
      await this.#clock.sleep(Math.max(0, ms), this.#released.signal);
      return true;
    } catch {
      return false;
    }
  }

  #lose(why: string): void {
    this.#lost.abort(leaseLost(this.holder, this.#row.name, why));
  }
}
