import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LiveSituation, packageOf, selectLive } from '../live-selection.ts';
import { smokeFiles } from '../live-smoke.ts';
import { root } from '../workspace.ts';

const graph = new Map([
  ['ground', []],
  ['core', ['ground']],
  ['runbook', ['ground', 'lab']],
  ['sim', ['core']],
  ['ha', ['core', 'runbook', 'sim', 'lab']],
  ['lab', []],
]);
const files = ['core', 'runbook', 'sim', 'ha', 'lab'].flatMap((name) => [
  `packages/${name}/live/a.test.ts`,
  `packages/${name}/live/deep/b.test.ts`,
]);
const smoke = files.filter((file) => file.endsWith('/a.test.ts'));

/** The packages whose whole suite runs when these files changed. */
function whole(changed: readonly string[] | undefined, situation: Partial<LiveSituation> = {}): string[] {
  const { run, leftOut } = selectLive({ changed, graph, files, smoke, ...situation });
  expect([...run, ...leftOut].toSorted()).toEqual(files.toSorted());
  expect(run).toEqual(expect.arrayContaining(smoke));
  return [...graph.keys()].filter((name) => run.includes(`packages/${name}/live/deep/b.test.ts`));
}

describe('the live suites that run', () => {
  test('nothing changed: one file of each', () => {
    expect(whole([])).toEqual([]);
  });

  test.each([
    ['packages/ha/src/index.ts', ['ha']],
    ['packages/ha/live/deep/b.test.ts', ['ha']],
    ['packages/ha/package.json', ['ha']],
    ['packages/sim/src/index.ts', ['sim', 'ha']],
    ['packages/runbook/src/plan/plan.ts', ['runbook', 'ha']],
    ['packages/ground/src/index.ts', ['core', 'runbook', 'sim', 'ha']],
  ])('%s changed: %j', (file, packages) => {
    expect(whole([file])).toEqual(packages);
  });

  test.each([
    'packages/lab/services/nova.sh',
    'packages/lab/lab',
    'package.json',
    'pnpm-lock.yaml',
    'vitest.config.ts',
    'tsconfig.base.json',
    '.ci/run',
    'a-new-file-at-the-root',
  ])('%s changed: all', (file) => {
    expect(whole([file])).toEqual(['core', 'runbook', 'sim', 'ha', 'lab']);
  });

  test.each([
    'README.md',
    'packages/ha/README.md',
    'packages/lab/HOP.md',
    'docs/typedoc.json',
    'examples/images.ts',
    '.changeset/x.md',
    'LICENSE',
  ])('%s changed: none, since none reads it', (file) => {
    expect(whole([file])).toEqual([]);
  });

  test('a package that is gone changes nothing', () => {
    expect(whole(['packages/gone/src/index.ts'])).toEqual([]);
  });

  test('a name that begins like another is another', () => {
    expect(whole(['packages/ha-more/src/index.ts'])).toEqual([]);
  });

  test('what changed is not known: all', () => {
    expect(whole(undefined)).toEqual(['core', 'runbook', 'sim', 'ha', 'lab']);
  });

  test('packages that import each other end', () => {
    const circle = new Map([...graph, ['ground', ['core']]]);
    expect(whole(['packages/core/src/index.ts'], { graph: circle })).toEqual([
      'core',
      'runbook',
      'sim',
      'ha',
    ]);
  });
});

test('each package with a live suite has one file that runs always', () => {
  const live: string[] = globSync('packages/*/live/**/*.test.ts', { cwd: root });
  expect(Object.keys(smokeFiles).toSorted()).toEqual(
    [...new Set<string>(live.map((file) => packageOf(file)))].toSorted(),
  );
  for (const [name, file] of Object.entries(smokeFiles)) {
    expect(live).toContain(file);
    expect(packageOf(file)).toBe(name);
  }
});
