import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { putBack, replacementOf, replacePath } from '../../src/control-plane/restore/replace-path.ts';

const host = localHost();

/** A folder that is to be replaced, and the one that is to take its place, each with a file that says which it is. */
async function scene() {
  const folder = await mkdtemp(path.join(tmpdir(), 'replace-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const replacement = replacementOf(path.join(folder, 'etc nova'), 'abc');
  const make = async (at: string, text: string): Promise<void> => {
    await mkdir(at);
    await writeFile(path.join(at, 'which'), text);
  };
  const which = (at: string): Promise<string> => readFile(path.join(at, 'which'), 'utf8');
  return { folder, replacement, make, which };
}

test('what was there is aside, and comes back', async () => {
  const { folder, replacement, make, which } = await scene();
  await make(replacement.path, 'old');
  await make(replacement.fresh, 'new');
  await replacePath(host, replacement, {});
  expect([await which(replacement.path), await which(replacement.aside)]).toEqual(['new', 'old']);
  // Again, with a fresh one of an attempt that did not know: nothing is changed.
  await make(replacement.fresh, 'newer');
  await replacePath(host, replacement, {});
  expect([await which(replacement.path), await which(replacement.aside)]).toEqual(['new', 'old']);
  await putBack(host, replacement, {});
  await putBack(host, replacement, {});
  expect(await which(replacement.path)).toBe('old');
  expect(await readdir(folder)).toEqual(['etc nova']);
});

test('killed between the two moves, the next call does the second one; taken back, the first is undone', async () => {
  const { replacement, make, which } = await scene();
  await make(replacement.path, 'old');
  await make(replacement.fresh, 'new');
  await rename(replacement.path, replacement.aside);
  await replacePath(host, replacement, {});
  expect([await which(replacement.path), await which(replacement.aside)]).toEqual(['new', 'old']);
  await rename(replacement.path, replacement.fresh);
  await putBack(host, replacement, {});
  expect(await which(replacement.path)).toBe('old');
});

test('where nothing was, nothing is aside; and without anything fresh nothing is moved', async () => {
  const { folder, replacement, make, which } = await scene();
  await make(replacement.fresh, 'new');
  await replacePath(host, replacement, {});
  expect(await which(replacement.path)).toBe('new');
  expect(await readdir(folder)).toEqual(['etc nova']);
  await expect(replacePath(host, replacement, {})).rejects.toThrow('is not there');
  expect(await which(replacement.path)).toBe('new');
});
