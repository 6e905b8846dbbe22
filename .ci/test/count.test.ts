import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../workspace.ts';

interface Result {
  readonly file: string;
  readonly statuses: readonly string[];
  readonly status?: string;
}

/** What `count.mjs` says of these results of the run `live`, and of what was left out of it. */
function count(results: readonly Result[] | undefined, leftOut?: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'count-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (results !== undefined) {
    const testResults = results.map(({ file, statuses, status = 'passed' }) => ({
      name: path.join(root, file),
      status,
      assertionResults: statuses.map((each, index) => ({ status: each, fullName: `${each} ${index}` })),
    }));
    writeFileSync(path.join(folder, 'live.json'), JSON.stringify({ testResults }));
  }
  if (leftOut !== undefined) {
    writeFileSync(path.join(folder, 'live-left-out.json'), JSON.stringify({ leftOut }));
  }
  const { status, stdout } = spawnSync(process.execPath, ['.ci/count.mjs', folder, 'live'], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('all passed, nothing was left out', () => {
  expect(count([{ file: 'packages/core/live/a.test.ts', statuses: ['passed', 'passed'] }], [])).toEqual({
    status: 0,
    lines: ['2 passed, 0 failed'],
  });
});

test('what was skipped and what was left out is counted in the last line', () => {
  const { status, lines } = count(
    [
      { file: 'packages/core/live/a.test.ts', statuses: ['passed', 'pending'] },
      { file: 'packages/ha/live/a.test.ts', statuses: ['skipped', 'todo', 'failed'] },
    ],
    ['packages/ha/live/b.test.ts', 'packages/ha/live/c.test.ts', 'packages/sim/live/d.test.ts'],
  );
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe(
    '1 passed, 1 failed, 3 skipped (core 1, ha 2), 3 files of the live suites left out (ha 2, sim 1)',
  );
  expect(lines).toContain('failed: failed 2');
  expect(lines).toContain('skipped: todo 1');
});

test('a run that left no results, and a file that did not start, are failures', () => {
  expect(count(undefined)).toEqual({ status: 1, lines: ['live: no results', '0 passed, 1 failed'] });
  expect(count([{ file: 'examples/a.test.ts', statuses: [], status: 'failed' }])).toEqual({
    status: 1,
    lines: ['failed to start: examples/a.test.ts', '0 passed, 1 failed'],
  });
});
