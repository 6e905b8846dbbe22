import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  aDuration,
  type Duration,
  messageOf,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { isOutOfRange } from '@groundcrew/ground/stores';
import { z } from 'zod';
import type { Checkpoint } from '../checkpoint.ts';
import { type ChainHead, type RedactablePart, eventOf, type StoredRecord, withoutParts } from '../record.ts';
import { columnNames, columnsOf, linksOf } from './columns.ts';
import { findSql } from './find-sql.ts';
import { linksSql, linkTables } from './link-tables.ts';
import { recordIn, withLinks } from './rows.ts';
import { asStoreError, StoreError } from './store-error.ts';
import type { Build, Link, NewRecord, Page, TrailStore } from './store.ts';

export interface SqliteStoreOptions {
  /** The longest time that a writer waits for another process to end its append. @default '10s' */
  readonly busyTimeout?: Duration | undefined;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS trail_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trail_record (
  seq INTEGER PRIMARY KEY, recorded INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,
  service TEXT, target_type TEXT NOT NULL, target_id TEXT, user_id TEXT, user_name TEXT, project_id TEXT, address TEXT,
  core TEXT NOT NULL, parts TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS trail_at ON trail_record (at, seq);
CREATE INDEX IF NOT EXISTS trail_target ON trail_record (target_id, at) WHERE target_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_type ON trail_record (target_type, action, at);
CREATE INDEX IF NOT EXISTS trail_user ON trail_record (user_id, at) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_project ON trail_record (project_id, at) WHERE project_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS trail_request (seq INTEGER NOT NULL, request_id TEXT NOT NULL,
  PRIMARY KEY (seq, request_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trail_request_id ON trail_request (request_id);
CREATE TABLE IF NOT EXISTS trail_thing (seq INTEGER NOT NULL, target_id TEXT NOT NULL,
  PRIMARY KEY (seq, target_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trail_thing_id ON trail_thing (target_id);
CREATE TABLE IF NOT EXISTS trail_checkpoint (seq INTEGER PRIMARY KEY AUTOINCREMENT, checkpoint TEXT NOT NULL);
`;
const INSERT = `INSERT INTO trail_record (seq, recorded, ${columnNames.join(', ')}, core, parts, hash)
  VALUES (${Array(columnNames.length + 5)
    .fill('?')
    .join(', ')})`;
const LINK = {
  request: 'INSERT INTO trail_request (seq, request_id) VALUES (?, ?)',
  target: 'INSERT INTO trail_thing (seq, target_id) VALUES (?, ?)',
} as const;
const KNOWN = 'SELECT 1 FROM trail_record WHERE id = ?';

const aFile = z.strictObject({ file: z.string().min(1) });
const storeOptions = optionsSchema<SqliteStoreOptions>({ busyTimeout: aDuration.optional() });

/**
 * The embedded store: one SQLite file, which several processes may open, or `:memory:`. A record is on the disk when an
 * append resolves.
 *
 * @throws InputError on an option that there is not, and a file that is no text; TrailError if it
 * cannot be opened, or is none of SQLite's
 */
export function sqliteStore(file: string, options: SqliteStoreOptions = {}): TrailStore {
  parseArguments('sqliteStore', storeOptions, options);
  parseArguments('sqliteStore', aFile, { file });
  const busyTimeout = milliseconds(options.busyTimeout ?? '10s');
  const database = opened(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${Math.trunc(busyTimeout)}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // 64 MiB: the indexes of some million events are written all over.
    database.exec('PRAGMA cache_size = -65536');
    database.exec(SCHEMA);
    database
      .prepare('INSERT OR IGNORE INTO trail_meta (name, value) VALUES (?, ?)')
      .run('trail_id', randomUUID());
  } catch (error) {
    database.close();
    throw notUsable(file, error);
  }
  return new SqliteStore(database);
}

function opened(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (error) {
    throw notUsable(file, error);
  }
}

const notUsable = (file: string, error: unknown): StoreError =>
  new StoreError('trail.unreadable', `sqliteStore: ${file} cannot be used: ${messageOf(error)}`, error);

class SqliteStore implements TrailStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  trailId(): Promise<string> {
    return attempt(() => {
      const [row] = this.#all('SELECT value FROM trail_meta WHERE name = ?', 'trail_id');
      return String(row?.['value']);
    });
  }

  head(): Promise<ChainHead | undefined> {
    return attempt(() => this.#head());
  }

  append(_ids: readonly string[], build: Build): Promise<readonly NewRecord[]> {
    return attempt(() => this.#write(() => this.#add(build)));
  }

  read(after: number | undefined, limit: number): Promise<Page> {
    // One snapshot: an append between the two reads would look like links without their records.
    return attempt(() =>
      this.#snapshot(() => {
        const rows = this.#wide(
          `SELECT * FROM trail_record ${after === undefined ? '' : 'WHERE seq > ?'} ORDER BY seq LIMIT ?`,
          ...(after === undefined ? [] : [after]),
          limit,
        );
        // Links behind the last record belong to the last page.
        const last = rows.length < limit ? null : (rows.at(-1)?.['seq'] as number | bigint);
        const links = this.#wide(linksSql('?1', '?2'), after ?? null, last);
        return withLinks(rows, links);
      }),
    );
  }

  find(...query: Parameters<TrailStore['find']>): Promise<StoredRecord[]> {
    return attempt(() => {
      const { sql, values } = findSql(...query);
      return this.#all(sql, ...values).map(recordIn);
    });
  }

  redact(seqs: readonly number[], names: readonly RedactablePart[]): Promise<void> {
    return attempt(() =>
      this.#write(() => {
        for (const seq of seqs) {
          const [row] = this.#all('SELECT * FROM trail_record WHERE seq = ?', seq);
          if (row === undefined) continue;
          const record = withoutParts(recordIn(row), names);
          const { event } = eventOf(record);
          const columns = columnsOf(event);
          this.#run(
            `UPDATE trail_record SET parts = ?, ${columnNames.map((name) => `${name} = ?`).join(', ')} WHERE seq = ?`,
            JSON.stringify(record.parts),
            ...columnNames.map((name) => columns[name]),
            seq,
          );
          for (const { table } of Object.values(linkTables))
            this.#run(`DELETE FROM ${table} WHERE seq = ?`, seq);
          this.#link(seq, linksOf(event));
        }
      }),
    );
  }

  retire(upTo: number): Promise<number> {
    return attempt(() =>
      this.#write(() => {
        for (const { table } of Object.values(linkTables))
          this.#run(`DELETE FROM ${table} WHERE seq <= ?`, upTo);
        return this.#run('DELETE FROM trail_record WHERE seq <= ?', upTo);
      }),
    );
  }

  checkpoints(): Promise<string[]> {
    return attempt(() =>
      this.#all('SELECT checkpoint FROM trail_checkpoint ORDER BY seq').map((row) =>
        String(row['checkpoint']),
      ),
    );
  }

  addCheckpoint(checkpoint: Checkpoint, behind: string | undefined): Promise<boolean> {
    return attempt(() =>
      this.#write(() => {
        const [last] = this.#all('SELECT checkpoint FROM trail_checkpoint ORDER BY seq DESC LIMIT 1');
        if (last?.['checkpoint'] !== behind) return false;
        this.#run('INSERT INTO trail_checkpoint (checkpoint) VALUES (?)', JSON.stringify(checkpoint));
        return true;
      }),
    );
  }

  close(): Promise<void> {
    return attempt(() => {
      if (this.#database.isOpen) this.#database.close();
    });
  }

  #head(): ChainHead | undefined {
    const [row] = this.#all('SELECT seq, hash, recorded FROM trail_record ORDER BY seq DESC LIMIT 1');
    return row as ChainHead | undefined;
  }

  #add(build: Build): readonly NewRecord[] {
    const added = build(this.#head(), (id) => this.#all(KNOWN, id).length > 0);
    for (const { record, event } of added) {
      const columns = columnsOf(event);
      this.#run(
        INSERT,
        record.seq,
        record.recorded,
        ...columnNames.map((name) => columns[name]),
        record.core,
        JSON.stringify(record.parts),
        record.hash,
      );
      this.#link(record.seq, linksOf(event));
    }
    return added;
  }

  #link(seq: number, links: readonly Link[]): void {
    for (const { kind, value } of links) this.#run(LINK[kind], seq, value);
  }

  #write<T>(work: () => T): T {
    return this.#within('BEGIN IMMEDIATE', work);
  }

  #snapshot<T>(work: () => T): T {
    return this.#within('BEGIN', work);
  }

  #within<T>(begin: string, work: () => T): T {
    this.#database.exec(begin);
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): Record<string, unknown>[] {
    return this.#statement(sql).all(...values);
  }

  /** Numbers beyond 2^53 are none of ours, and must not make reading fail: then all of them are read as the dearer kind. */
  #wide(sql: string, ...values: readonly SQLInputValue[]): Record<string, unknown>[] {
    try {
      return this.#all(sql, ...values);
    } catch (error) {
      if (!isOutOfRange(error)) throw error;
      const statement = this.#database.prepare(sql);
      statement.setReadBigInts(true);
      return statement.all(...values);
    }
  }

  /** Returns the number of rows that it changed. */
  #run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    if (this.#statements.size > 200) this.#statements.clear();
    this.#statements.set(sql, made);
    return made;
  }
}

/** SQLite answers at once; who uses the store need not know. */
const attempt = <T>(work: () => T): Promise<T> =>
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      throw asStoreError(error);
    });
