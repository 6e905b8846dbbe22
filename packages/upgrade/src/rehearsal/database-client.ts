import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';
import type { UpgradeCommand } from '../run/recipe.ts';

/** A client of a database server on a host. Statements go through its standard input: they may hold a password. */
export class DatabaseClient {
  readonly words: UpgradeCommand;
  readonly #host: Pick<Host, 'run'>;
  readonly #options: Pick<CommandOptions, 'signal'>;

  constructor(host: Pick<Host, 'run'>, words: UpgradeCommand, options: Pick<CommandOptions, 'signal'>) {
    this.#host = host;
    this.words = words;
    this.#options = options;
  }

  /** Rows, each with its columns. */
  async query(sql: string, more: Pick<CommandOptions, 'redact'> = {}): Promise<string[][]> {
    const { stdout } = await this.#host.run([...this.words, '--batch', '--skip-column-names', '--raw'], {
      ...this.#options,
      ...more,
      stdin: `${sql};\n`,
      timeout: '10m',
      keep: 16 * 1024 * 1024,
    });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  }
}

/** A name between backticks; names are checked to have none. */
export const named = (database: string): string => `\`${database}\``;

/** Text between quotes. */
export const quoted = (text: string): string =>
  `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
