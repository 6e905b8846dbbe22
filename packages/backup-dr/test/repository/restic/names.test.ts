import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, MARK, nameOf, tagsOf, tagWords } from '../../../src/repository/restic/names.ts';
import { ODD_NAMES } from '../engine-contract.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });

test.each(ODD_NAMES.map((name) => [name]))('%j is one word of one line, and comes back', (name) => {
  expect(fileOf(name)).toMatch(/^[\w.%-]+$/);
  expect(['.', '..']).not.toContain(fileOf(name));
  expect(nameOf(fileOf(name))).toBe(name);
});

test('every name comes back, and no two have one file', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(nameOf(fileOf(one))).toBe(one);
      expect(fileOf(one) === fileOf(other)).toBe(one === other);
    }),
  );
});

test('what was never made of a name is none', () => {
  for (const file of ['', 'a/b', 'a b', '%2f', '%41', '%FF', '%zz', 'ü', '.', '..', '%%', '%2'])
    expect([file, nameOf(file)]).toEqual([file, undefined]);
});

test('a name that UTF-8 cannot hold, and one that is too long, are refused', () => {
  expect(() => fileOf('\ud83d')).toThrow(expect.objectContaining({ code: 'input', field: 'name' }));
  expect(() => fileOf('ü'.repeat(513))).toThrow(expect.objectContaining({ code: 'input', field: 'name' }));
  expect(fileOf('ü'.repeat(512))).toHaveLength(512 * 6);
  expect(() => tagWords({ server: '\udc00' })).toThrow(expect.objectContaining({ field: 'tags.server' }));
});

test('tags come back whatever they hold, though restic splits them at commas and leaves blanks out', () => {
  // As `splitTagList` of restic's internal/restic/tag_list.go does, and `Flatten`, which leaves out empty ones.
  const asRestic = (words: readonly string[]): string[] =>
    words.flatMap((word) => word.split(',').map((part) => part.trim())).filter((part) => part !== '');
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'server', 'x-1'), text), (tags) => {
      expect(tagsOf(asRestic([MARK, ...tagWords(tags)]))).toMatchObject({ ...tags });
    }),
  );
});

test('names of tags are plain, and ours are not given by others', () => {
  for (const name of ['', 'A', 'a b', 'a=b', '1a', 'groundcrew', 'groundcrew-empty', 'ä'])
    expect(() => tagWords({ [name]: 'x' })).toThrow(expect.objectContaining({ field: `tags.${name}` }));
});

test('a snapshot without our mark is not ours; what a person added to one of ours is passed over', () => {
  expect(tagsOf(['kind=manifest'])).toBeUndefined();
  expect(tagsOf([MARK, 'kind=manifest', 'Important!', 'keep', '=x', 'a=b c'])).toEqual({ kind: 'manifest' });
});
