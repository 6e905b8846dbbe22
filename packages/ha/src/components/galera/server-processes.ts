import { type Duration, GroundcrewError } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';

/** One process that works in a directory. */
export interface WorkingProcess {
  readonly pid: number;
  /** The program's name, as the kernel has it: at most 15 characters. */
  readonly program: string;
  /** Its arguments. */
  readonly command: readonly string[];
  /** Stopped by a signal or a debugger. */
  readonly frozen: boolean;
}

export interface ProcessOptions {
  readonly sudo?: boolean | string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: Duration | undefined;
}

/** Processes could not be seen, which does not mean that there are none. */
class UnseenProcessesError extends GroundcrewError {
  readonly code = 'recovery.unseen-processes';
}

/**
 * Processes whose working directory is `directory`, however it is named: inode and device are compared, so that a
 * symbolic link and a container's own root do not hide them. A pid file would not do: a MariaDB that receives a state
 * transfer has not written one yet, and one that was killed leaves it behind.
 *
 * @throws UnseenProcessesError if who asks may not see other users' processes
 */
export async function processesIn(
  host: Host,
  directory: string,
  options: ProcessOptions = {},
): Promise<WorkingProcess[]> {
  await needRoot(host, options);
  // Processes that end meanwhile make find complain, so that its exit code says nothing; the directory's own line
  // tells that it worked.
  const { stdout, stderr } = await host.run(
    ['find', '-L', directory, '/proc', '-maxdepth', '2', '-samefile', directory, '-prune', '-print'],
    { ...options, expect: 'any' },
  );
  const lines = stdout.split('\n');
  if (!lines.includes(directory))
    throw new UnseenProcessesError(`${directory} cannot be looked at: ${stderr.trim().slice(-200)}`);
  const pids = lines.flatMap((line) => /^\/proc\/(\d+)\/cwd$/.exec(line)?.[1] ?? []);
  return described(host, pids, options);
}

/**
 * Processes that have `word` among their arguments.
 *
 * @throws UnseenProcessesError if who asks may not see other users' processes
 */
export async function processesWith(
  host: Host,
  word: string,
  options: ProcessOptions = {},
): Promise<WorkingProcess[]> {
  await needRoot(host, options);
  const { stdout } = await host.run(
    // Arguments end with a null byte each: to grep these are the lines.
    ['find', '/proc', '-maxdepth', '2', '-path', '/proc/[0-9]*/cmdline', '-exec', ...GREP, word, '{}', '+'],
    { ...options, expect: 'any' },
  );
  const pids = stdout.split('\n').flatMap((line) => /^\/proc\/(\d+)\/cmdline$/.exec(line)?.[1] ?? []);
  return described(host, pids, options);
}

const GREP = ['grep', '-lzsxF', '-e'];

/** The value of an environment variable when a process began; `undefined` if it was not set, or the process has ended. */
export async function variableOf(
  host: Host,
  { pid }: WorkingProcess,
  name: string,
  options: ProcessOptions = {},
): Promise<string | undefined> {
  const file = `/proc/${pid}/environ`;
  const { stdout } = await host.run(['grep', '-azs', `^${name}=`, file], { ...options, expect: 'any' });
  return stdout === '' ? undefined : stdout.split('\0')[0]?.slice(name.length + 1);
}

async function needRoot(host: Host, options: ProcessOptions): Promise<void> {
  const rights = await host.run(['id', '-u'], options);
  if (rights.stdout.trim() !== '0')
    throw new UnseenProcessesError("only root sees what another user's process works on");
}

async function described(
  host: Host,
  pids: readonly string[],
  options: ProcessOptions,
): Promise<WorkingProcess[]> {
  const processes = await Promise.all(pids.map((pid) => describe(host, pid, options)));
  return processes.filter((process) => process !== undefined);
}

/** `undefined` if it has ended meanwhile. */
async function describe(
  host: Host,
  pid: string,
  options: ProcessOptions,
): Promise<WorkingProcess | undefined> {
  const { stdout, exitCode } = await host.run(['cat', `/proc/${pid}/stat`, `/proc/${pid}/cmdline`], {
    ...options,
    expect: 'any',
  });
  // The name stands in parentheses and may hold any character, the closing one too; so the last one counts. The
  // arguments follow on the next line.
  const stat = /^\d+ \((.*)\) (\S) [\d -]+\n/s.exec(stdout);
  if (stat === null) {
    if (exitCode !== 0) return undefined;
    throw new UnseenProcessesError(`process ${pid} cannot be described`);
  }
  const [head = '', program = '', state = ''] = stat;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number(pid),
    program,
    command: stdout
      .slice(head.length)
      .split('\0')
      .filter((word) => word !== ''),
    frozen: state === 'T' || state === 't',
  };
}
