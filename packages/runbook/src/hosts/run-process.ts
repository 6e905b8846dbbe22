import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { StringDecoder } from 'node:string_decoder';

export interface ProcessOptions {
  readonly stdin: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((stream: 'stdout' | 'stderr', text: string) => void) | undefined;
  /** Bytes of each stream, the last ones. */
  readonly keep: number;
}

export interface ProcessEnd {
  readonly exitCode: number | undefined;
  readonly killedBy: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly dropped: number;
  /** Milliseconds. */
  readonly duration: number;
}

/** Milliseconds between asking it to end and killing it. */
const GRACE = 2_000;

/**
 * Runs a program in a process group of its own, and ends the whole group when time is up or the signal aborts: a shell
 * that is killed alone leaves its children behind. Rejects if it could not be started, or with the signal's reason.
 */
export async function runProcess(
  argv: readonly [string, ...string[]],
  options: ProcessOptions,
): Promise<ProcessEnd> {
  const { signal, timeout, keep, onLine } = options;
  signal?.throwIfAborted();
  const [program, ...args] = argv;
  const begun = performance.now();
  const child = spawn(program, args, {
    detached: true,
    stdio: 'pipe',
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const out = new Tail(keep, onLine && ((text) => onLine('stdout', text)));
  const err = new Tail(keep, onLine && ((text) => onLine('stderr', text)));
  child.stdout.on('data', (bytes: Buffer) => out.add(bytes));
  child.stderr.on('data', (bytes: Buffer) => err.add(bytes));
  // It may end without having read all of its input: that is its business.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin);

  let timedOut = false;
  let killer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    killGroup(child.pid, 'SIGTERM');
    killer ??= setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE);
  };
  const limit = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeout);
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const [exitCode, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, by) => resolve([code, by]));
      },
    );
    signal?.throwIfAborted();
    return {
      exitCode: exitCode ?? undefined,
      killedBy: killedBy ?? undefined,
      timedOut,
      stdout: out.end(),
      stderr: err.end(),
      dropped: out.dropped + err.dropped,
      duration: performance.now() - begun,
    };
  } finally {
    clearTimeout(limit);
    clearTimeout(killer);
    signal?.removeEventListener('abort', kill);
    // Whoever stayed behind in the group would keep running without anybody to tell.
    if (timedOut || signal?.aborted) killGroup(child.pid, 'SIGKILL');
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

/** The end of a stream, and its lines as they come. */
class Tail {
  dropped = 0;
  readonly #keep: number;
  readonly #onLine: ((text: string) => void) | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #chunks: Buffer[] = [];
  #size = 0;
  #line = '';

  constructor(keep: number, onLine: ((text: string) => void) | undefined) {
    this.#keep = keep;
    this.#onLine = onLine;
  }

  add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    while (this.#chunks.length > 1 && this.#size - (this.#chunks[0]?.length ?? 0) >= this.#keep) this.#drop();
    if (this.#onLine === undefined) return;
    const lines = (this.#line + this.#decoder.write(bytes)).split('\n');
    // A line without an end must not grow for ever.
    this.#line = (lines.pop() ?? '').slice(-this.#keep);
    for (const line of lines) this.#onLine(line);
  }

  end(): Buffer {
    const rest = this.#line + this.#decoder.end();
    if (rest !== '') this.#onLine?.(rest);
    const all = Buffer.concat(this.#chunks);
    if (all.length <= this.#keep) return all;
    this.dropped += all.length - this.#keep;
    return all.subarray(all.length - this.#keep);
  }

  #drop(): void {
    const gone = this.#chunks.shift()?.length ?? 0;
    this.#size -= gone;
    this.dropped += gone;
  }
}
