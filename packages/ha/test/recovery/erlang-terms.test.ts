import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ErlangTermError, parseNodeLists } from '../../src/components/rabbitmq/erlang-terms.ts';

// As RabbitMQ 3.10 wrote them.
const RAN = "['rabbit-1@127.0.0.1','rabbit-2@127.0.0.1'].\n";
const KNOWN = "{['rabbit-1@127.0.0.1','rabbit-2@127.0.0.1'],['rabbit-1@127.0.0.1']}.\n";

test('lists of nodes are read', () => {
  expect(parseNodeLists(RAN)).toEqual([['rabbit-1@127.0.0.1', 'rabbit-2@127.0.0.1']]);
  expect(parseNodeLists(KNOWN)).toEqual([
    ['rabbit-1@127.0.0.1', 'rabbit-2@127.0.0.1'],
    ['rabbit-1@127.0.0.1'],
  ]);
  expect(parseNodeLists('[rabbit@host1, rabbit@host2].')).toEqual([['rabbit@host1', 'rabbit@host2']]);
  expect(parseNodeLists('[].')).toEqual([[]]);
  expect(parseNodeLists(String.raw`['it\'s@x'].`)).toEqual([["it's@x"]]);
});

test.each([RAN, KNOWN])('cut anywhere, it is the whole or nothing', (text) => {
  for (let length = 0; length < text.trimEnd().length; length += 1)
    expect(() => parseNodeLists(text.slice(0, length)), `${length} characters`).toThrow(ErlangTermError);
});

test.each([
  ['nothing', ''],
  ['zeroes', '\0'.repeat(40)],
  ['something huge', `[${'a,'.repeat(60_000)}a].`],
  ['another term', '{rabbit,[{a,1}]}.'],
])('%s is no answer', (_, text) => {
  expect(() => parseNodeLists(text)).toThrow(ErlangTermError);
});

test('of rubbish nothing else is thrown, and nothing is made up', () => {
  fc.assert(
    fc.property(
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.nat(KNOWN.length),
      (text, at) => {
        // What an escape stands for is not in the text itself.
        const rubbish = KNOWN.slice(0, at) + text.replaceAll('\\', '/') + KNOWN.slice(at);
        expect(namesIn(rubbish).every((name) => rubbish.includes(name.split("'")[0] ?? ''))).toBe(true);
      },
    ),
  );
});

/** None of what is refused in the right way. */
function namesIn(text: string): string[] {
  try {
    return parseNodeLists(text).flat();
  } catch (error) {
    if (error instanceof ErlangTermError) return [];
    throw error;
  }
}
