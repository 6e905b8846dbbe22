import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LiveOrder } from './.ci/live-order.ts';

const conditions = ['@groundcrew/source', 'module', 'node', 'development'];
const fromSource = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** Tests start some hundred programs of ours: where Node keeps compiled code they start in two thirds of the time. */
const env = { NODE_COMPILE_CACHE: path.join(tmpdir(), 'node-compile-cache') };

/**
 * How long a test, or what is done around it, may take. No test waits for time, so that this is for what hangs, not for what is
 * slow: on two cores that others used as well a sweep of all endpoints has taken longer than a minute. What a test expects of
 * time it says itself, as a ratio.
 */
const LIMIT = 300_000;

/** CI adds up the results of its runs: see `.ci/run`. */
const results = process.env['GROUNDCREW_RESULTS'];

export default defineConfig({
  test: {
    sequence: { sequencer: LiveOrder },
    ...(results === undefined ? {} : { reporters: ['default', ['json', { outputFile: results }]] }),
    projects: [
      {
        ...fromSource,
        test: {
          name: 'unit',
          env,
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/**/*.test.ts',
            '.ci/test/**/*.test.ts',
            'docs/test/**/*.test.ts',
          ],
          // Vitest would leave one core to itself: on two, half of the machine.
          maxWorkers: '100%',
          // A worker reads each module once, not once for each file: no test mocks a module, and what one changes globally it puts back.
          isolate: false,
          testTimeout: LIMIT,
          hookTimeout: LIMIT,
          expect: { poll: { timeout: LIMIT / 5 } },
        },
      },
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['packages/*/test/**/*.test-d.ts'],
            tsconfig: './tsconfig.test.json',
          },
        },
      },
      {
        ...fromSource,
        test: {
          name: 'live',
          env,
          include: ['packages/*/live/**/*.test.ts'],
          globalSetup: ['packages/lab/src/vitest.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'] },
  },
});
