import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { ConnectOptions } from '@groundcrew/core';
import { peakMemory } from '../../core/bench/measure.ts';
import type { CollectorName } from '../src/metrics.ts';

/** What a reader of ours is told. */
export interface ReaderTask {
  readonly entry: ConnectOptions;
  readonly collect: readonly CollectorName[];
}

/** What a reader says of a round. */
export interface ReadRound {
  readonly ms: number;
  /** Requests that are planned for the next round; openstacksdk plans nothing. */
  readonly planned: number;
  /** The samples of each metric: labels in the metric's order, and the value. */
  readonly figures: Readonly<
    Record<string, readonly (readonly [labels: readonly string[], value: number])[]>
  >;
}

/** A program that does its next part when it is told to, in a process of its own, so that its memory is its own. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #ended: Promise<unknown>;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(command, args, {
      cwd: path.join(import.meta.dirname, '..'),
      env: { ...process.env, ...env },
    });
    this.#child.stderr.pipe(process.stderr);
    // What is told to a program that has ended: `next` says that it has.
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface(this.#child.stdout);
    this.#ended = once(this.#child, 'exit');
  }

  /** @throws Error if the program ends instead; what it says is on the standard error */
  async next<R>(): Promise<R> {
    const line = once(this.#lines, 'line') as Promise<[string]>;
    this.#child.stdin.write('\n');
    const [text] = (await Promise.race([line, this.#ended.then(() => [])])) as [string?];
    if (text === undefined) throw new Error(`${this.#child.spawnfile} ended before it was done`);
    return JSON.parse(text) as R;
  }

  /** MiB that the process had at most until now. */
  peak(): number {
    return peakMemory(this.#child.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}

/** Without it longer work has only the more garbage: V8 takes what a machine has before it clears away. */
export const SMALL_HEAP = ['--max-semi-space-size=2', '--max-old-space-size=64'];

/** A program of ours, in a process that has read it alone: node's work on TypeScript would take memory, too. */
export function ours(script: string, task: object, flags: readonly string[] = []): Worker {
  const root = path.join(import.meta.dirname, '..');
  if (!existsSync(path.join(root, 'dist', 'metrics.js')))
    throw new Error('monitoring is not built: run `pnpm build` first');
  const program = stripTypeScriptTypes(readFileSync(path.join(import.meta.dirname, script), 'utf8'));
  return new Worker(process.execPath, [...flags, '--input-type=module', '-e', program, JSON.stringify(task)]);
}
