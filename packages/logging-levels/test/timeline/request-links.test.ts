import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/index.ts';
import { timelineOf } from '../../src/timeline.ts';

const id = (number: number): string => `req-00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

interface Link {
  readonly one: number;
  readonly other: number;
  readonly by: 'global id' | 'client';
}

const recordOf = ({ one, other, by }: Link): LogRecord => ({
  at: '2026-11-30 03:12:00.000',
  pid: '7',
  level: 'debug',
  logger: 'keystoneauth.session',
  requestId: id(one),
  globalRequestId: by === 'global id' ? id(other) : undefined,
  message: by === 'client' ? `GET call to network for http://a/b used request id ${id(other)}` : 'said',
  more: [],
  line: 1,
});

/** Every id that is reached from one, whatever the direction of a link: by repeating until nothing is new. */
function reached(from: number, links: readonly Link[]): Set<number> {
  const found = new Set([from]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { one, other } of links) {
      if (found.has(one)) found.add(other);
      if (found.has(other)) found.add(one);
    }
  }
  return found;
}

test('all that is linked is found, and nothing else, in whatever order and place the links are read', async () => {
  const aLink = fc.record({
    one: fc.nat(12),
    other: fc.nat(12),
    by: fc.constantFrom<'global id' | 'client'>('global id', 'client'),
  });
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(aLink, fc.nat(2)), { minLength: 1, maxLength: 14 }),
      async (placed) => {
        const links = placed.map(([link]) => link);
        const sources = [0, 1, 2].map((place) => ({
          service: `service-${place}`,
          records: placed.filter(([, at]) => at === place).map(([link]) => recordOf(link)),
        }));
        const { value } = await timelineOf(id(0), { sources });
        const expected = reached(0, links);
        longest = Math.max(longest, expected.size);
        // Requests are seen where they say something of their own: the global id alone is nobody's record.
        const saying = new Set(links.flatMap(({ one }) => (expected.has(one) ? [id(one)] : [])));
        const seen = new Set(
          value.spans.flatMap(({ requests }) => requests.map(({ requestId }) => requestId)),
        );
        expect(seen).toEqual(saying);
      },
    ),
    { numRuns: 500 },
  );
  expect(longest).toBeGreaterThan(6);
});
