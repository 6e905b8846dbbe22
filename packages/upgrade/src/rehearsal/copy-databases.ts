import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';
import type { UpgradeCommand } from '../run/recipe.ts';
import { type DatabaseClient, named, quoted } from './database-client.ts';
import { RehearsalError } from './rehearsal-error.ts';

/** A database, and its copy. */
export interface CopiedDatabase {
  readonly database: string;
  readonly copy: string;
  /** Bytes of data and indices of the original, as its server estimates them. */
  readonly bytes: number;
}

interface Copying {
  readonly host: Pick<Host, 'run'>;
  readonly from: DatabaseClient;
  readonly into: DatabaseClient;
  readonly dump: UpgradeCommand;
  readonly prefix: string;
  readonly options: Pick<CommandOptions, 'signal'>;
}

/**
 * Copies databases as they are at one moment, by one dump in one transaction. The copies are made first, so that one that is there is an
 * error, and not overwritten; and nothing of the dump takes a table away, so that it can change nothing but a database without tables.
 *
 * @throws RehearsalError `rehearsal.no-database`, `rehearsal.exists`; what the host throws
 */
export async function copyDatabases(
  databases: readonly string[],
  { host, from, into, dump, prefix, options }: Copying,
): Promise<readonly CopiedDatabase[]> {
  const facts = await factsOf(from, databases);
  const copies = databases.map((database) => `${prefix}${database}`);
  const there = await into.query(
    `SELECT schema_name FROM information_schema.schemata WHERE schema_name IN (${copies.map(quoted).join(', ')})`,
  );
  const [first] = there.flat();
  if (first !== undefined)
    throw new RehearsalError('rehearsal.exists', `there is a database ${first} already`, {
      remedy: 'Drop it, if it is what a rehearsal left, or choose another prefix.',
    });
  for (const [at, database] of databases.entries()) {
    const { charset, collation } = facts.get(database) ?? { charset: 'utf8mb3', collation: '' };
    await into.query(
      `CREATE DATABASE ${named(copies[at] ?? '')} CHARACTER SET ${charset}${collation === '' ? '' : ` COLLATE ${collation}`}`,
    );
  }
  const dumping = [
    ...dump,
    '--single-transaction',
    '--skip-lock-tables',
    '--skip-add-drop-table',
    '--no-create-db',
    '--hex-blob',
    '--triggers',
    '--databases',
    ...databases,
  ];
  await host.run(
    [
      'bash',
      '-o',
      'pipefail',
      '-c',
      SCRIPT,
      'bash',
      prefix,
      String(dumping.length),
      ...dumping,
      ...into.words,
    ],
    { ...options, timeout: '1d' },
  );
  return databases.map((database, at) => ({
    database,
    copy: copies[at] ?? '',
    bytes: facts.get(database)?.bytes ?? 0,
  }));
}

/** $1: what the names of copies begin with; $2: the number of words that dump; those; then those that take it. */
const SCRIPT = `prefix=$1 count=$2; shift 2
dump=("\${@:1:count}"); shift "$count"
"\${dump[@]}" | sed "s/^USE \\\`\\(.*\\)\\\`;\\$/USE \\\`$prefix\\1\\\`;/" | "$@"`;

/** Takes copies away. */
export async function dropCopies(into: DatabaseClient, copies: readonly CopiedDatabase[]): Promise<void> {
  for (const { copy } of copies) await into.query(`DROP DATABASE IF EXISTS ${named(copy)}`);
}

interface DatabaseFacts {
  readonly charset: string;
  readonly collation: string;
  readonly bytes: number;
}

async function factsOf(
  from: DatabaseClient,
  databases: readonly string[],
): Promise<ReadonlyMap<string, DatabaseFacts>> {
  const list = databases.map(quoted).join(', ');
  const rows = await from.query(
    `SELECT s.schema_name, s.default_character_set_name, s.default_collation_name, (SELECT COALESCE(SUM(t.data_length + t.index_length), 0) FROM information_schema.tables t WHERE t.table_schema = s.schema_name) FROM information_schema.schemata s WHERE s.schema_name IN (${list})`,
  );
  const facts = new Map(
    rows.map(([name = '', charset = '', collation = '', bytes = '0']) => [
      name,
      { charset, collation, bytes: Number(bytes) },
    ]),
  );
  const missing = databases.find((database) => !facts.has(database));
  if (missing !== undefined)
    throw new RehearsalError('rehearsal.no-database', `there is no database ${missing}`, {
      remedy: 'Name it in databases.',
    });
  return facts;
}

/** What tells whether a schema was changed: all of its columns, in one digest. */
export async function fingerprintOf(from: DatabaseClient, database: string): Promise<string> {
  const rows = await from.query(
    `SET SESSION group_concat_max_len = 1073741824; SELECT MD5(GROUP_CONCAT(CONCAT_WS(' ', table_name, column_name, column_type, is_nullable) ORDER BY table_name, ordinal_position)) FROM information_schema.columns WHERE table_schema = ${quoted(database)}`,
  );
  return rows.at(-1)?.[0] ?? '';
}
