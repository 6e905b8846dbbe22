import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archivePath, objectName } from '../../src/objects/archive-path.ts';

/** Parts that paths are made of, and any text. */
const names = fc
  .array(
    fc.oneof(
      fc.constantFrom('', '.', '..', '%', '%2E', '%25', '%%', 'a', '/'),
      fc.string({ unit: 'grapheme' }),
    ),
    {
      minLength: 1,
    },
  )
  .map((parts) => parts.join('/'));

test('every name has a path of its own, which stays in its folder and tells the name', () => {
  fc.assert(
    fc.property(names, (name) => {
      const path = archivePath(name);
      expect(objectName(path)).toBe(name);
      for (const part of path.split('/')) expect(['', '.', '..']).not.toContain(part);
    }),
    { numRuns: 1_000 },
  );
});

test('a path that no object has is none', () => {
  const paths = ['../a', '/a', 'a//b', 'a/', './a', '%41', 'a/%2e', '%2', '%%'];
  expect(paths.map(objectName)).toEqual(paths.map(() => undefined));
  expect(['%', 'a/%', '%2E', '%25'].map(objectName)).toEqual(['', 'a/', '.', '%']);
});
