import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { aDuration, type Duration, milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import { kindOf, nameOf, type UptimeEvidence, type UptimeKind, type UptimeSubject } from './evidence.ts';
import { claimIn, knownIn, type Row, timeIn } from './rows.ts';
import type { UptimeClaim } from './runs.ts';
import type { KnownSubject, SubjectClaims, SubjectPage, UptimeStore } from './store.ts';
import type { UptimeWindow } from './timeline.ts';
import { asUptimeError } from './uptime-error.ts';

export interface SqliteUptimeOptions {
  /** The longest time that a writer waits for another process to end its append. @default '10s' */
  readonly busyTimeout?: Duration | undefined;
}

/** Evidence lies in the order in which it is read; whether an id is known is asked of a table of its own. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS uptime_subject (
  no INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, project TEXT, UNIQUE (kind, name));
CREATE TABLE IF NOT EXISTS uptime_id (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uptime_evidence (
  subject INTEGER NOT NULL, latest INTEGER NOT NULL, id TEXT NOT NULL, earliest INTEGER NOT NULL, since INTEGER,
  state TEXT NOT NULL, source TEXT NOT NULL, text TEXT, PRIMARY KEY (subject, latest, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uptime_ends ON uptime_evidence (subject, state, latest)
  WHERE state IN ('not-created', 'deleted');
CREATE INDEX IF NOT EXISTS uptime_actions ON uptime_evidence (subject, latest) WHERE source = 'action';
`;

const ENDS = `state IN ('not-created', 'deleted')`;
const FIELDS = 'id, state, earliest, latest, since, source, text';
const READ = `SELECT ${FIELDS} FROM uptime_evidence WHERE subject = ? AND latest BETWEEN ? AND ?`;
const READ_ENDS = `SELECT ${FIELDS} FROM uptime_evidence WHERE subject = ? AND ${ENDS} AND NOT latest BETWEEN ? AND ?`;

/** Subjects whose number is kept in memory. */
const REMEMBERED = 200_000;

const storeOptions = optionsSchema<SqliteUptimeOptions>({ busyTimeout: aDuration.optional() });

/**
 * The embedded store: one SQLite file, which several processes may open, or `:memory:`. Evidence is on the disk when an
 * append resolves.
 *
 * @throws InputError on an option that there is not; UptimeError if the file is no ledger, or damaged; Error of SQLite if it
 * cannot be opened
 */
export function sqliteUptime(file: string, options: SqliteUptimeOptions = {}): UptimeStore {
  parseArguments('sqliteUptime', storeOptions, options);
  const busyTimeout = milliseconds(options.busyTimeout ?? '10s');
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${Math.trunc(busyTimeout)}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // 64 MiB: the tables are written all over, since each poll has something of every server.
    database.exec('PRAGMA cache_size = -65536');
    // As much of the log before it is moved into the file, where a page of many polls is then written once: of 300,000 pieces
    // of evidence a third fewer bytes are written, in two thirds of the time.
    database.exec('PRAGMA wal_autocheckpoint = 16384');
    database.exec(SCHEMA);
  } catch (error) {
    database.close();
    throw asUptimeError(error);
  }
  return new SqliteUptime(database);
}

