import { randomUUID } from 'node:crypto';
import { anObjectWith, aSchemaName, optionsSchema, parseArguments } from '@groundcrew/ground';
import { transaction } from '@groundcrew/ground/stores';
import type { Pool, PoolClient } from 'pg';
import type { Checkpoint } from '../checkpoint.ts';
import { type ChainHead, type RedactablePart, eventOf, type StoredRecord, withoutParts } from '../record.ts';
import { columnNames, columnsOf, linksOf } from './columns.ts';
import { findSql } from './find-sql.ts';
import { linksSql, linkTables } from './link-tables.ts';
import { recordIn, type Row, withLinks } from './rows.ts';
import { asStoreError } from './store-error.ts';
import type { Build, Link, NewRecord, Page, TrailStore } from './store.ts';

export interface PostgresStoreOptions {
  /** Stays the caller's: it is never ended here. */
  readonly pool: Pool;
  /** Made with its tables if it is not there. Lower case. @default 'groundcrew_trail' */
  readonly schema?: string | undefined;
}

const COLUMNS: Readonly<Record<(typeof columnNames)[number], string>> = {
  id: 'text',
  at: 'bigint',
  kind: 'text',
  action: 'text',
  outcome: 'text',
  service: 'text',
  target_type: 'text',
  target_id: 'text',
  user_id: 'text',
  user_name: 'text',
  project_id: 'text',
  address: 'text',
};

const schemaOf = (schema: string): string => `
CREATE SCHEMA IF NOT EXISTS ${schema};
SET LOCAL search_path TO ${schema};
CREATE TABLE IF NOT EXISTS trail_meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS trail_record (
  seq bigint PRIMARY KEY, recorded bigint NOT NULL,
  id text NOT NULL UNIQUE, at bigint NOT NULL, kind text NOT NULL, action text NOT NULL, outcome text NOT NULL,
  service text, target_type text NOT NULL, target_id text, user_id text, user_name text, project_id text, address text,
  core text NOT NULL, parts text NOT NULL, hash text NOT NULL);
CREATE INDEX IF NOT EXISTS trail_at ON trail_record (at, seq);
CREATE INDEX IF NOT EXISTS trail_target ON trail_record (target_id, at) WHERE target_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_type ON trail_record (target_type, action, at);
CREATE INDEX IF NOT EXISTS trail_user ON trail_record (user_id, at) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_project ON trail_record (project_id, at) WHERE project_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS trail_request (seq bigint NOT NULL, request_id text NOT NULL, PRIMARY KEY (seq, request_id));
CREATE INDEX IF NOT EXISTS trail_request_id ON trail_request (request_id);
CREATE TABLE IF NOT EXISTS trail_thing (seq bigint NOT NULL, target_id text NOT NULL, PRIMARY KEY (seq, target_id));
CREATE INDEX IF NOT EXISTS trail_thing_id ON trail_thing (target_id);
CREATE TABLE IF NOT EXISTS trail_checkpoint (seq bigserial PRIMARY KEY, checkpoint text NOT NULL);
INSERT INTO trail_meta (name, value) VALUES ('trail_id', '${randomUUID()}') ON CONFLICT DO NOTHING;
`;
const ALL = ['seq', 'recorded', ...columnNames, 'core', 'parts', 'hash'];
const INSERT = `INSERT INTO trail_record (${ALL.join(', ')}) SELECT * FROM unnest($1::bigint[], $2::bigint[], ${[
  ...columnNames.map((name, index) => `$${index + 3}::${COLUMNS[name]}[]`),
  ...[3, 4, 5].map((offset) => `$${columnNames.length + offset}::text[]`),
].join(', ')})`;

const storeOptions = optionsSchema<PostgresStoreOptions>({
  pool: anObjectWith<Pool>('a pool of pg', 'connect', 'query', 'on'),
  schema: aSchemaName.optional(),
});

