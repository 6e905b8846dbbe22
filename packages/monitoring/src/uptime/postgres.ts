import { anObjectWith, aSchemaName, optionsSchema, parseArguments } from '@groundcrew/ground';
import { transaction } from '@groundcrew/ground/stores';
import type { Pool, PoolClient } from 'pg';
import { kindOf, nameOf, type UptimeEvidence, type UptimeKind, type UptimeSubject } from './evidence.ts';
import { claimIn, knownIn, type Row, timeIn } from './rows.ts';
import type { UptimeClaim } from './runs.ts';
import type { KnownSubject, SubjectPage, UptimeStore } from './store.ts';
import type { UptimeWindow } from './timeline.ts';
import { asUptimeError } from './uptime-error.ts';

export interface PostgresUptimeOptions {
  /** Stays the caller's: it is never ended here. */
  readonly pool: Pool;
  /** Made with its tables if it is not there. Lower case. @default 'groundcrew_uptime' */
  readonly schema?: string | undefined;
}

const schemaOf = (schema: string): string => `
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.uptime_subject (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, name text NOT NULL, project text,
  UNIQUE (kind, name));
CREATE TABLE IF NOT EXISTS ${schema}.uptime_evidence (
  id text PRIMARY KEY, subject bigint NOT NULL, state text NOT NULL, earliest bigint NOT NULL, latest bigint NOT NULL,
  since bigint, source text NOT NULL, text text);
CREATE INDEX IF NOT EXISTS uptime_time ON ${schema}.uptime_evidence (subject, latest);
CREATE INDEX IF NOT EXISTS uptime_ends ON ${schema}.uptime_evidence (subject) WHERE state IN ('not-created', 'deleted');
CREATE INDEX IF NOT EXISTS uptime_actions ON ${schema}.uptime_evidence (subject, latest) WHERE source = 'action';
`;

const FIELDS = 'id, state, earliest, latest, since, source, text';
const ENDS = `state IN ('not-created', 'deleted')`;

const storeOptions = optionsSchema<PostgresUptimeOptions>({
  pool: anObjectWith<Pool>('a pool of pg', 'connect', 'query', 'on'),
  schema: aSchemaName.optional(),
});

/**
 * The store past one machine: tables in PostgreSQL 13 or later. Several writers may append; they take turns. Evidence is
 * durable when an append resolves, as far as the server's `synchronous_commit` says.
 *
 * @throws InputError on an option that there is not, and for a schema that is no plain name
 */
export function postgresUptime(options: PostgresUptimeOptions): UptimeStore {
  parseArguments('postgresUptime', storeOptions, options);
  const { pool, schema = 'groundcrew_uptime' } = options;
  return new PostgresUptime(pool, schema);
}

class PostgresUptime implements UptimeStore {
  readonly #pool: Pool;
  /** Quoted: `order` is a plain name, too. */
  readonly #schema: string;
  readonly #lock: string;
  #ready: Promise<unknown> | undefined;

  constructor(pool: Pool, schema: string) {
    this.#pool = pool;
    this.#schema = `"${schema}"`;
    this.#lock = `SELECT pg_advisory_xact_lock(hashtextextended('groundcrew uptime ${schema}', 0))`;
  }

