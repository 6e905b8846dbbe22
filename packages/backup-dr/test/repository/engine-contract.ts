import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine, StoredStream } from '../../src/repository.ts';
import { bytesOf, wholeOf } from './bytes.ts';

/** Names that people, and tenants, give. */
export const ODD_NAMES = [
  '',
  '.',
  '..',
  '%',
  'volume/db/../x',
  'two\nlines\u0000',
  'left\u202Eto right',
  'a, b; c=d "e" \'f\' $(g) *',
  '--exclude',
  ' blanks ',
  '名前 – ü',
  'x'.repeat(300),
] as const;

const MEBIBYTE = 1024 * 1024;

/**
 * What any engine must do. Each test goes on in one repository, as a repository does.
 *
 * @param makeEngine - an engine of a place where there is no repository yet
 */
export function engineContract(makeEngine: () => Promise<Engine>): void {
  describe('the contract of an engine', () => {
    let engine: Engine;
    let big: StoredStream;
    const size = 3 * MEBIBYTE + 7;

    beforeAll(async () => {
      engine = await makeEngine();
    });

    test('it tells its version', async () => {
      expect((await engine.capabilities()).version).toMatch(/^\d+\.\d+/);
    });

    test('where there is no repository, that is said; one is made once', async () => {
      await expect(engine.list()).rejects.toMatchObject({ code: 'no-repository' });
      await engine.create();
      await expect(engine.create()).rejects.toMatchObject({ code: 'repository-exists' });
      expect(await engine.list()).toEqual({ streams: [], unreadable: [] });
    });

    test('a stream comes back byte for byte, and progress ends at its size', async () => {
      const told: number[] = [];
      big = await engine.put('volume/big', bytesOf(1, size), {
        tags: { project: 'shop' },
        onProgress: (bytes) => void told.push(bytes),
      });
      expect(big).toMatchObject({ name: 'volume/big', size, tags: { project: 'shop' } });
      expect(told.at(-1)).toBe(size);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      expect((await wholeOf(engine.get(big))).equals(await wholeOf(bytesOf(1, size)))).toBe(true);
    });

    test.each([0, 1])('so does one of %i bytes', async (few) => {
      const stored = await engine.put(`volume/${few}`, bytesOf(2, few));
      expect(stored.size).toBe(few);
      const [listed] = (await engine.list()).streams.filter(({ id }) => id === stored.id);
      expect((await wholeOf(engine.get(listed ?? stored))).equals(await wholeOf(bytesOf(2, few)))).toBe(true);
    });

    test('whatever a name and a tag hold, the list gives it back', async () => {
      const ids: string[] = [];
      for (const name of ODD_NAMES)
        ids.push((await engine.put(name, bytesOf(3, 10), { tags: { server: name, kind: 'odd' } })).id);
      const { streams } = await engine.list({ tags: { kind: 'odd' } });
      expect(new Map(streams.map(({ id, name }) => [id, name]))).toEqual(
        new Map(ids.map((id, at) => [id, ODD_NAMES[at]])),
      );
      for (const { name, tags } of streams) expect(tags).toEqual({ server: name, kind: 'odd' });
      const one = streams.find(({ name }) => name === '--exclude');
      expect(await wholeOf(engine.get(one ?? { id: '', name: '' }))).toHaveLength(10);
      expect((await engine.list({ tags: { kind: 'odd', server: '.' } })).streams).toHaveLength(1);
      expect((await engine.list({ tags: { kind: 'odd', server: 'none' } })).streams).toEqual([]);
    }, 300_000);

    test('equal names are different streams', async () => {
      const first = await engine.put('same', bytesOf(4, 100));
      const second = await engine.put('same', bytesOf(5, 100));
      expect(first.id).not.toBe(second.id);
      expect((await wholeOf(engine.get(first))).equals(await wholeOf(bytesOf(4, 100)))).toBe(true);
    });

    test('a range is that part, cut at the end', async () => {
      const whole = await wholeOf(bytesOf(1, size));
      const ranges = fc.tuple(fc.nat(size + 10), fc.nat(2 * MEBIBYTE));
      await fc.assert(
        fc.asyncProperty(ranges, async ([offset, length]) => {
          const part = await wholeOf(engine.get(big, { offset, length }));
          expect(part.equals(whole.subarray(offset, offset + length))).toBe(true);
        }),
        { numRuns: 5, examples: [[[0, 0]], [[size, 5]], [[size - 5, 50]]] },
      );
    }, 300_000);

    test('who has enough stops asking', async () => {
      let read = 0;
      for await (const piece of engine.get(big)) {
        read += piece.length;
        if (read > 1000) break;
      }
      expect(read).toBeLessThan(size);
    });

    test('what the content throws is thrown, and nothing is listed', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield* bytesOf(6, MEBIBYTE);
        throw new Error('the volume is gone');
      }
      await expect(engine.put('broken', broken())).rejects.toThrow('the volume is gone');
      expect((await engine.list()).streams.filter(({ name }) => name === 'broken')).toEqual([]);
    });

    test('what is called off ends with the reason, also when nothing comes', async () => {
      const stop = new AbortController();
      async function* silent(): AsyncGenerator<Uint8Array> {
        yield* bytesOf(7, MEBIBYTE);
        setImmediate(() => stop.abort(new Error('enough')));
        await new Promise(() => undefined);
      }
      await expect(engine.put('silent', silent(), { signal: stop.signal })).rejects.toThrow('enough');
      expect((await engine.list()).streams.filter(({ name }) => name === 'silent')).toEqual([]);
      const reading = wholeOf(engine.get(big, { signal: stop.signal }));
      await expect(reading).rejects.toThrow('enough');
    });

    test('what was forgotten is gone for good, and what was not is there', async () => {
      const gone = await engine.put('gone', bytesOf(8, 1000));
      await engine.forget([gone.id]);
      await engine.forget([gone.id]);
      await engine.prune();
      expect((await engine.list()).streams.map(({ id }) => id)).not.toContain(gone.id);
      await expect(wholeOf(engine.get(gone))).rejects.toMatchObject({ code: 'stream-missing' });
      expect((await wholeOf(engine.get(big))).equals(await wholeOf(bytesOf(1, size)))).toBe(true);
    });

    test('it finds no damage where there is none, and reads without locks', async () => {
      expect(await engine.check({ share: 1 })).toEqual({ damages: [], share: 1 });
      expect(await engine.check({ share: 0.5, lock: false })).toEqual({ damages: [], share: 0.5 });
      expect(await wholeOf(engine.get(big, { lock: false }))).toHaveLength(size);
    });
  });
}
