import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LiveBudget, withinBudget } from '../live-budget.ts';
import seconds from '../live-seconds.json' with { type: 'json' };
import { root } from '../workspace.ts';

const files = Array.from({ length: 40 }, (_, at) => `packages/ha/live/${at}.test.ts`);
const all = { run: files, leftOut: ['packages/sim/live/a.test.ts'], because: 'ha changed' };
const budget: LiveBudget = {
  seconds: 600,
  took: () => 60,
  always: files.slice(0, 3),
  first: [],
  turn: 'commit 1',
};

describe('what there is time for', () => {
  test('all of it, if it fits', () => {
    expect(withinBudget(all, { ...budget, seconds: 40 * 60 })).toEqual(all);
  });

  test('what runs always, and of the others a share; nothing is lost', () => {
    const { run, leftOut, because } = withinBudget(all, budget);
    expect(run).toHaveLength(10);
    expect(run).toEqual(expect.arrayContaining([...budget.always]));
    expect([...run, ...leftOut].toSorted()).toEqual([...all.run, ...all.leftOut].toSorted());
    expect(because).toBe('ha changed; of these 40 so many as take 10 minutes, others with the next commit');
  });

  test('what changed itself goes before others, and not beyond the time', () => {
    const { run } = withinBudget(all, { ...budget, first: files.slice(30, 34) });
    expect(run).toHaveLength(10);
    expect(run).toEqual(expect.arrayContaining(files.slice(30, 34)));
    const much = withinBudget(all, { ...budget, first: files.slice(10, 40) }).run;
    expect(much).toHaveLength(10);
    expect(much.filter((file) => files.indexOf(file) >= 10)).toHaveLength(4);
  });

  test.each([
    ['nothing changed itself', []],
    ['more changed than there is time for', files.slice(10, 40)],
  ])('the same commit takes the same, and some commits take all: %s', (_what, first) => {
    const busy = { ...budget, first };
    expect(withinBudget(all, busy)).toEqual(withinBudget(all, busy));
    const seen = new Set<string>();
    for (let commit = 0; commit < 60; commit += 1)
      for (const file of withinBudget(all, { ...busy, turn: `commit ${commit}` }).run) seen.add(file);
    expect(seen.size).toBe(40);
  });

  test('what runs always runs, however long it takes; what is not known takes a minute', () => {
    const { run } = withinBudget(all, { ...budget, took: () => undefined, always: files.slice(0, 20) });
    expect(run).toEqual(files.slice(0, 20));
  });
});

test('the files that were measured are there', () => {
  const live: string[] = globSync('packages/*/live/**/*.test.ts', { cwd: root });
  expect(Object.keys(seconds).filter((file) => !live.includes(file))).toEqual([]);
});
