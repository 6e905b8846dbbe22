import { anObjectWith, aSchemaName } from '@groundcrew/ground';
import { listenTo } from '@groundcrew/ground/stores';
import { JournalCorruptError, JournalError } from '../journal/journal-errors.ts';

/** The methods of a pool that are used here; a `Pool` of `pg` has them. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly PostgresRow[] }>;
  /** With an error: the connection is closed, not reused. */
  release(error?: Error): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

export type PostgresRow = Readonly<Record<string, unknown>>;

export interface PostgresPlace {
  /** Stays the caller's: it is never ended here. At least 2 connections. */
  readonly pool: PostgresPool;
  /** Made on first use, with its tables, if it is not there. Lower case. @default 'groundcrew' */
  readonly schema?: string | undefined;
}

/** Schemas of the options that all PostgreSQL stores share. A pool is the caller's, and recognised by its methods. */
export const postgresPlace = {
  pool: anObjectWith<PostgresPool>('a pool of pg', 'connect', 'on'),
  schema: aSchemaName.optional(),
};

/** Milliseconds for a statement, when nothing else limits it. */
const STATEMENT_LIMIT = 30_000;

/** The tables of this package in a database that other programs use as well. */
export class Database {
  /** Quoted: `order` is a plain name, too. */
  readonly schema: string;
  readonly #pool: PostgresPool;

  constructor({ pool, schema = 'groundcrew' }: PostgresPlace) {
    this.schema = `"${schema}"`;
    this.#pool = pool;
    listenTo(pool);
  }

  /**
   * One statement, which is a transaction of its own. `signal`: the connection is closed, and whether it has happened
   * is not known.
   *
   * @throws JournalError; the signal's reason
   */
  async query(
    text: string,
    values: unknown[] = [],
    signal: AbortSignal = AbortSignal.timeout(STATEMENT_LIMIT),
  ): Promise<readonly PostgresRow[]> {
    await this.#ready(signal);
    return this.#using(signal, async (client) => (await client.query(text, values)).rows);
  }

  /** The schema and its tables, once for each pool. */
  async #ready(signal: AbortSignal): Promise<void> {
    const known = schemas.get(this.#pool) ?? new Set();
    schemas.set(this.#pool, known);
    if (known.has(this.schema)) return;
    await this.#using(signal, async (client) => {
      // A role that may not make tables need not, where they are.
      const there = await client.query('SELECT to_regclass($1) AS found', [`${this.schema}.state`]);
      if (there.rows[0]?.['found'] === null) await client.query(tablesOf(this.schema));
    });
    known.add(this.schema);
  }

  async #using<T>(signal: AbortSignal, work: (client: PostgresClient) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    const connecting = this.#pool.connect();
    let client: PostgresClient | undefined;
    try {
      client = await Promise.race([connecting, aborted]);
      client.on('error', unheard);
      const result = await Promise.race([work(client), aborted]);
      client.removeListener('error', unheard);
      client.release();
      return result;
    } catch (error) {
      // Its state is not known. The listener stays: it may have something to say while it is being closed.
      if (client !== undefined) client.release(error instanceof Error ? error : new Error(String(error)));
      else
        connecting.then(
          (late) => late.release(),
          () => undefined,
        );
      if (signal.aborted) throw signal.reason;
      throw asJournalError(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

/** Tells whether the connection failed, not the statement: the same statement may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  // What a journal holds does not change by waiting.
  if (!(error instanceof JournalError) || error instanceof JournalCorruptError) return false;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  // Without an SQLSTATE the server has not answered. See appendix A of PostgreSQL's manual for those that pass.
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return /^(08|40|53|57P0|55P03|25006)/.test(code);
}

const schemas = new WeakMap<PostgresPool, Set<string>>();

const unheard = (): void => undefined;

/** Two that begin at once wait for one another: without the lock `IF NOT EXISTS` is no protection. */
const tablesOf = (schema: string): string => `
  BEGIN;
  SELECT pg_advisory_xact_lock(hashtext('groundcrew tables of ${schema}'));
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.leases (
    name text PRIMARY KEY,
    token bigint NOT NULL,
    holder text,
    expires_at timestamptz NOT NULL
  );
  CREATE TABLE IF NOT EXISTS ${schema}.journal (
    run text NOT NULL,
    sequence integer NOT NULL,
    token bigint NOT NULL,
    at text NOT NULL,
    event json NOT NULL,
    PRIMARY KEY (run, sequence)
  );
  CREATE TABLE IF NOT EXISTS ${schema}.state (
    name text PRIMARY KEY,
    token bigint NOT NULL,
    value json NOT NULL
  );
  COMMIT;
`;

function asJournalError(error: unknown): JournalError {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const said = message !== undefined && message !== '' ? message : (code ?? String(error));
  return new JournalError(`PostgreSQL: ${said}`, {
    remedy:
      REMEDIES[code ?? ''] ?? 'See that the database is there, then run again: it goes on where it was.',
    cause: error,
  });
}

const REMEDIES: Readonly<Record<string, string>> = {
  '42501': 'Grant this role the tables of the schema; or make them once with a role that may create them.',
  '28P01': 'Look at the password.',
  '3D000': 'Make the database.',
  '53100': 'Make room on the disk of the database, then run again: it goes on where it was.',
  '53300': 'Raise max_connections, or use smaller pools.',
  '25006': 'Connect to the primary: this one is read-only.',
};
