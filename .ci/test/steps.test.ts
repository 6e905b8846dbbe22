import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkSteps, type Ended, runSteps, type Step } from '../steps.ts';
import { root } from '../workspace.ts';

const ok: Ended = { passed: true, output: 'many\nlines\n' };

/** Runs the steps with these ends, each of which takes 1.5 s. */
async function check(steps: readonly Step[], ends: Readonly<Record<string, Ended>> = {}) {
  let time = 0;
  const ran: string[] = [];
  const written: string[] = [];
  const passed = await runSteps(steps, {
    run: (name) => {
      ran.push(name);
      time += 1500;
      return Promise.resolve(ends[name] ?? ok);
    },
    write: (text) => written.push(text),
    now: () => time,
  });
  return { passed, ran, text: written.join('') };
}

const steps: readonly Step[] = [
  { name: 'format' },
  { name: 'build' },
  { name: 'lint', needsBuild: true },
  { name: 'test', summary: /^\s*Tests\s+(.+)$/m },
];

test('a step that passed is one line with its time', async () => {
  const { passed, ran, text } = await check(steps);
  expect(passed).toBe(true);
  expect(ran).toEqual(['format', 'build', 'lint', 'test']);
  expect(text).toBe(
    [
      'ok        format     1.5 s',
      'ok        build      1.5 s',
      'ok        lint       1.5 s',
      'ok        test       1.5 s',
      'all 4 steps passed in 6.0 s',
      '',
    ].join('\n'),
  );
});

test('the line of the tests has their counts', async () => {
  const output =
    ' Test Files  3 passed (3)\n\u001B[2m      Tests \u001B[22m \u001B[32m41 passed\u001B[39m | 1 skipped (42)\n';
  const { text } = await check(steps, { test: { passed: true, output } });
  expect(text).toContain('ok        test       1.5 s  41 passed | 1 skipped (42)\n');
});

test('the whole output of a step that failed is shown, and the others run all the same', async () => {
  const { passed, ran, text } = await check(steps, {
    format: { passed: false, output: 'a.ts is not formatted' },
    test: { passed: false, output: 'a test failed\n' },
  });
  expect(passed).toBe(false);
  expect(ran).toEqual(['format', 'build', 'lint', 'test']);
  expect(text).toContain('FAILED    format     1.5 s\na.ts is not formatted\nok        build');
  expect(text).toContain('FAILED    test       1.5 s\na test failed\n');
  expect(text).not.toContain('many');
  expect(text).toMatch(/\n2 of 4 steps did not pass in 6\.0 s: format, test\n$/);
});

test('what reads the build is left out, and said to be, where there is none', async () => {
  const { passed, ran, text } = await check(steps, { build: { passed: false, output: 'TS2322\n' } });
  expect(passed).toBe(false);
  expect(ran).toEqual(['format', 'build', 'test']);
  expect(text).toContain('LEFT OUT  lint    the build failed\n');
  expect(text).toMatch(/2 of 4 steps did not pass in 4\.5 s: build, lint\n$/);
});

test('each step of pnpm check is a script of its own', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(checkSteps.map(({ name }) => name)));
  expect(scripts['check']).toBe('node .ci/check.ts');
});
