import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type BackupRepository, openRepository, type PointWriter } from '../../src/repository.ts';
import { FolderEngine } from './folder-engine.ts';

async function* text(words: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(words);
}

interface Scene {
  readonly engine: FolderEngine;
  readonly repository: BackupRepository;
  readonly pass: (ms: number) => void;
  /** Writes the point `p` until the machine dies. */
  readonly broken: (work: (writer: PointWriter) => Promise<void>) => Promise<void>;
}

async function scene(): Promise<Scene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'receipts-'));
  const engine = new FolderEngine(path.join(folder, 'repository'));
  let now = Date.UTC(2026, 11, 1);
  const clock = { now: () => now, sleep: async (ms: number) => void (now += ms) };
  const repository = await openRepository({ engine, create: true, clock });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return {
    engine,
    repository,
    pass: (ms) => void (now += ms),
    async broken(work) {
      const written = repository.write({ id: 'p' }, async (writer) => {
        await work(writer);
        throw new RangeError('the machine dies');
      });
      await expect(written).rejects.toThrow('the machine dies');
    },
  };
}

const kinds = async ({ engine }: Scene): Promise<readonly string[]> =>
  (await engine.list()).streams.map(({ tags }) => tags['kind'] ?? '').toSorted();

test('what was stored whole is known to the next writing, but for the last minute; then nothing is left of it', async () => {
  const one = await scene();
  await one.broken(async (writer) => {
    await writer.put('a', text('of a'), { tags: { volume: '1' }, endTags: () => ({ count: '7' }) });
    one.pass(61_000);
    await writer.put('b', text('of b'));
    await writer.put('c', text('of c'));
  });
  const point = await one.repository.write({ id: 'p' }, async (writer) => {
    expect(await writer.stored('a')).toMatchObject({ size: 4, tags: { volume: '1', count: '7' } });
    expect(await writer.stored('c')).toBeUndefined();
    await expect(writer.keep('c')).rejects.toMatchObject({ code: 'input', field: 'name' });
    for (const name of ['a', 'b']) await writer.keep(name);
    await expect(writer.keep('a')).rejects.toMatchObject({ code: 'input', field: 'name' });
    await writer.put('c', text('of c again'));
    return { completeness: 'complete', at: '2026-11-30T00:00:00Z' };
  });
  expect(point.at).toBe('2026-11-30T00:00:00Z');
  for (const [name, words] of [
    ['a', 'of a'],
    ['b', 'of b'],
    ['c', 'of c again'],
  ] as const) {
    const pieces = await Array.fromAsync(one.repository.read(point, name));
    expect(Buffer.concat(pieces).toString()).toBe(words);
  }
  // The first `c` is a stray, as every stream of a writing that broke off was before.
  expect(await kinds(one)).toEqual(['manifest', 'stream', 'stream', 'stream', 'stream']);
});

test('a third writing knows what the first has stored, though the second did not come to it', async () => {
  const one = await scene();
  await one.broken(async (writer) => {
    await writer.put('a', text('of a'));
    one.pass(61_000);
    await writer.put('b', text('of b'));
  });
  await one.broken(async (writer) => {
    await writer.keep('b');
    one.pass(61_000);
    await writer.put('c', text('of c'));
  });
  await one.repository.write({ id: 'p' }, async (writer) => {
    for (const name of ['a', 'b', 'c']) await writer.keep(name);
    return { completeness: 'complete' };
  });
  expect(await kinds(one)).toEqual(['manifest', 'stream', 'stream', 'stream']);
});

test('a stream that was removed meanwhile is not known, and of a damaged receipt the one before it counts', async () => {
  const one = await scene();
  await one.broken(async (writer) => {
    for (const name of ['a', 'b', 'c']) {
      one.pass(61_000);
      await writer.put(name, text(name));
    }
  });
  const { streams } = await one.engine.list();
  const gone = streams.find(({ name }) => name === 'a');
  await one.engine.forget([gone?.id ?? '']);
  const get = one.engine.get.bind(one.engine);
  one.engine.get = (stream, options) =>
    streams.find(({ id }) => id === stream.id)?.tags['streams'] === '3'
      ? text('{"kind":')
      : get(stream, options);
  await one.repository.write({ id: 'p' }, async (writer) => {
    expect(await writer.stored('a')).toBeUndefined();
    expect(await writer.stored('b')).toMatchObject({ size: 1 });
    expect(await writer.stored('c')).toBeUndefined();
    return { completeness: 'complete' };
  });
});

test('a short writing has none, and one of another point knows nothing', async () => {
  const one = await scene();
  await one.broken(async (writer) => void (await writer.put('a', text('of a'))));
  expect(await kinds(one)).toEqual(['stream']);
  await one.broken(async (writer) => {
    one.pass(61_000);
    await writer.put('a', text('of a'));
  });
  await one.repository.write({ id: 'q' }, async (writer) => {
    expect(await writer.stored('a')).toBeUndefined();
    return { completeness: 'complete' };
  });
});
