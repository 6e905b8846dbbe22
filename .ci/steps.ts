/** Runs the steps of `pnpm check`, and says in one line of each how it went. */

import { stripVTControlCharacters } from 'node:util';

/** A step: one of the scripts of the root's `package.json`. */
export interface Step {
  readonly name: string;
  /** Whether it reads `dist`: it says nothing of use where the build failed. */
  readonly needsBuild?: boolean;
  /** What of its output belongs into its line, if it passed. */
  readonly summary?: RegExp;
}

/**
 * The steps of `pnpm check`, in the order in which a fault is told soonest. The linter's types, `tsc -b`, the packed packages
 * and the API reports read `dist`; the tests run from source.
 */
export const checkSteps: readonly Step[] = [
  { name: 'format:check' },
  { name: 'build' },
  { name: 'lint', needsBuild: true },
  { name: 'typecheck', needsBuild: true },
  { name: 'test', summary: /^\s*Tests\s+(.+)$/m },
  { name: 'knip' },
  { name: 'pack:check', needsBuild: true },
  { name: 'pack:try', needsBuild: true },
  { name: 'api:check', needsBuild: true },
];

/** How a command ended. */
export interface Ended {
  readonly passed: boolean;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** What `runSteps` works with; tests bring their own. */
export interface Surroundings {
  readonly run: (name: string) => Promise<Ended>;
  readonly write: (text: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Runs the steps one after another. The whole output of a step is written only if it failed. A failure does not end the
 * others, since who mends one wants to know of all.
 *
 * @returns whether all passed
 */
export async function runSteps(steps: readonly Step[], { run, write, now }: Surroundings): Promise<boolean> {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const begun = now();
  const failed: string[] = [];
  for (const step of steps) {
    const label = step.name.padEnd(width);
    if (step.needsBuild === true && failed.includes('build')) {
      failed.push(step.name);
      write(`LEFT OUT  ${label}  the build failed\n`);
      continue;
    }
    const start = now();
    const { passed, output } = await run(step.name);
    const line = `${label}  ${seconds(now() - start)}`;
    if (passed) {
      const found = step.summary?.exec(stripVTControlCharacters(output))?.[1];
      write(`ok        ${line}${found === undefined ? '' : `  ${found}`}\n`);
    } else {
      failed.push(step.name);
      write(`FAILED    ${line}\n${output.endsWith('\n') ? output : `${output}\n`}`);
    }
  }
  const total = seconds(now() - begun).trim();
  write(
    failed.length === 0
      ? `all ${steps.length} steps passed in ${total}\n`
      : `${failed.length} of ${steps.length} steps did not pass in ${total}: ${failed.join(', ')}\n`,
  );
  return failed.length === 0;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`.padStart(8);