class SqliteUptime implements UptimeStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** The numbers of subjects, which never change. */
  readonly #numbers = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  add(evidence: readonly UptimeEvidence[]): Promise<number> {
    return attempt(() => {
      const numbers = new Map<string, number>();
      const added = this.#within('BEGIN IMMEDIATE', () => this.#add(evidence, numbers));
      if (this.#numbers.size > REMEMBERED) this.#numbers.clear();
      for (const [key, no] of numbers) this.#numbers.set(key, no);
      return added;
    });
  }

  read(subject: UptimeSubject, window: UptimeWindow): Promise<readonly UptimeClaim[]> {
    return attempt(() => {
      const [row] = this.#all(
        'SELECT no FROM uptime_subject WHERE kind = ? AND name = ?',
        kindOf(subject),
        nameOf(subject),
      );
      return row === undefined ? [] : this.#within('BEGIN', () => this.#claims(Number(row['no']), window));
    });
  }

  scan(
    kind: UptimeKind,
    window: UptimeWindow,
    { after, limit }: { readonly after: number | undefined; readonly limit: number },
  ): Promise<SubjectPage> {
    return attempt(() =>
      this.#within('BEGIN', () => {
        const rows = this.#all(
          'SELECT no, name, project FROM uptime_subject WHERE kind = ? AND no > ? ORDER BY no LIMIT ?',
          kind,
          after ?? -1,
          limit,
        );
        const subjects = rows.map((row): SubjectClaims => ({
          ...knownIn(row),
          claims: this.#claims(Number(row['no']), window),
        }));
        return { subjects, next: rows.length < limit ? undefined : Number(rows.at(-1)?.['no']) };
      }),
    );
  }

  subjects(kind: UptimeKind): Promise<readonly KnownSubject[]> {
    return attempt(() =>
      this.#all(
        `SELECT name, project, (SELECT max(latest) FROM uptime_evidence WHERE subject = no) AS newest,
           (SELECT max(latest) FROM uptime_evidence WHERE subject = no AND source = 'action') AS action,
           EXISTS (SELECT 1 FROM uptime_evidence WHERE subject = no AND state = 'deleted') AS deleted
         FROM uptime_subject WHERE kind = ? ORDER BY no`,
        kind,
      ).map((row) => ({
        ...knownIn(row),
        newest: timeIn(row['newest']),
        newestAction: timeIn(row['action']),
        isDeleted: row['deleted'] === 1,
      })),
    );
  }

  purge(before: number): Promise<number> {
    return attempt(() =>
      this.#within('BEGIN IMMEDIATE', () => {
        this.#run(
          'DELETE FROM uptime_id WHERE id IN (SELECT id FROM uptime_evidence WHERE latest < ?)',
          before,
        );
        return this.#run('DELETE FROM uptime_evidence WHERE latest < ?', before);
      }),
    );
  }

  close(): Promise<void> {
    return attempt(() => {
      if (this.#database.isOpen) this.#database.close();
    });
  }

  /** @param numbers - those of subjects that were looked up: they are true once this is committed */
  #add(evidence: readonly UptimeEvidence[], numbers: Map<string, number>): number {
    let added = 0;
    for (const { id, subject, state, earliest, latest, since, source, text, project } of evidence) {
      if (this.#run('INSERT OR IGNORE INTO uptime_id (id) VALUES (?)', id) === 0) continue;
      added += 1;
      const [kind, name] = [kindOf(subject), nameOf(subject)];
      const key = `${kind} ${name} ${project ?? ''}`;
      const no = this.#numbers.get(key) ?? numbers.get(key) ?? this.#numberOf(kind, name, project);
      numbers.set(key, no);
      this.#run(
        `INSERT INTO uptime_evidence (subject, ${FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        no,
        id,
        state,
        earliest,
        latest,
        since ?? null,
        source,
        text ?? null,
      );
    }
    return added;
  }

  #numberOf(kind: UptimeKind, name: string, project: string | undefined): number {
    const [row] = this.#all(
      `INSERT INTO uptime_subject (kind, name, project) VALUES (?, ?, ?)
       ON CONFLICT (kind, name) DO UPDATE SET project = coalesce(project, excluded.project) RETURNING no`,
      kind,
      name,
      project ?? null,
    );
    return Number(row?.['no']);
  }

  #claims(no: number, { from, to }: UptimeWindow): UptimeClaim[] {
    return [...this.#all(READ, no, from, to), ...this.#all(READ_ENDS, no, from, to)].map(claimIn);
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

  #all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** Returns the number of rows that it changed. */
  #run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}

/** SQLite answers at once; who uses the store need not know. */
const attempt = <T>(work: () => T): Promise<T> =>
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      throw asUptimeError(error);
    });
