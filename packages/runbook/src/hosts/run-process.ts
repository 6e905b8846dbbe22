import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { StreamTail } from './stream-tail.ts';

export interface ProcessOptions {
  readonly stdin: string | Uint8Array;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((stream: 'stdout' | 'stderr', text: string) => void) | undefined;
  /** Applied to each line before it is told. */
  readonly clean: (text: string) => string;
  /** Tells whether a line on stderr is the end of the command, though its carrier goes on. @default never */
  readonly isEnd?: ((line: string) => boolean) | undefined;
  /** Bytes of each stream, the last ones. */
  readonly keep: number;
}

export interface ProcessEnd {
  readonly exitCode: number | undefined;
  readonly killedBy: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Bytes that were not kept, of both streams. */
  readonly dropped: number;
  /** Milliseconds. */
  readonly duration: number;
}

/** Milliseconds between asking it to end and killing it. */
const GRACE = 2_000;
/**
 * The time, in milliseconds, that the output must be quiet after the command's end to be complete. A daemon that it
 * started holds the pipes open for as long as it lives, as does the master of OpenSSH's shared connections.
 */
const LINGER = 1_000;
/** Looked at so often that pipes are read in between, even in a process that was busy for longer than that. */
const LOOKS = 10;

/**
 * Runs a program in a process group of its own, and ends the whole group when time is up or the signal aborts: a shell
 * that is killed alone leaves its children behind. Who left the group (`setsid`) is not ended, nor waited for. Rejects
 * if it could not be started, with the signal's reason, or with what `onLine` threw.
 */
export async function runProcess(
  argv: readonly [string, ...string[]],
  options: ProcessOptions,
): Promise<ProcessEnd> {
  const { signal, timeout, keep, onLine, clean, isEnd } = options;
  signal?.throwIfAborted();
  const [program, ...args] = argv;
  const begun = performance.now();
  const child = spawn(program, args, { detached: true, stdio: 'pipe' });
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, act: () => void): void => void timers.add(setTimeout(act, ms));
  let quiet = 0;
  const whenQuiet = (act: () => void): void =>
    later(LINGER / LOOKS, () => {
      quiet += 1;
      if (quiet < LOOKS) whenQuiet(act);
      else act();
    });

  let timedOut = false;
  let thrown: { readonly error: unknown } | undefined;
  let killing = false;
  let giveUp: ((end: [number | null, NodeJS.Signals | null]) => void) | undefined;
  const letGo = (): void => {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    // One that the kernel cannot end, in the middle of I/O, is not waited for either.
    giveUp?.([child.exitCode, child.signalCode ?? 'SIGKILL']);
    child.unref();
  };
  const kill = (): void => {
    if (killing) return;
    killing = true;
    killGroup(child.pid, 'SIGTERM');
    later(GRACE, () => killGroup(child.pid, 'SIGKILL'));
    later(GRACE + LINGER, letGo);
  };
  const tell = (stream: 'stdout' | 'stderr') => (text: string) => {
    if (stream === 'stderr' && isEnd?.(text) === true) {
      whenQuiet(() => {
        killGroup(child.pid, 'SIGTERM');
        letGo();
      });
    }
    if (thrown !== undefined) return;
    try {
      onLine?.(stream, text);
    } catch (error) {
      thrown = { error };
      kill();
    }
  };
  const out = new StreamTail({ keep, clean, onLine: onLine && tell('stdout') });
  const err = new StreamTail({ keep, clean, onLine: (onLine ?? isEnd) && tell('stderr') });
  for (const [stream, tail] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const)
    stream.on('data', (bytes: Buffer) => {
      quiet = 0;
      tail.add(bytes);
    });
  // It may end without having read all of its input: that is its business.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin);
  later(timeout, () => {
    timedOut = true;
    kill();
  });
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const [exitCode, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>(
      (resolve, reject) => {
        giveUp = resolve;
        child.once('error', reject);
        child.once('exit', () => whenQuiet(letGo));
        child.once('close', (code, by) => resolve([code, by]));
      },
    );
    signal?.throwIfAborted();
    const [stdout, stderr] = [out.end(), err.end()];
    if (thrown !== undefined) throw thrown.error;
    return {
      exitCode: exitCode ?? undefined,
      killedBy: exitCode === null ? (killedBy ?? undefined) : undefined,
      timedOut,
      stdout,
      stderr,
      dropped: out.dropped + err.dropped,
      duration: performance.now() - begun,
    };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    // A process that stayed in the group would keep running, and nobody would know.
    if (killing) killGroup(child.pid, 'SIGKILL');
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}
