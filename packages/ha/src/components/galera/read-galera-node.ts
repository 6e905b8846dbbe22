import { z } from 'zod';
import {
  aPositiveDuration,
  aSignal,
  type Duration,
  messageOf,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import { observeGalera } from './observe-galera.ts';
import { commandsOf, dataDirectoryOf, type GaleraAccess } from './galera-access.ts';
import { parseRecoveredPosition, parseSavedState, parseSavedView } from './galera-files.ts';
import type { GaleraNodeState, LiveGalera, ServerProcess } from './galera-state.ts';
import { processesIn, type WorkingProcess } from './server-processes.ts';

/** Options of reading a node. */
export interface ReadGaleraOptions {
  readonly signal?: AbortSignal | undefined;
  /** The time for each question but the recovery. @default '10s' */
  readonly timeout?: Duration | undefined;
  /** The time for the recovery of a stopped node's position, which may replay its log. @default '30m' */
  readonly recoverTimeout?: Duration | undefined;
  /** Recovers the position of a node that does not run; without it that position is `unknown`. @default true */
  readonly recover?: boolean | undefined;
}

const readOptions = optionsSchema<ReadGaleraOptions>({
  signal: aSignal.optional(),
  timeout: aPositiveDuration.default(10_000),
  recoverTimeout: aPositiveDuration.default(1_800_000),
  recover: z.boolean().optional(),
});

/**
 * Reads everything about one node that a recovery depends on: its processes, `grastate.dat`, `gvwstate.dat`, what it
 * says over SQL, and, if it does not run, the position that `mariadbd --wsrep-recover` finds. That replays InnoDB's log,
 * as the next start would, and changes nothing else. Whatever could not be read is `unknown`, with a gap; only the
 * signal's abort rejects.
 *
 * A server that answers over SQL while no process is seen in the data directory makes the process `unknown`: one of the
 * two addresses is wrong, and a running node must not be taken for a stopped one.
 */
export async function readGaleraNode(
  access: GaleraAccess,
  options: ReadGaleraOptions = {},
): Promise<GaleraNodeState> {
  const checked = parseArguments('readGaleraNode', readOptions, options);
  const { timeout, recoverTimeout } = checked as {
    readonly timeout: number;
    readonly recoverTimeout: number;
  };
  const { signal, recover = true } = options;
  const { host, sudo } = access;
  const directory = dataDirectoryOf(access);
  const gaps: { what: string; why: string; remedy: string | undefined }[] = [];
  const missing = (what: string, why: string, remedy?: string): 'unknown' => {
    gaps.push({ what: `${host.name} ${what}`, why, remedy });
    return 'unknown';
  };
  const attempt = async <T>(what: string, reading: () => Promise<T>): Promise<T | 'unknown'> => {
    try {
      return await reading();
    } catch (error) {
      signal?.throwIfAborted();
      return missing(what, messageOf(error));
    }
  };
  const ask = { sudo, signal, timeout };

  const [processes, saved, view, sql] = await Promise.all([
    attempt('processes', () => processesIn(host, directory, ask)),
    attempt('grastate.dat', () => readFile(host, `${directory}/grastate.dat`, ask, parseSavedState)),
    attempt('gvwstate.dat', () => readFile(host, `${directory}/gvwstate.dat`, ask, parseSavedView)),
    observeGalera(access.sql, { signal, timeout }),
  ]);
  const server = Array.isArray(processes) ? processes.find(isServer) : undefined;
  const process = ((): ServerProcess => {
    if (sql.value !== undefined && server === undefined)
      // It runs, wherever: of one whose processes cannot be seen that is the whole answer.
      return processes === 'unknown'
        ? 'running'
        : missing(
            'process',
            `answers over SQL, and no server works in ${directory}`,
            'Correct its addresses.',
          );
    if (processes === 'unknown') return 'unknown';
    if (server !== undefined) return server.frozen ? 'frozen' : 'running';
    return processes.some(worksOnData) ? 'alone' : 'none';
  })();
  const live = ((): LiveGalera | 'none' | 'unknown' => {
    if (process === 'none' || process === 'alone') return 'none';
    if (sql.value === undefined) {
      for (const { why, remedy } of sql.gaps) missing('SQL', why, remedy);
      return 'unknown';
    }
    if (sql.value.wsrep === 'off') return missing('SQL', 'the server runs without Galera', 'Set wsrep_on.');
    return sql.value.wsrep;
  })();
  const recovered = await ((): Promise<GaleraNodeState['recovered']> => {
    if (process !== 'none') return Promise.resolve('unknown');
    if (!recover) return Promise.resolve(missing('position', 'was not asked for'));
    return attempt('position', () => recoverPosition(access, { ...ask, timeout: recoverTimeout }));
  })();
  const transfers = Array.isArray(processes) ? processes.filter(worksOnData) : [];
  const state = typeof live === 'object' ? live.localState : undefined;
  return {
    host: host.name,
    process,
    bootstrapping:
      processes === 'unknown' ? undefined : server !== undefined && beginsCluster(server.command),
    joiner: transfers.some((command) => hasRole(command, 'joiner')) || /^join/i.test(state ?? ''),
    donor: transfers.some((command) => hasRole(command, 'donor')) || /donor/i.test(state ?? ''),
    saved,
    recovered,
    view,
    live: typeof live === 'object' ? onlyNeeded(live) : live,
    gaps,
  };
}

/** A run of `--wsrep-recover` is no server: it goes on to nothing. */
const isServer = ({ program, command }: WorkingProcess): boolean =>
  /^(?:mariadbd|mysqld)$/.test(program) && !command.some((word) => /^--wsrep[-_]recover/.test(word));

/** The programs that count as a server: a person's shell in the same working directory does not. */
const worksOnData = ({ program, command }: WorkingProcess): boolean =>
  /^(?:wsrep_sst|rsync|mariabackup|mariadb-backup|xtrabackup|mbstream|socat|mariadbd|mysqld)/.test(program) &&
  !isServer({ program, command, pid: 0, frozen: false });

const hasRole = ({ command }: WorkingProcess, role: 'joiner' | 'donor'): boolean =>
  command.some(
    (word, index) => word === `--role=${role}` || (word === '--role' && command[index + 1] === role),
  );

const beginsCluster = (command: readonly string[]): boolean =>
  command.some((word) =>
    /^--wsrep[-_]new[-_]cluster$|^--wsrep[-_]cluster[-_]address=(?:gcomm:\/\/)?$/.test(word),
  );

/** A state file is some hundred bytes; a longer one is refused by its parser, which needs to see that it is. */
const MOST = 70_000;

async function readFile<T>(
  host: Host,
  path: string,
  options: {
    readonly sudo: boolean | undefined;
    readonly signal: AbortSignal | undefined;
    readonly timeout: number;
  },
  parse: (text: string) => T,
): Promise<T | 'none'> {
  const { exitCode, stdout, stderr } = await host.run(['head', '-c', String(MOST), path], {
    ...options,
    expect: 'any',
  });
  if (exitCode === 0) return parse(stdout);
  // What head says depends on the language, and a directory that may not be entered has no files for test either.
  const directory = path.slice(0, path.lastIndexOf('/'));
  const { stdout: names } = await host.run(['ls', '-A', directory], options);
  if (!names.split('\n').includes(path.slice(directory.length + 1))) return 'none';
  throw new Error(`${path}: ${stderr.trim().slice(-200)}`);
}

async function recoverPosition(
  access: GaleraAccess,
  options: {
    readonly sudo: boolean | undefined;
    readonly signal: AbortSignal | undefined;
    readonly timeout: number;
  },
): Promise<GaleraNodeState['recovered']> {
  // On an empty directory MariaDB would begin to write a database.
  const { stdout: names } = await access.host.run(['ls', '-A', dataDirectoryOf(access)], options);
  if (names.trim() === '') return 'none';
  const { stdout, stderr } = await access.host.run(commandsOf(access).recover, options);
  return parseRecoveredPosition(`${stdout}\n${stderr}`);
}

function onlyNeeded(live: LiveGalera): LiveGalera {
  const { clusterStatus, clusterSize, clusterStateUuid, localStateUuid, configurationId } = live;
  const { localState, lastCommitted, evsState, ready } = live;
  return {
    clusterStatus,
    clusterSize,
    clusterStateUuid,
    localStateUuid,
    configurationId,
    localState,
    lastCommitted,
    evsState,
    ready,
  };
}
