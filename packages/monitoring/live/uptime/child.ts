import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program beside this file in a process of its own, which tells line by line what it does. */
export class Child implements AsyncDisposable {
  readonly said: string[] = [];
  readonly #process: ChildProcess;
  readonly #lines = new EventEmitter();
  readonly #ended: Promise<unknown>;
  #hasEnded = false;

  constructor(program: string, settings: object) {
    const file = fileURLToPath(new URL(program, import.meta.url));
    const child = spawn(
      process.execPath,
      ['--conditions=@groundcrew/source', file, JSON.stringify(settings)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.#process = child;
    // What is told to one that was killed is lost.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.said.push(line);
      this.#lines.emit('line');
    });
    child.once('close', () => {
      this.#hasEnded = true;
      this.#lines.emit('line');
    });
    this.#ended = once(child, 'close');
  }

  /** A line for its standard input. */
  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Waits for a line that it has said, or will say, by its beginning. */
  async hears(line: string, within = 60_000): Promise<void> {
    const signal = AbortSignal.timeout(within);
    const before = (): string => `before "${line}": ${this.said.slice(-20).join(' | ')}`;
    while (!this.said.some((said) => said.startsWith(line))) {
      if (this.#hasEnded) throw new Error(`it ended ${before()}`);
      await once(this.#lines, 'line', { signal }).catch(() => {
        throw new Error(`${within} ms passed ${before()}`);
      });
    }
  }

  /** Ends it, and waits until it has. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal);
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
  }
}
