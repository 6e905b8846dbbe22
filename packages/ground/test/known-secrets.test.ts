import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { knownSecretsMask } from '../src/index.ts';

// What each service's encoding is, is tested where it is met: packages/core/test/foreign/echoed-secrets.test.ts.

test('what overlaps goes as a whole, and nothing else does', () => {
  const mask = knownSecretsMask(['alpha-beta', 'beta-gamma', 'alpha'], { shortest: 1 });
  expect(mask('x alpha-beta-gamma alpha.')).toBe('x *** ***.');
  expect(knownSecretsMask(['none of it'])('nova: all is well')).toBe('nova: all is well');
  expect(knownSecretsMask([])('password = pw')).toBe('password = pw');
});

test('too short to be found in words, unless it was named', () => {
  expect(knownSecretsMask(['a'])('a plan')).toBe('a plan');
  expect(knownSecretsMask(['a', ''], { shortest: 1 })('a plan')).toBe('*** pl***n');
});

test.each([
  ['raw', String.raw`%\77kk`],
  ['in JSON', String.raw`%\\77kk`],
  ['in a URL', '%25%5C77kk'],
  ['in HTML', '&#37;&#92;77kk'],
])('what looks like escapes itself, and is little once they are undone: %s', (_, encoded) => {
  expect(knownSecretsMask([String.raw`%\77kk`])(`before [${encoded}] after, wkk`)).toBe(
    'before [***] after, wkk',
  );
});

test.each([
  ['URLs', encodeURIComponent],
  ['HTML', (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
])('four layers of the encoding of %s are undone, and no fifth', (_, encoded) => {
  const mask = knownSecretsMask(['p&ss"word']);
  const layers = (count: number): string => (count === 0 ? 'p&ss"word' : encoded(layers(count - 1)));
  for (const count of [1, 2, 3, 4]) expect(mask(`[${layers(count)}]`)).toBe('[***]');
  expect(mask(`[${layers(5)}]`)).toBe(`[${layers(5)}]`);
});

test('property: in each encoding, nothing of it is left, and what stands around it stays', () => {
  // Characters that no encoding leaves alone among those that all do; none that stands around it.
  const secret = fc.string({
    minLength: 6,
    maxLength: 24,
    unit: fc.constantFrom(...`k 7 Q " \\ % & < > ä`.split(' '), ' '),
  });
  const encodings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify(text).slice(1, -1),
    encodeURIComponent,
    (text) => text.replaceAll(/[^\w ]/gu, (one) => `&#${one.codePointAt(0)};`),
    (text) => Buffer.from(`u:${text}`).toString('base64'),
  ];
  fc.assert(
    fc.property(
      // A backslash at its end is told from one behind it in no encoding that escapes it.
      secret.filter((one) => /[k7Q]{4}/.test(one) && !/^\\|\\$/.test(one)),
      fc.constantFrom(...encodings),
      (word, encoded) => {
        const shown = knownSecretsMask([word])(`before [${encoded(word)}] after`);
        expect(shown).toMatch(/^before \[\*\*\*\] after$/);
      },
    ),
    { numRuns: 500 },
  );
});