/**
 * The store past one machine: tables in PostgreSQL 13 or later. Several writers may append; they take turns. A record is
 * durable when an append resolves, as far as the server's `synchronous_commit` says.
 *
 * @throws InputError on an option that there is not, and for a schema that is no plain name
 */
export function postgresStore(options: PostgresStoreOptions): TrailStore {
  parseArguments('postgresStore', storeOptions, options);
  const { pool, schema = 'groundcrew_trail' } = options;
  return new PostgresStore(pool, schema);
}

class PostgresStore implements TrailStore {
  readonly #pool: Pool;
  /** Quoted: `order` is a plain name, too. */
  readonly #schema: string;
  readonly #lock: string;
  #ready: Promise<void> | undefined;

  constructor(pool: Pool, schema: string) {
    this.#pool = pool;
    this.#lock = `groundcrew trail ${schema}`;
    this.#schema = `"${schema}"`;
  }

  async trailId(): Promise<string> {
    const [row] = await this.#read('SELECT value FROM trail_meta WHERE name = ?', 'trail_id');
    return String(row?.['value']);
  }

  head(): Promise<ChainHead | undefined> {
    return this.#within((client) => headOf(client));
  }

  append(ids: readonly string[], build: Build): Promise<readonly NewRecord[]> {
    return this.#write((client) => this.#add(client, ids, build));
  }

