import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileState, memoryState, NotJsonError, StateCorruptError } from '../src/index.ts';

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-state-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'deep', 'state.json');
}

test('a file gives back what was kept, and nothing before anything was', async () => {
  const file = await place();
  const state = fileState(file);
  expect(await state.load()).toBeUndefined();
  await state.save({ running: [], of: undefined, word: 'é "' });
  await state.save({ running: ['a'], of: undefined, word: 'é "' });
  expect(await fileState(file).load()).toEqual({ running: ['a'], word: 'é "' });
  expect(await readdir(join(file, '..'))).toEqual(['state.json']);
});

test('what JSON does not keep is refused, and what was kept stays', async () => {
  const file = await place();
  for (const state of [fileState(file), memoryState()]) {
    await state.save({ at: 1 });
    await expect(state.save({ at: Number.NaN })).rejects.toThrow(NotJsonError);
    await expect(state.save({ at: new Date(0) })).rejects.toThrow(/\.at is/);
    expect(await state.load()).toEqual({ at: 1 });
  }
});

test('a file that is no JSON is not taken for an empty one; a write that a crash cut is no matter', async () => {
  const file = await place();
  const state = fileState(file);
  await state.save([1]);
  await writeFile(`${file}.next`, '[2');
  expect(await state.load()).toEqual([1]);
  await state.save([3]);
  expect(await readFile(file, 'utf8')).toBe('[3]');
  await writeFile(file, '[3');
  await expect(state.load()).rejects.toThrow(StateCorruptError);
});

test('memory keeps a copy', async () => {
  const value = { list: [1] };
  const state = memoryState(value);
  value.list.push(2);
  expect(await state.load()).toEqual({ list: [1] });
});
