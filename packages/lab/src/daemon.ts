import { spawn, type SpawnOptions } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.ts';

/** A program that a test started, and that ends with the test. */
export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  /** The last lines that it printed, for an error's message. */
  output(): string;
  /** `true` until it has ended. */
  running(): boolean;
  /** Sends a signal to the program and, if it leads a group, to its children: SIGKILL, SIGSTOP, SIGCONT, … */
  signal(name: NodeJS.Signals): void;
  /** Sends SIGTERM, and SIGKILL after `grace` milliseconds. Resolves when the program has ended. @default 5000 */
  stop(grace?: number): Promise<void>;
}

export interface DaemonOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  /** Tells whether the program is ready. Called every 100 ms, at most until `within`. */
  readonly ready?: (() => Promise<boolean>) | undefined;
  /** The time limit in milliseconds. @default 60 000 */
  readonly within?: number | undefined;
}

const started = new Set<Daemon>();
process.once('exit', () => {
  for (const daemon of started) if (daemon.running()) daemon.signal('SIGKILL');
});

/**
 * Starts a program in the foreground, in a process group of its own, and waits until it is ready. It ends with this
 * process.
 *
 * @throws LabError with its last lines, if it ends before it is ready, or is not ready in time
 */
export async function startDaemon(
  command: readonly [string, ...string[]],
  { ready = async () => true, within = 60_000, ...options }: DaemonOptions = {},
): Promise<Daemon> {
  const [program, ...args] = command;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let printed = '';
  const keep = (text: string): void => {
    printed = (printed + text).slice(-8_000);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      keep(error.message);
      resolve();
    });
  });
  const running = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const daemon: Daemon = {
    pid: child.pid ?? 0,
    output: () => printed,
    running,
    signal(name) {
      if (!running() || child.pid === undefined) return;
      process.kill(-child.pid, name);
    },
    async stop(grace = 5_000) {
      daemon.signal('SIGCONT');
      daemon.signal('SIGTERM');
      const inTime = await Promise.race([ended.then(() => true), sleep(grace, false)]);
      if (!inTime) daemon.signal('SIGKILL');
      await ended;
      started.delete(daemon);
    },
    [Symbol.asyncDispose]: () => daemon.stop(),
  };
  started.add(daemon);
  try {
    await waitUntil(ready, { within, what: program, given: running });
  } catch (cause) {
    await daemon.stop(0);
    throw new LabError(`${command.join(' ')} is not ready: ${printed.trim() || String(cause)}`, { cause });
  }
  return daemon;
}

/** Waits for a state, never for a time: asks every 100 ms, at most for `within` milliseconds, or while `given` holds. */
export async function waitUntil(
  ready: () => Promise<boolean>,
  { within, what, given = () => true }: { within: number; what: string; given?: () => boolean },
): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    if (!given()) throw new LabError(`${what} has ended`);
    if (await ready()) return;
    if (Date.now() > deadline) throw new LabError(`${what}: not within ${within} ms`);
    await sleep(100);
  }
}