  /** In one snapshot: an append between the two reads would look like links without their records. */
  async read(after: number | undefined, limit: number): Promise<Page> {
    await this.#made();
    const begin = this.#begin('ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return this.#transaction(begin, async (client) => {
      const behind = after === undefined ? 'TRUE' : 'seq > $1';
      const bound = after === undefined ? [] : [after];
      const { rows } = (await client.query(
        `SELECT * FROM trail_record WHERE ${behind} ORDER BY seq LIMIT ${Math.trunc(limit)}`,
        bound,
      )) as { rows: Row[] };
      // Links behind the last record belong to the last page.
      const last = rows.length < limit ? null : rows.at(-1)?.['seq'];
      const links = await client.query(linksSql('$1::bigint', '$2::bigint'), [after ?? null, last]);
      return withLinks(rows, links.rows as Row[]);
    });
  }

  async find(...query: Parameters<TrailStore['find']>): Promise<StoredRecord[]> {
    const { sql, values } = findSql(...query);
    return (await this.#read(sql, ...values)).map(recordIn);
  }

  redact(seqs: readonly number[], names: readonly RedactablePart[]): Promise<void> {
    return this.#write(async (client) => {
      const { rows } = await client.query('SELECT * FROM trail_record WHERE seq = ANY($1::bigint[])', [seqs]);
      for (const row of rows as Row[]) {
        const record = withoutParts(recordIn(row), names);
        const { event } = eventOf(record);
        const columns = columnsOf(event);
        await client.query(
          `UPDATE trail_record SET parts = $2, ${columnNames.map((name, index) => `${name} = $${index + 3}`).join(', ')} WHERE seq = $1`,
          [record.seq, JSON.stringify(record.parts), ...columnNames.map((name) => columns[name])],
        );
        for (const { table } of Object.values(linkTables))
          await client.query(`DELETE FROM ${table} WHERE seq = $1`, [record.seq]);
        await link(
          client,
          linksOf(event).map((entry) => ({ ...entry, seq: record.seq })),
        );
      }
    });
  }

  retire(upTo: number): Promise<number> {
    return this.#write(async (client) => {
      for (const { table } of Object.values(linkTables))
        await client.query(`DELETE FROM ${table} WHERE seq <= $1`, [upTo]);
      const { rowCount } = await client.query('DELETE FROM trail_record WHERE seq <= $1', [upTo]);
      return rowCount ?? 0;
    });
  }

  async checkpoints(): Promise<string[]> {
    const rows = await this.#read('SELECT checkpoint FROM trail_checkpoint ORDER BY seq');
    return rows.map((row) => String(row['checkpoint']));
  }

  addCheckpoint(checkpoint: Checkpoint, behind: string | undefined): Promise<boolean> {
    return this.#write(async (client) => {
      const { rows } = await client.query(
        'SELECT checkpoint FROM trail_checkpoint ORDER BY seq DESC LIMIT 1',
      );
      const [last] = rows as Row[];
      if (last?.['checkpoint'] !== behind) return false;
      await client.query('INSERT INTO trail_checkpoint (checkpoint) VALUES ($1)', [
        JSON.stringify(checkpoint),
      ]);
      return true;
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #add(client: PoolClient, ids: readonly string[], build: Build): Promise<readonly NewRecord[]> {
    const known = new Set<string>();
    if (ids.length > 0) {
      const { rows } = await client.query('SELECT id FROM trail_record WHERE id = ANY($1::text[])', [ids]);
      for (const row of rows as Row[]) known.add(String(row['id']));
    }
    const added = build(await headOf(client), (id) => known.has(id));
    if (added.length === 0) return added;
    const rows = added.map(({ record, event }) => {
      const columns = columnsOf(event);
      const { seq, recorded, core, parts, hash } = record;
      return [seq, recorded, ...columnNames.map((name) => columns[name]), core, JSON.stringify(parts), hash];
    });
    await client.query(
      INSERT,
      ALL.map((_, index) => rows.map((row) => row[index])),
    );
    await link(
      client,
      added.flatMap(({ record: { seq }, event }) => linksOf(event).map((entry) => ({ ...entry, seq }))),
    );
    return added;
  }

  /** One writer at a time: the chain has one end. */
  #write<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#within(work, `SELECT pg_advisory_xact_lock(hashtextextended('${this.#lock}', 0))`);
  }

  /** One round trip: tables are named with their schema, and a statement is a transaction of its own. */
  async #read(sql: string, ...values: readonly (string | number)[]): Promise<readonly Row[]> {
    await this.#made();
    let at = 0;
    const text = sql
      .replaceAll(
        /\btrail_(?:record|request|thing|meta|checkpoint)\b/g,
        (table) => `${this.#schema}.${table}`,
      )
      .replaceAll('?', () => `$${(at += 1)}`);
    try {
      return (await this.#pool.query(text, [...values])).rows as Row[];
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /** `first`: a statement before the work. */
  async #within<T>(work: (client: PoolClient) => Promise<T>, first = ''): Promise<T> {
    await this.#made();
    return this.#transaction(this.#begin() + first, work);
  }

  async #transaction<T>(begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      return await transaction(this.#pool, begin, work);
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /** Statements in one text are one round trip, each with a snapshot of its own. */
  #begin(mode = ''): string {
    return `BEGIN ${mode}; SET LOCAL search_path TO ${this.#schema}; `;
  }

  /** The schema and its tables, once. */
  async #made(): Promise<void> {
    this.#ready ??= this.#transaction('BEGIN', async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtextextended('groundcrew trail schema', 0))");
      await client.query(schemaOf(this.#schema));
    });
    try {
      await this.#ready;
    } catch (error) {
      // The next one tries again: the server may have been away.
      this.#ready = undefined;
      throw error;
    }
  }
}

async function link(client: PoolClient, links: readonly (Link & { readonly seq: number })[]): Promise<void> {
  for (const [kind, { table, column }] of Object.entries(linkTables)) {
    const some = links.filter((entry) => entry.kind === kind);
    if (some.length > 0)
      await client.query(
        `INSERT INTO ${table} (seq, ${column}) SELECT * FROM unnest($1::bigint[], $2::text[])`,
        [some.map(({ seq }) => seq), some.map(({ value }) => value)],
      );
  }
}

async function headOf(client: PoolClient): Promise<ChainHead | undefined> {
  const { rows } = await client.query(
    'SELECT seq, hash, recorded FROM trail_record ORDER BY seq DESC LIMIT 1',
  );
  const [row] = rows as Row[];
  return row === undefined
    ? undefined
    : { seq: Number(row['seq']), hash: String(row['hash']), recorded: Number(row['recorded']) };
}
