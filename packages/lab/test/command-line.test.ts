import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('../lab', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it left in the folder of its state. */
  readonly files: readonly string[];
}

async function run(args: readonly string[]): Promise<Ended> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ended = await new Promise<Omit<Ended, 'files'>>((resolve) => {
    execFile(program, args, { env: { ...process.env, LAB_DIR: folder } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
  return { ...ended, files: await readdir(folder) };
}

test.each([
  ['--help', /lab up \[--only core\|full\]/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s ends well', async (flag, says) => {
  const { code, stdout, stderr } = await run([flag]);
  expect(code).toBe(0);
  expect(stdout).toMatch(says);
  expect(stderr).toBe('');
});

test.each([
  [['--bogus'], '--bogus'],
  [['nope'], 'nope'],
  [[], 'COMMAND'],
  [['status', '--bogus'], '--bogus'],
  [['status', '--suite', 'buster'], 'buster'],
  [['status', '--release', 'essex'], 'essex'],
  [['up', '--only'], '--only'],
  [['up', '--wait', 'long'], '--wait'],
  [['code', 'nova'], 'nova'],
  [['code', '../nova@ctl-1', 'forky'], '../nova@ctl-1'],
  [['code', 'nova@ctl-1', 'sid'], 'sid'],
  [['tool', 'nova@ctl-1'], 'tool'],
  [['restore', '--suite', 'roll'], 'roll'],
])('%j is wrong: one line names it, and nothing is begun', async (args, name) => {
  const { code, stdout, stderr, files } = await run(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(name);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(files).toEqual([]);
});

test('what is rolled begins with the older code, and nothing is recorded where it is not up', async () => {
  expect(await run(['code', 'nova@ctl-1'])).toMatchObject({ code: 0, stdout: 'trixie\n', files: [] });
  const { code, stderr, files } = await run(['code', 'nova@ctl-1', 'forky']);
  expect([code, files]).toEqual([1, []]);
  expect(stderr).toContain('first: lab up --suite roll');
});
