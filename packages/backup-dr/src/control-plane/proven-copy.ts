import { type Duration, messageOf } from '@groundcrew/ground';
import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';
import { ControlPlaneError } from './control-plane-error.ts';
import { type DatabaseFacts, type DatabasePosition, galeraOf, infoOf } from './database-facts.ts';
import { type Query, queryOver, tableChecksums } from './table-checksums.ts';

export interface CopyToProve {
  readonly host: Pick<Host, 'run' | 'name'>;
  readonly sudo?: boolean | string | undefined;
  readonly timeout?: Duration | undefined;
  /** An empty folder. */
  readonly folder: string;
  readonly content: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Unpacks a copy, prepares it, starts it in a server of its own, and reads every table. */
export async function provenCopy(copy: CopyToProve): Promise<DatabaseFacts> {
  const { host, sudo, folder, content, signal, progress, timeout = '4h' } = copy;
  const options: CommandOptions = { ...(sudo === undefined ? {} : { sudo }), signal, timeout };
  await host.run(['mbstream', '--extract', `--directory=${folder}`], { ...options, stdin: content });
  progress('preparing the copy');
  await host.run(['mariadb-backup', '--prepare', `--target-dir=${folder}`], options);
  const info = infoOf(await textOf(copy, INFO, options));
  const position = positionOf(await textOf(copy, GALERA, options), info.gtid);
  progress('starting the copy');
  return whileRunning(copy, options, async (query) => {
    const { databases, checksums } = await tableChecksums(query);
    return { version: info.version, position, databases, checksums };
  });
}

/** The names before and since MariaDB 11. */
const INFO = ['xtrabackup_info', 'mariadb_backup_info'];
const GALERA = ['xtrabackup_galera_info', 'mariadb_backup_galera_info'];

async function textOf(
  { host, folder }: CopyToProve,
  names: readonly string[],
  options: CommandOptions,
): Promise<string> {
  for (const name of names) {
    const { exitCode, stdout } = await host.run(['cat', '--', `${folder}/${name}`], {
      ...options,
      expect: [0, 1],
    });
    if (exitCode === 0) return stdout;
  }
  return '';
}

function positionOf(galera: string, gtid: string | undefined): DatabasePosition {
  return (
    galeraOf(galera) ??
    (gtid === undefined
      ? { kind: 'none', because: 'the server has no binary log, and is in no Galera cluster' }
      : { kind: 'gtid', gtid })
  );
}

/** A server on the folder, that nobody reaches but by its socket there, and that is ended afterwards. */
async function whileRunning<T>(
  { host, folder, signal }: CopyToProve,
  options: CommandOptions,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const socket = `${folder}/groundcrew.sock`;
  const who = (await host.run(['id', '--user', '--name'], options)).stdout.trim();
  const over = new AbortController();
  const running = host.run(
    [
      'mariadbd',
      '--no-defaults',
      `--user=${who}`,
      `--datadir=${folder}`,
      `--socket=${socket}`,
      `--pid-file=${folder}/groundcrew.pid`,
      '--skip-networking',
      // Its users have passwords that nobody here knows.
      '--skip-grant-tables',
      // A node of a cluster must not look for the others.
      '--wsrep-on=OFF',
      // What refers to a plugin of the old server would keep it from starting.
      '--plugin-maturity=unknown',
    ],
    { ...options, signal: AbortSignal.any([signal, over.signal]), stop: { signal: 'SIGTERM', grace: '1m' } },
  );
  const ended = running.then(
    ({ stderr }) => stderr,
    (error: unknown) => messageOf(error),
  );
  const query = queryOver(host, socket, options);
  try {
    await untilAnswers(query, ended, signal);
    return await work(query);
  } finally {
    over.abort();
    await ended;
  }
}

async function untilAnswers(query: Query, ended: Promise<string>, signal: AbortSignal): Promise<void> {
  const death = ended.then((why) => ({ why: why.trim().split('\n').slice(-5).join('; ') }));
  for (;;) {
    signal.throwIfAborted();
    const answer = await Promise.race([death, query('SELECT 1').catch(() => undefined)]);
    if (Array.isArray(answer)) return;
    if (answer !== undefined)
      throw new ControlPlaneError('control-plane.database', `the copy does not start: ${answer.why}`);
  }
}
