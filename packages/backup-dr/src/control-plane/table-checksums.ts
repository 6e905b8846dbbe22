import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';
import { ControlPlaneError } from './control-plane-error.ts';

/** Rows of an answer, each with its columns. */
export type Query = (sql: string) => Promise<string[][]>;

/** The tables of all databases, with what `CHECKSUM TABLE` says of each. */
export async function tableChecksums(query: Query): Promise<{
  /** Tables by database. */
  readonly databases: Readonly<Record<string, number>>;
  /** By `database.table`. */
  readonly checksums: Readonly<Record<string, string>>;
}> {
  const tables = await query(
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'performance_schema', 'sys')",
  );
  const databases: Record<string, number> = {};
  const checksums: Record<string, string> = {};
  for (const [database = ''] of tables) databases[database] = (databases[database] ?? 0) + 1;
  for (const [database = '', table = ''] of tables) {
    // The server's own tables are not the same after a start.
    if (database === 'mysql') continue;
    const [[, sum = 'NULL'] = []] = await query(`CHECKSUM TABLE ${quoted(database)}.${quoted(table)}`);
    if (sum === 'NULL')
      throw new ControlPlaneError('control-plane.database', `table ${database}.${table} cannot be read`);
    checksums[`${database}.${table}`] = sum;
  }
  return { databases, checksums };
}

/** Queries by the client of a host, through a socket of its server. */
export const queryOver =
  (host: Pick<Host, 'run'>, socket: string, options: CommandOptions): Query =>
  async (sql) => {
    const { stdout } = await host.run(
      [
        'mariadb',
        '--no-defaults',
        `--socket=${socket}`,
        '--batch',
        '--skip-column-names',
        `--execute=${sql}`,
      ],
      { ...options, keep: 64 * 1024 * 1024 },
    );
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  };

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
