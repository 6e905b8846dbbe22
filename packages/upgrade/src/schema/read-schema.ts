import {
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Duration,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { SchemaError } from './schema-error.ts';

/** A column, as `information_schema.columns` has it. */
export interface SchemaColumn {
  readonly table: string;
  readonly column: string;
  /** `varchar(255)`, `int(11)`, `enum('a','b')`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Whether a row can be written without it: it has a default, counts up, or is computed. */
  readonly hasDefault: boolean;
}

/** The columns of one database at one moment. */
export interface SchemaSnapshot {
  readonly database: string;
  readonly columns: readonly SchemaColumn[];
}

export interface ReadSchemaOptions {
  readonly host: Pick<Host, 'run' | 'name'>;
  readonly database: string;
  /** The client, with what it needs to reach the server. @default ['mariadb'] */
  readonly client?: readonly [string, ...string[]] | undefined;
  readonly sudo?: boolean | string | undefined;
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
}

const schemaOptions = optionsSchema<ReadSchemaOptions>({
  host: anObjectWith<ReadSchemaOptions['host']>('a Host', 'run', 'name'),
  database: z.string().regex(/^\w{1,64}$/, 'must be the name of a database'),
  client: z.tuple([z.string().min(1)], z.string()).optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  timeout: aPositiveDuration.optional(),
  signal: aSignal.optional(),
});

/**
 * Reads the columns of a database of MariaDB or MySQL, with its own client. It only reads.
 *
 * @throws InputError naming the field; SchemaError for a database without a table, or one that is not there; what the host throws
 * @example
 * const before = await readSchema({ host, database: 'neutron_copy' });
 */
export async function readSchema(options: ReadSchemaOptions): Promise<SchemaSnapshot> {
  parseArguments('readSchema', schemaOptions, options);
  const { host, database, client = ['mariadb'], sudo, timeout = '1m', signal } = options;
  const query = `SELECT table_name, column_name, column_type, is_nullable, IF(column_default IS NULL AND extra NOT LIKE '%auto_increment%' AND extra NOT LIKE '%GENERATED%', 0, 1) FROM information_schema.columns WHERE table_schema = '${database}' ORDER BY table_name, ordinal_position`;
  const { stdout, dropped } = await host.run(
    [...client, '--batch', '--skip-column-names', `--execute=${query}`],
    {
      ...(sudo === undefined ? {} : { sudo }),
      timeout,
      signal,
      keep: LONGEST,
    },
  );
  if (dropped > 0) throw new SchemaError(`${database} has more columns than are read`);
  const columns = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => columnOf(line, database));
  // A database that there is not has no columns either.
  if (columns.length === 0)
    throw new SchemaError(`${database} has no table, or is not there`, {
      remedy: 'Let the old release’s tools make its schema first.',
    });
  return { database, columns };
}

const LONGEST = 32 * 1024 * 1024;

function columnOf(line: string, database: string): SchemaColumn {
  const [table, column, type, nullable, hasDefault] = line.split('\t');
  if (
    table === undefined ||
    column === undefined ||
    type === undefined ||
    (nullable !== 'YES' && nullable !== 'NO')
  )
    throw new SchemaError(`${database}: a line of the client is no column`);
  return { table, column, type, nullable: nullable === 'YES', hasDefault: hasDefault === '1' };
}
