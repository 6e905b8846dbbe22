import { env } from 'node:process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { examples } from './interleavings-examples.ts';
import { live, stories } from './interleavings-run.ts';

/** For longer runs: `INTERLEAVINGS_RUNS=500 INTERLEAVINGS_SEED=7`. */
const numRuns = Number(env['INTERLEAVINGS_RUNS'] ?? 10);
const seed = Number(env['INTERLEAVINGS_SEED'] ?? 20_261_123);
/** To see the smallest story that fails, which takes minutes: `INTERLEAVINGS_SHRINK=1`. */
const endOnFailure = env['INTERLEAVINGS_SHRINK'] === undefined;

test('whatever happens, in whatever order: no evacuation without proof, no limit passed, an end with a reason', async () => {
  let evacuations = 0;
  const outcomes: string[] = [];
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const told = await live(story);
      evacuations += told.evacuations;
      outcomes.push(...told.outcomes);
      expect(told.violations).toEqual([]);
    }),
    {
      // They are the first of the runs.
      examples: examples.map((story) => [story]),
      numRuns: numRuns + examples.length,
      seed,
      interruptAfterTimeLimit: 300_000,
      endOnFailure,
    },
  );
  // Else it has shown nothing.
  expect(evacuations).toBeGreaterThan(0);
  expect(new Set(outcomes)).toContain('succeeded');
}, 380_000);
