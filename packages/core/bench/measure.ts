import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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
  const [value, baseline] = [median(ours), median(theirs)];
  return {
    name: contest.name,
    value,
    unit: contest.unit,
    baseline,
    ratio: value / baseline,
    aim: contest.aim,
  };
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

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
