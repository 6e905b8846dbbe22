import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StoredHashes } from '../../src/objects/stored-hashes.ts';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

async function* listed(
  names: readonly string[],
): AsyncGenerator<{ readonly name: string; readonly hash: string }> {
  for (const name of names) yield { name, hash: `hash of ${name}` };
}

const names = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 30 });

test('of what is asked for in the order of the list each is known that is there, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(names, names, async (there, others) => {
      const hashes = new StoredHashes(listed(there.toSorted(byBytes)));
      for (const name of [...new Set([...there, ...others])].toSorted(byBytes))
        expect(await hashes.of(name)).toBe(there.includes(name) ? `hash of ${name}` : undefined);
    }),
  );
});

test('one that is asked for out of order is not known, and is never another one', async () => {
  const hashes = new StoredHashes(listed(['a', 'b', 'c']));
  expect(await hashes.of('c')).toBe('hash of c');
  expect(await hashes.of('a')).toBeUndefined();
});
