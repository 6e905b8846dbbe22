import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Checkpoint } from '../checkpoint.ts';
import {
  type ChainHead,
  type Compartment,
  eventOf,
  partsIn,
  type StoredRecord,
  withoutParts,
} from '../record.ts';
import { columnNames, columnsOf } from './columns.ts';
import { findSql } from './find-sql.ts';
import type { Build, Columns, NewRecord, TrailStore } from './store.ts';

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
CREATE TABLE IF NOT EXISTS trail_request (request_id text NOT NULL, seq bigint NOT NULL, PRIMARY KEY (request_id, seq));
CREATE TABLE IF NOT EXISTS trail_checkpoint (seq bigserial PRIMARY KEY, checkpoint text NOT NULL);
INSERT INTO trail_meta (name, value) VALUES ('trail_id', '${randomUUID()}') ON CONFLICT DO NOTHING;
`;
const ALL = ['seq', 'recorded', ...columnNames, 'core', 'parts', 'hash'];
const INSERT = `INSERT INTO trail_record (${ALL.join(', ')}) SELECT * FROM unnest($1::bigint[], $2::bigint[], ${[
  ...columnNames.map((name, index) => `$${index + 3}::${COLUMNS[name]}[]`),
  ...[3, 4, 5].map((offset) => `$${columnNames.length + offset}::text[]`),
].join(', ')})`;

/**
 * The store past one machine: tables in PostgreSQL 13 or later. Several writers may append; they take turns. A record is
 * durable when an append resolves, as far as the server's `synchronous_commit` says.
 *
 * @throws TypeError for a schema that is no plain name
 */
export function postgresStore({ pool, schema = 'groundcrew_trail' }: PostgresStoreOptions): TrailStore {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new TypeError(`schema: ${JSON.stringify(schema)} is no plain lower-case name`);
  return new PostgresStore(pool, schema);
}

class PostgresStore implements TrailStore {
  readonly #pool: Pool;
  readonly #schema: string;
  #ready: Promise<void> | undefined;

  constructor(pool: Pool, schema: string) {
    this.#pool = pool;
    this.#schema = schema;
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

  async read(from: number, limit: number): Promise<(StoredRecord & { readonly columns: Columns })[]> {
    const rows = await this.#read(
      'SELECT * FROM trail_record WHERE seq >= ? ORDER BY seq LIMIT ?',
      from,
      limit,
    );
    return rows.map((row) => ({
      ...recordIn(row),
      columns: { ...row, at: Number(row['at']) } as unknown as Columns,
    }));
  }

  async find(...query: Parameters<TrailStore['find']>): Promise<StoredRecord[]> {
    const { sql, values } = findSql(...query);
    return (await this.#read(sql, ...values)).map(recordIn);
  }

  redact(seqs: readonly number[], names: readonly Compartment[], also: Build): Promise<void> {
    return this.#write(async (client) => {
      const { rows } = await client.query('SELECT * FROM trail_record WHERE seq = ANY($1::bigint[])', [seqs]);
      for (const row of rows as Row[]) {
        const record = withoutParts(recordIn(row), names);
        const columns = columnsOf(eventOf(record).event);
        await client.query(
          `UPDATE trail_record SET parts = $2, ${columnNames.map((name, index) => `${name} = $${index + 3}`).join(', ')} WHERE seq = $1`,
          [record.seq, JSON.stringify(record.parts), ...columnNames.map((name) => columns[name])],
        );
      }
      await this.#add(client, [], also);
    });
  }

  retire(upTo: number, also: Build): Promise<void> {
    return this.#write(async (client) => {
      await this.#add(client, [], also);
      await client.query('DELETE FROM trail_request WHERE seq <= $1', [upTo]);
      await client.query('DELETE FROM trail_record WHERE seq <= $1', [upTo]);
    });
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const rows = await this.#read('SELECT checkpoint FROM trail_checkpoint ORDER BY seq');
    return rows.map((row) => JSON.parse(String(row['checkpoint'])) as Checkpoint);
  }

  async addCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#read('INSERT INTO trail_checkpoint (checkpoint) VALUES (?)', JSON.stringify(checkpoint));
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
    const requests = added.flatMap(({ record, event }) =>
      [...new Set(event.request_ids)].map((id) => [id, record.seq] as const),
    );
    if (requests.length > 0)
      await client.query(
        'INSERT INTO trail_request (request_id, seq) SELECT * FROM unnest($1::text[], $2::bigint[])',
        [requests.map(([id]) => id), requests.map(([, seq]) => seq)],
      );
    return added;
  }

  /** One writer at a time: the chain has one end. */
  #write<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#within(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `groundcrew trail ${this.#schema}`,
      ]);
      return work(client);
    });
  }

  /** One round trip: tables are named with their schema, and a statement is a transaction of its own. */
  async #read(sql: string, ...values: readonly (string | number)[]): Promise<readonly Row[]> {
    await this.#made();
    let at = 0;
    const text = sql
      .replaceAll(/\btrail_(?:record|request|meta|checkpoint)\b/g, (table) => `${this.#schema}.${table}`)
      .replaceAll('?', () => `$${(at += 1)}`);
    return (await this.#pool.query(text, [...values])).rows as Row[];
  }

  async #within<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.#made();
    return this.#transaction(async (client) => {
      await client.query(`SET LOCAL search_path TO ${this.#schema}`);
      return work(client);
    });
  }

  /** The schema and its tables, once. */
  async #made(): Promise<void> {
    this.#ready ??= this.#transaction(async (client) => {
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

  async #transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    // A connection that breaks tells whoever uses it, too: its next statement rejects, and that is enough.
    client.on('error', ignore);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.removeListener('error', ignore);
      client.release();
      return result;
    } catch (error) {
      // Its state is not known: it is closed, which undoes what was begun.
      client.release(error instanceof Error ? error : true);
      throw error;
    }
  }
}

const ignore = (): void => undefined;

type Row = Readonly<Record<string, unknown>>;

async function headOf(client: PoolClient): Promise<ChainHead | undefined> {
  const { rows } = await client.query(
    'SELECT seq, hash, recorded FROM trail_record ORDER BY seq DESC LIMIT 1',
  );
  const [row] = rows as Row[];
  return row === undefined
    ? undefined
    : { seq: Number(row['seq']), hash: String(row['hash']), recorded: Number(row['recorded']) };
}

const recordIn = (row: Row): StoredRecord => ({
  seq: Number(row['seq']),
  recorded: Number(row['recorded']),
  core: String(row['core']),
  parts: partsIn(String(row['parts'])),
  hash: String(row['hash']),
});
