import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
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

export interface SqliteStoreOptions {
  /** Milliseconds that a writer waits for another process to end its append. @default 10 000 */
  readonly busyTimeout?: number | undefined;
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
CREATE TABLE IF NOT EXISTS trail_request (request_id TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (request_id, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trail_checkpoint (seq INTEGER PRIMARY KEY AUTOINCREMENT, checkpoint TEXT NOT NULL);
`;
const INSERT = `INSERT INTO trail_record (seq, recorded, ${columnNames.join(', ')}, core, parts, hash)
  VALUES (${Array(columnNames.length + 5)
    .fill('?')
    .join(', ')})`;
const KNOWN = 'SELECT 1 FROM trail_record WHERE id = ?';

/**
 * The embedded store: one SQLite file, which several processes may open, or `:memory:`. A record is on the disk when an
 * append resolves.
 *
 * @throws Error of SQLite if the file cannot be opened, or is none of its
 */
export function sqliteStore(file: string, { busyTimeout = 10_000 }: SqliteStoreOptions = {}): TrailStore {
  const database = new DatabaseSync(file);
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
    throw error;
  }
  return new SqliteStore(database);
}

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

  read(from: number, limit: number): Promise<(StoredRecord & { readonly columns: Columns })[]> {
    return attempt(() =>
      this.#all('SELECT * FROM trail_record WHERE seq >= ? ORDER BY seq LIMIT ?', from, limit).map((row) => ({
        ...recordIn(row),
        columns: row as unknown as Columns,
      })),
    );
  }

  find(...query: Parameters<TrailStore['find']>): Promise<StoredRecord[]> {
    return attempt(() => {
      const { sql, values } = findSql(...query);
      return this.#all(sql, ...values).map(recordIn);
    });
  }

  redact(seqs: readonly number[], names: readonly Compartment[], also: Build): Promise<void> {
    return attempt(() =>
      this.#write(() => {
        for (const seq of seqs) {
          const [row] = this.#all('SELECT * FROM trail_record WHERE seq = ?', seq);
          if (row === undefined) continue;
          const record = withoutParts(recordIn(row), names);
          const columns = columnsOf(eventOf(record).event);
          this.#run(
            `UPDATE trail_record SET parts = ?, ${columnNames.map((name) => `${name} = ?`).join(', ')} WHERE seq = ?`,
            JSON.stringify(record.parts),
            ...columnNames.map((name) => columns[name]),
            seq,
          );
        }
        this.#add(also);
      }),
    );
  }

  retire(upTo: number, also: Build): Promise<void> {
    return attempt(() =>
      this.#write(() => {
        this.#add(also);
        this.#run('DELETE FROM trail_request WHERE seq <= ?', upTo);
        this.#run('DELETE FROM trail_record WHERE seq <= ?', upTo);
      }),
    );
  }

  checkpoints(): Promise<Checkpoint[]> {
    return attempt(() =>
      this.#all('SELECT checkpoint FROM trail_checkpoint ORDER BY seq').map(
        (row) => JSON.parse(String(row['checkpoint'])) as Checkpoint,
      ),
    );
  }

  addCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return attempt(() =>
      this.#run('INSERT INTO trail_checkpoint (checkpoint) VALUES (?)', JSON.stringify(checkpoint)),
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
      for (const id of new Set(event.request_ids))
        this.#run('INSERT INTO trail_request (request_id, seq) VALUES (?, ?)', id, record.seq);
    }
    return added;
  }

  #write<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
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

  #run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#statement(sql).run(...values);
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

const recordIn = (row: Record<string, unknown>): StoredRecord => ({
  seq: Number(row['seq']),
  recorded: Number(row['recorded']),
  core: String(row['core']),
  parts: partsIn(String(row['parts'])),
  hash: String(row['hash']),
});

/** SQLite answers at once; who uses the store need not know. */
const attempt = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