  add(evidence: readonly UptimeEvidence[]): Promise<number> {
    if (evidence.length === 0) return Promise.resolve(0);
    const column = <T>(of: (each: UptimeEvidence) => T): T[] => evidence.map(of);
    return this.#write(async (client) => {
      const [kinds, names] = [
        column(({ subject }) => kindOf(subject)),
        column(({ subject }) => nameOf(subject)),
      ];
      // The first project that is told stays: a server never moves to another.
      await client.query(
        `INSERT INTO ${this.#schema}.uptime_subject AS known (kind, name, project)
         SELECT kind, name, min(project) FROM unnest($1::text[], $2::text[], $3::text[]) AS given (kind, name, project)
         GROUP BY kind, name
         ON CONFLICT (kind, name) DO UPDATE SET project = excluded.project
         WHERE known.project IS NULL AND excluded.project IS NOT NULL`,
        [kinds, names, column(({ project }) => project ?? null)],
      );
      const { rowCount } = await client.query(
        `INSERT INTO ${this.#schema}.uptime_evidence (subject, ${FIELDS})
         SELECT known.no, given.id, given.state, given.earliest, given.latest, given.since, given.source, given.text
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
           $9::text[]) AS given (kind, name, id, state, earliest, latest, since, source, text)
         JOIN ${this.#schema}.uptime_subject AS known ON known.kind = given.kind AND known.name = given.name
         ON CONFLICT (id) DO NOTHING`,
        [
          kinds,
          names,
          column(({ id }) => id),
          column(({ state }) => state),
          column(({ earliest }) => earliest),
          column(({ latest }) => latest),
          column(({ since }) => since ?? null),
          column(({ source }) => source),
          column(({ text }) => text ?? null),
        ],
      );
      return rowCount ?? 0;
    });
  }

  async read(subject: UptimeSubject, { from, to }: UptimeWindow): Promise<readonly UptimeClaim[]> {
    const rows = await this.#read(
      `SELECT ${FIELDS} FROM ${this.#schema}.uptime_evidence
       WHERE subject = (SELECT no FROM ${this.#schema}.uptime_subject WHERE kind = $1 AND name = $2)
         AND (latest BETWEEN $3 AND $4 OR ${ENDS})`,
      [kindOf(subject), nameOf(subject), from, to],
    );
    return rows.map(claimIn);
  }

  async scan(
    kind: UptimeKind,
    { from, to }: UptimeWindow,
    { after, limit }: { readonly after: number | undefined; readonly limit: number },
  ): Promise<SubjectPage> {
    const found = await this.#read(
      `SELECT no, name, project FROM ${this.#schema}.uptime_subject WHERE kind = $1 AND no > $2 ORDER BY no LIMIT $3`,
      [kind, after ?? -1, limit],
    );
    const rows = await this.#read(
      `SELECT subject, ${FIELDS} FROM ${this.#schema}.uptime_evidence
       WHERE subject = ANY($1::bigint[]) AND (latest BETWEEN $2 AND $3 OR ${ENDS})`,
      [found.map(({ no }) => no), from, to],
    );
    const claims = new Map<string, UptimeClaim[]>(found.map(({ no }) => [String(no), []]));
    for (const row of rows) claims.get(String(row['subject']))?.push(claimIn(row));
    return {
      subjects: found.map((row) => ({ ...knownIn(row), claims: claims.get(String(row['no'])) ?? [] })),
      next: found.length < limit ? undefined : Number(found.at(-1)?.['no']),
    };
  }

  async subjects(kind: UptimeKind): Promise<readonly KnownSubject[]> {
    const rows = await this.#read(
      `SELECT name, project, (SELECT max(latest) FROM ${this.#schema}.uptime_evidence WHERE subject = no) AS newest,
         (SELECT max(latest) FROM ${this.#schema}.uptime_evidence WHERE subject = no AND source = 'action') AS action,
         EXISTS (SELECT 1 FROM ${this.#schema}.uptime_evidence WHERE subject = no AND state = 'deleted') AS deleted
       FROM ${this.#schema}.uptime_subject WHERE kind = $1 ORDER BY no`,
      [kind],
    );
    return rows.map((row) => ({
      ...knownIn(row),
      newest: timeIn(row['newest']),
      newestAction: timeIn(row['action']),
      isDeleted: row['deleted'] === true,
    }));
  }

  purge(before: number): Promise<number> {
    return this.#write(async (client) => {
      const { rowCount } = await client.query(
        `DELETE FROM ${this.#schema}.uptime_evidence WHERE latest < $1`,
        [before],
      );
      return rowCount ?? 0;
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #read(text: string, values: unknown[]): Promise<Row[]> {
    await this.#made();
    try {
      return (await this.#pool.query(text, values)).rows as Row[];
    } catch (error) {
      throw asUptimeError(error);
    }
  }

  /** One writer at a time: two that add the same in another order would wait for one another for ever. */
  async #write<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.#made();
    return this.#transaction(work);
  }

  async #transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      return await transaction(this.#pool, `BEGIN; ${this.#lock}`, work);
    } catch (error) {
      throw asUptimeError(error);
    }
  }

  /** The schema and its tables, once. */
  async #made(): Promise<void> {
    this.#ready ??= this.#transaction((client) => client.query(schemaOf(this.#schema)));
    try {
      await this.#ready;
    } catch (error) {
      // The next one tries again: the server may have been away.
      this.#ready = undefined;
      throw error;
    }
  }
}
