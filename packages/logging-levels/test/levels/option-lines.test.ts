import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localHost } from '@groundcrew/runbook/hosts';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { NOTHING_LENT, PUT_BACK } from '../../src/levels/host-scripts.ts';
import { lend, marksIn, optionIn } from '../../src/levels/option-lines.ts';

const DEBUG = { section: 'DEFAULT', names: ['debug'] };
const here = localHost();

/** A file, and its text once the host has put back what was lent under a mark. */
async function aFile(text: string): Promise<{ file: string; putBack: (mark: string) => Promise<number> }> {
  const folder = await mkdtemp(join(tmpdir(), 'option-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'nova.conf');
  await writeFile(file, text, 'latin1');
  return {
    file,
    putBack: async (mark) =>
      (await here.run(['sh', '-c', PUT_BACK, 'sh', file, mark], { expect: 'any' })).exitCode,
  };
}

test.each([
  ['set', '[DEFAULT]\ndebug = false\nverbose = x\n[api]\nauth = keystone\n'],
  ['not set', '[DEFAULT]\nverbose = x\n[api]\ndebug = true\n'],
  ['set twice: the last counts', '[DEFAULT]\ndebug = true\ndebug = false\n'],
  ['in a section that comes twice', '[DEFAULT]\na = b\n[api]\nx = y\n[DEFAULT]\ndebug: False\n'],
  ['without its section', '[api]\nx = y\n'],
  ['in an empty file', ''],
  ['at the end without a newline', '[DEFAULT]\ndebug=no'],
  ['in DOS lines', '[DEFAULT]\r\ndebug = false\r\nx = y\r\n'],
  ['among bytes of no encoding', '[DEFAULT]\n# \xff\xfe\ndebug = false\n'],
  ['a comment that looks like it', '[DEFAULT]\n#debug = true\n ; debug = true\n'],
])('an option that is %s is lent, and put back byte for byte', async (_what, text) => {
  const lent = lend(text, DEBUG, 'true', 'run-1');
  expect(optionIn(lent, DEBUG)).toBe('true');
  expect(marksIn(lent)).toEqual(['run-1']);
  const { file, putBack } = await aFile(lent);
  expect(await putBack('run-2')).toBe(NOTHING_LENT);
  expect(await readFile(file, 'latin1')).toBe(lent);
  expect(await putBack('run-1')).toBe(0);
  expect(await readFile(file, 'latin1')).toBe(text);
  expect(await putBack('run-1')).toBe(NOTHING_LENT);
});

test('whatever the file: all else stays, and what was is put back', async () => {
  const aLine = fc.constantFrom(
    '[DEFAULT]',
    '[api]',
    'debug = false',
    'debug=True',
    'x = y',
    '# c',
    '',
    '; d',
    'k: v',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(aLine, { maxLength: 8 }), fc.boolean(), async (lines, ended) => {
      // An option before any section is an error to oslo.config.
      const text = ['[api]', ...lines].join('\n') + (ended ? '\n' : '');
      const lent = lend(text, DEBUG, 'true', 'm');
      expect(optionIn(lent, DEBUG)).toBe('true');
      const { file, putBack } = await aFile(lent);
      expect(await putBack('m')).toBe(0);
      expect(await readFile(file, 'latin1')).toBe(text);
    }),
    { numRuns: 25 },
  );
});

test('what somebody has written there since is theirs', async () => {
  const lent = lend('[DEFAULT]\ndebug = false\nx = y\n', DEBUG, 'true', 'm').replace(
    'debug = true',
    'debug = True',
  );
  const { file, putBack } = await aFile(lent);
  expect(await putBack('m')).toBe(0);
  expect(await readFile(file, 'latin1')).toBe('[DEFAULT]\ndebug = True\nx = y\n');
});

test('where the end of the mark is gone, nothing is touched', async () => {
  const lent = lend('[DEFAULT]\ndebug = false\nx = y\n', DEBUG, 'true', 'm').replace(/^.* end m\n/m, '');
  const { file, putBack } = await aFile(lent);
  expect(await putBack('m')).toBe(3);
  expect(await readFile(file, 'latin1')).toBe(lent);
});

test('a value of several lines is not taken for one', () => {
  expect(() => lend('[DEFAULT]\ndebug = true\n  false\n', DEBUG, 'true', 'm')).toThrow(/several lines/);
});
