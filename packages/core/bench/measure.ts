import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

/** One line of a benchmark: lower is better, as a value and as a ratio to the baseline of the same run. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly ratio: number;
  readonly aim: number | undefined;
}

export interface Contest {
  readonly name: string;
  readonly unit: string;
  readonly aim?: number | undefined;
  /** Rounds that count. */
  readonly rounds: number;
  /** Each returns its cost in `unit`. */
  readonly ours: () => Promise<number>;
  readonly baseline: () => Promise<number>;
}

/** Runs both by turns, after one round each that does not count; medians, since a machine has other things to do. */
export async function compare(contest: Contest): Promise<Measurement> {
  await contest.baseline();
  await contest.ours();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < contest.rounds; round += 1) {
    theirs.push(await contest.baseline());
    ours.push(await contest.ours());
  }
  const { name, unit, aim } = contest;
  return measured({ name, unit, aim, value: median(ours), baseline: median(theirs) });
}

/** A line of a benchmark whose two figures are there. */
export const measured = ({
  aim,
  ...line
}: Omit<Measurement, 'ratio' | 'aim'> & { readonly aim?: number | undefined }): Measurement => ({
  ...line,
  ratio: line.value / line.baseline,
  aim,
});

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The middle one; the upper one of two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * The most memory that a process had, in MiB; without a number this one. Not that of getrusage (`process.resourceUsage`), which
 * begins with what the process had before it ran its program: that of its parent.
 */
export const peakMemory = (pid: number | 'self' = 'self'): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Starts a benchmark's cloud, a script beside this one, in a process of its own. */
export async function startServer(
  total: number,
  script = 'server.ts',
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=@groundcrew/source', path.join(import.meta.dirname, script), String(total)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  if (child.stdout === null) throw new Error('the benchmark server has no output');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    stop: async () => {
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}
