import { describe, expect, test } from 'vitest';
import { Ids } from '../../src/ids.ts';
import { ZEROS } from '../../src/bytes/byte-source.ts';
import { Content } from '../../src/bytes/content.ts';
import { byteAt, generated } from '../../src/bytes/generator.ts';
import { bytesInMemory, hashed, readBytes } from '../../src/bytes/stored-bytes.ts';

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<number[]> =>
  Buffer.concat(await Array.fromAsync(chunks)).toJSON().data;

/** Which of two arrays of numbers differ, without printing a million of them. */
const firstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return index;
  return -1;
};

describe('bytes of a seed', () => {
  test.each([
    [0, 10],
    [4093, 4110],
    [2 ** 32 * 4096 - 3, 2 ** 32 * 4096 + 5],
    [300_001, 700_003],
  ])('a byte is a function of seed and offset, wherever a reading begins (%i to %i)', async (from, to) => {
    const read = await bytesOf(generated(7, 1).read(from, to));
    const computed = Array.from({ length: to - from }, (_, index) => byteAt(7, from + index));
    expect(firstDifference(read, computed)).toBe(-1);
  });

  test('another seed makes others, and no value is rare', async () => {
    const read = await bytesOf(generated(1, 1).read(0, 1_000_000));
    const counts = Array.from({ length: 256 }, () => 0);
    for (const byte of read) counts[byte] = (counts[byte] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(3500);
    expect(Math.max(...counts)).toBeLessThan(4400);
    const other = await bytesOf(generated(2, 1).read(0, 1_000_000));
    const equal = other.filter((byte, index) => byte === read[index]).length;
    expect(equal).toBeLessThan(5000);
  });

  test('a share of it is data, by the MiB', async () => {
    let data = 0;
    for (let region = 0; region < 1000; region += 1) {
      const all = await bytesOf(generated(3, 0.05).read(region * 2 ** 20 + 5000, region * 2 ** 20 + 5064));
      if (all.some((byte) => byte !== 0)) data += 1;
    }
    expect(data).toBeGreaterThan(25);
    expect(data).toBeLessThan(80);
  });
});

describe('a content is what was written last, as a plain array has it', () => {
  const SIZE = 5000;
  const NOTHING = { content: new Content(), model: new Uint8Array(SIZE) };

  test.each(Array.from({ length: 60 }, (_, seed) => [seed]))('seed %i', async (seed) => {
    const chance = new Ids(seed);
    const range = (): { from: number; to: number } => {
      const from = chance.below(SIZE);
      return { from, to: from + chance.below(SIZE - from + 1) };
    };
    const contents = [{ content: new Content(), model: new Uint8Array(SIZE) }];
    const inCopies: unknown[] = [];
    for (let step = 0; step < 40; step += 1) {
      const { content, model } = chance.pick(contents);
      const { from, to } = range();
      if (chance.below(5) === 0) {
        const copy = { content: content.copy(), model: model.slice() };
        inCopies.push(...copy.content.changesSince(content, { size: SIZE, grain: 1 }));
        contents.push(copy);
      } else if (chance.below(4) === 0) {
        content.write({ from, to, source: ZEROS, at: 0 });
        model.fill(0, from, to);
      } else {
        const value = 1 + chance.below(255);
        const source = bytesInMemory(new Uint8Array(to - from + 3).fill(value));
        content.write({ from, to, source, at: 2 });
        source.dispose();
        model.fill(value, from, to);
      }
      const read = range();
      for (const each of contents) {
        const bytes = await bytesOf(each.content.read(read.from, read.to));
        expect(firstDifference(bytes, each.model.subarray(read.from, read.to))).toBe(-1);
      }
    }
    // What two contents have from the same place is equal, in whole blocks.
    const one = contents.at(0) ?? NOTHING;
    const two = contents.at(-1) ?? NOTHING;
    const changes = two.content.changesSince(one.content, { size: SIZE, grain: 64 });
    const changed = new Uint8Array(SIZE);
    for (const { from, to } of changes) changed.fill(1, from, to);
    const unnoticed = [...changed.keys()].filter(
      (index) => one.model[index] !== two.model[index] && changed[index] === 0,
    );
    expect(unnoticed).toEqual([]);
    expect(inCopies).toEqual([]);
    expect(changes.every(({ from, to }) => from % 64 === 0 && (to % 64 === 0 || to === SIZE))).toBe(true);
  });

  test('what is read is as it was when that was asked for', async () => {
    const content = new Content();
    const source = bytesInMemory(Uint8Array.of(1, 2, 3));
    content.write({ from: 0, to: 3, source, at: 0 });
    const reading = content.read(0, 3);
    content.write({ from: 0, to: 3, source: ZEROS, at: 0 });
    expect(await bytesOf(reading)).toEqual([1, 2, 3]);
    expect(await bytesOf(content.read(0, 3))).toEqual([0, 0, 0]);
  });
});

describe('bytes that are kept', () => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < 5; index += 1) yield new Uint8Array(100).fill(index);
  }

  test.each([
    [50, 'a file'],
    [5000, 'memory'],
  ])('beyond %i bytes they are in a file, and are the same (%s)', async (memory) => {
    const stored = await readBytes(chunks(), memory);
    expect(stored.size).toBe(500);
    expect(await bytesOf(stored.read(99, 102))).toEqual([0, 1, 1]);
    const again = await hashed(stored, stored.size);
    expect([again.md5, again.sha512]).toEqual([stored.md5, stored.sha512]);
    // Two holders: only the second one to let go frees it.
    stored.retain();
    stored.dispose();
    expect(await bytesOf(stored.read(400, 401))).toEqual([4]);
    stored.dispose();
  });

  test('a file is gone with its last holder', async () => {
    const stored = await readBytes(chunks(), 50);
    const content = new Content([{ from: 0, to: 500, source: stored, at: 0 }]);
    stored.dispose();
    expect(await bytesOf(content.read(0, 1))).toEqual([0]);
    content.dispose();
    await expect(bytesOf(stored.read(0, 1))).rejects.toThrow(/ENOENT/);
  });
});
