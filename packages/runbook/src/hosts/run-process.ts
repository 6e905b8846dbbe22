import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { feed, isByteStream } from './feed.ts';
import { StreamTail } from './stream-tail.ts';
import { takeOutput } from './take-output.ts';

export interface ProcessOptions {
  /** Pieces are asked for as they are read; what they throw ends the process, and is thrown. */
  readonly stdin: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((stream: 'stdout' | 'stderr', text: string) => void) | undefined;
  /** Takes standard output, which is then not kept; no more is read before its promise settles. */
  readonly onStdout?: ((bytes: Uint8Array) => void | Promise<void>) | undefined;
  /** Applied to each line before it is told. */
  readonly clean: (text: string) => string;
  /** Tells whether a line on stderr is the end of the command, though its carrier goes on. @default never */
  readonly isEnd?: ((line: string) => boolean) | undefined;
  /** Bytes of each stream, the last ones. */
  readonly keep: number;
  readonly stop: ProcessStop;
}

/** The way in which a process is ended. */
export interface ProcessStop {
  readonly signal: 'SIGTERM' | 'SIGINT';
  /** Milliseconds between asking it to end and killing it. */
  readonly grace: number;
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
 * if it could not be started, with the signal's reason, or with what `onLine`, `onStdout` or the pieces of `stdin` threw.
 */
export async function runProcess(
  argv: readonly [string, ...string[]],
  options: ProcessOptions,
): Promise<ProcessEnd> {
  const { signal, timeout, keep, onLine, onStdout, clean, isEnd, stop, stdin } = options;
  signal?.throwIfAborted();
  const [program, ...args] = argv;
  const begun = performance.now();
  const child = spawn(program, args, { detached: true, stdio: 'pipe' });
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, act: () => void): void => void timers.add(setTimeout(act, ms));
  let quiet = 0;
  /** Whether output waits to be taken: then there may be more behind it. */
  let holding = false;
  const whenQuiet = (act: () => void): void =>
    later(LINGER / LOOKS, () => {
      quiet = holding ? 0 : quiet + 1;
      if (quiet < LOOKS) whenQuiet(act);
      else act();
    });

  let timedOut = false;
  let thrown: { readonly error: unknown } | undefined;
  let killing = false;
  let over = false;
  const killed = Promise.withResolvers<void>();
  let giveUp: ((end: [number | null, NodeJS.Signals | null]) => void) | undefined;
  const letGo = (): void => {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    // One that the kernel cannot end, in the middle of I/O, is not waited for either.
    giveUp?.([child.exitCode, child.signalCode ?? 'SIGKILL']);
    child.unref();
  };
  const kill = (): void => {
    if (killing || over) return;
    killing = true;
    killed.resolve();
    killGroup(child.pid, stop.signal);
    later(stop.grace, () => killGroup(child.pid, 'SIGKILL'));
    later(stop.grace + LINGER, letGo);
  };
  const fail = (error: unknown): void => {
    thrown ??= { error };
    kill();
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
      fail(error);
    }
  };
  const out = new StreamTail({ keep, clean, onLine: onLine && tell('stdout') });
  const err = new StreamTail({ keep, clean, onLine: (onLine ?? isEnd) && tell('stderr') });
  const keepTail = (stream: NodeJS.ReadableStream, tail: StreamTail): void =>
    void stream.on('data', (bytes: Buffer) => {
      quiet = 0;
      tail.add(bytes);
    });
  const take = async (bytes: Uint8Array): Promise<void> => {
    holding = true;
    try {
      await onStdout?.(bytes);
    } finally {
      holding = false;
      quiet = 0;
    }
  };
  /** Resolves when all output was taken, or taking it has failed. */
  const taken = onStdout === undefined ? undefined : takeOutput(child.stdout, take).catch(fail);
  if (taken === undefined) keepTail(child.stdout, out);
  keepTail(child.stderr, err);
  // It may end without having read all of its input: that is its business.
  child.stdin.on('error', () => undefined);
  const pieces = isByteStream(stdin) ? stdin[Symbol.asyncIterator]() : undefined;
  if (pieces !== undefined) feed(child.stdin, pieces).catch(fail);
  else if (!isByteStream(stdin)) child.stdin.end(stdin);
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
        child.once('exit', () => {
          // Not before: a program that writes to a pipe without a reader dies of it, and would clean nothing up.
          if (killing && taken !== undefined) child.stdout.destroy();
          whenQuiet(letGo);
        });
        child.once('close', (code, by) => resolve([code, by]));
      },
    );
    // What it said last may still be on its way to who takes it; of one that is being ended nobody waits for the rest.
    if (!killing) await Promise.race([taken, killed.promise]);
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
    over = true;
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    // Not awaited: a piece that is waited for may never come.
    pieces?.return?.().catch(() => undefined);
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
