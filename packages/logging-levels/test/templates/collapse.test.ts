import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collapse } from '../../src/templates/collapse.ts';
import { shapeWith, wordsOf } from '../../src/templates/words.ts';

/** `a`, `b`, … `aa`: words without a digit. */
const name = (number: number): string =>
  (number > 25 ? name(Math.floor(number / 26) - 1) : '') + String.fromCodePoint(97 + (number % 26));
const names = (count: number): string[] => Array.from({ length: count }, (_, number) => name(number));

test('more different words than that at one place vary; as many do not', () => {
  const shapes = names(51).map((user) => `Invalid user ${user} from <*>`);
  const all = [...new Set(collapse(shapes, 50).values())];
  expect(all).toEqual(['Invalid user <*> from <*>']);
  expect(collapse(shapes, 50).size).toBe(51);
  expect(collapse(shapes.slice(1), 50).size).toBe(0);
});

// Drain3 has two templates of these, whichever comes first (logpai/Drain3 66): a name with a digit is a value to its masks.
test('a value at the place of a name is one of them', () => {
  const shapes = [...names(51).map((user) => `Invalid user ${user} from <*>`), 'Invalid user <*> from <*>'];
  expect(new Set(shapes.map((shape) => collapse(shapes, 50).get(shape) ?? shape))).toEqual(
    new Set(['Invalid user <*> from <*>']),
  );
});

// Drain gives no template of these: `user=mike ip=unknown-ip-addr cmd=Shutting down the object store` (logpai/Drain3 17).
test('places with few words stay apart from those with many', () => {
  const shapes = names(60).flatMap((user) => [
    `user=${user} ip=unknown-ip-addr cmd=Metastore shutdown complete`,
    `user=${user} ip=unknown-ip-addr cmd=Shutting down the object store`,
  ]);
  expect(new Set(collapse(shapes, 50).values())).toEqual(
    new Set([
      'user=<*> ip=unknown-ip-addr cmd=Metastore shutdown complete',
      'user=<*> ip=unknown-ip-addr cmd=Shutting down the object store',
    ]),
  );
});

test('only messages that are equal otherwise count together', () => {
  const shapes = names(60).map((user, index) => `User ${user} logged ${index % 2 === 0 ? 'in' : 'out'}`);
  expect(collapse(shapes, 50).size).toBe(0);
  expect(collapse(shapes, 29).size).toBe(60);
});

test('two names in one message both vary', () => {
  const shapes = names(60).map((user, index) => `User ${user} on host ${name(index + 100)}`);
  expect([...new Set(collapse(shapes, 50).values())]).toEqual(['User <*> on host <*>']);
});

test('different messages of one logger stay what they are: a message keeps one word at least', () => {
  const shapes = names(200);
  expect(collapse(shapes, 50).size).toBe(0);
  expect(
    collapse(
      shapes.map((word) => `${word} = <*>`),
      50,
    ).size,
  ).toBe(0);
  expect(collapse([], 50).size).toBe(0);
});

test('any order gives the same, and what is collapsed is its template with words in it', () => {
  const shape = fc
    .tuple(fc.constantFrom(...names(8)), fc.constantFrom('in', 'out'), fc.constantFrom(...names(8), '<*>'))
    .map(([one, two, three]) => `User ${one}, logged ${two}: ${three}`);
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 60 }), fc.integer({ min: 2, max: 9 }), (shapes, above) => {
      const result = collapse(shapes, above);
      const reverse = collapse(shapes.toReversed(), above);
      expect(Object.fromEntries(reverse)).toEqual(Object.fromEntries(result));
      for (const [from, to] of result) {
        const [before, after] = [wordsOf(from), wordsOf(to)];
        expect(after.frame).toBe(before.frame);
        expect(after.words.map((word, place) => (word === '<*>' ? before.words[place] : word))).toEqual(
          before.words,
        );
      }
    }),
    { numRuns: 500, seed: 12 },
  );
});

test('a shape is cut and put together again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<*>', 'a', 'ä\0', ' ', '=', '<', '*', '>', '"', "it's")),
      (pieces) => {
        const text = pieces.join('');
        const cut = wordsOf(text);
        expect(shapeWith(cut, cut.words)).toBe(text);
      },
    ),
    { numRuns: 2_000, seed: 12 },
  );
});

test('five thousand long shapes, each different from the next in another place, take seconds and not minutes', () => {
  const shapes = names(5_000).map((word, index) => {
    const words = Array.from({ length: 200 }, () => 'w');
    words[index % 200] = word;
    words[(index * 7) % 200] = name(index % 97);
    return words.join(' ');
  });
  // The processor's time: others may be at work.
  const before = process.cpuUsage();
  collapse(shapes, 50);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(10_000);
});
