import { backgroundClock } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import type { UpgradeCommand } from '../run/recipe.ts';

/** A table that nobody could write to, and for how long. */
export interface BlockedTable {
  readonly table: string;
  /** Milliseconds: the longest time of one statement. */
  readonly ms: number;
}

/** What is shorter is the noise of a busy machine. */
const NOTEWORTHY = 200;
/** Milliseconds between two looks at all tables. */
const PAUSE = 50;
const MOST = 20;

/**
 * Writes to each table of a copy while a migration runs, and tells how long it had to wait: as a service that goes on would have to. What
 * it writes are deletions of no row, which take the same lock and change nothing.
 */
export class LockProbe {
  /** Aborted when no more is to be written: what is under way ends by itself, once nothing blocks it. */
  readonly #over = new AbortController();
  readonly #longest = new Map<string, number>();
  readonly #running: Promise<void>;
  #last: { readonly table: string; readonly at: number } | undefined;

  constructor(
    host: Pick<Host, 'run'>,
    client: UpgradeCommand,
    {
      database,
      tables,
      signal,
    }: {
      readonly database: string;
      readonly tables: readonly string[];
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#running = host
      .run([...client, '--batch', '--skip-column-names', '--unbuffered', '--force', database], {
        stdin: this.#statements(tables),
        signal,
        timeout: '2d',
        keep: 1024,
        onLine: ({ stream, text }) => {
          if (stream === 'stdout') this.#heard(text);
        },
        expect: 'any',
      })
      .then(
        () => undefined,
        // A probe that ends early measures less, and harms no migration.
        () => undefined,
      );
  }

  /** Ends it. @returns the tables that were blocked, the longest first */
  async end(): Promise<readonly BlockedTable[]> {
    this.#over.abort();
    await this.#running;
    return [...this.#longest]
      .filter(([, ms]) => ms >= NOTEWORTHY)
      .map(([table, ms]) => ({ table, ms: Math.round(ms) }))
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, MOST);
  }

  async *#statements(tables: readonly string[]): AsyncGenerator<Uint8Array> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      for (const table of tables) {
        if (signal.aborted) return;
        // The server's clock tells: ours would count the pipe.
        yield Buffer.from(
          `SELECT 'from', NOW(6), '${table}'; DELETE FROM \`${table}\` WHERE FALSE; SELECT 'to', NOW(6), '${table}';\n`,
        );
      }
      if (tables.length === 0) return;
      await backgroundClock.sleep(PAUSE, signal).catch(() => undefined);
    }
  }

  #heard(line: string): void {
    const [word, time = '', table = ''] = line.split('\t');
    const at = Date.parse(`${time.replace(' ', 'T')}Z`);
    if (Number.isNaN(at)) return;
    if (word === 'from') this.#last = { table, at };
    else if (word === 'to' && this.#last?.table === table)
      this.#longest.set(table, Math.max(this.#longest.get(table) ?? 0, at - this.#last.at));
  }
}
