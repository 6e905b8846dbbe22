import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UptimeEvidence } from '../../src/uptime.ts';
import { EvidenceKeeper } from '../../src/uptime/keeper.ts';
import { timelineOf } from '../../src/uptime/timeline.ts';

const LONGEST = 30;

const poll = (at: number, state: 'up' | 'down'): UptimeEvidence => ({
  id: `poll-${at}`,
  subject: { server: 'a' },
  state,
  earliest: at,
  latest: at,
  source: 'poll',
});

test('a day of the same is a few pieces, and each poll is told of in the end', () => {
  const keeper = new EvidenceKeeper({ keep: 100, longest: LONGEST });
  const kept = Array.from({ length: 100 }, (_, index) => keeper.take(poll(index * 10, 'up'))).flat();
  expect(kept.map(({ latest }) => latest)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  expect(keeper.rest()).toMatchObject([{ latest: 990, since: 900 }]);
  expect(keeper.rest()).toEqual([]);
});

test('what is thinned out says exactly what all of it says', () => {
  const polls = fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 40 }), up: fc.boolean(), stay: fc.nat(9) }),
    {
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(polls, fc.integer({ min: 1, max: 200 }), (given, keep) => {
      let at = 0;
      let state: 'up' | 'down' = 'up';
      const all = given.map(({ after, up, stay }) => {
        at += after;
        if (stay === 0) state = up ? 'up' : 'down';
        return poll(at, state);
      });
      const keeper = new EvidenceKeeper({ keep, longest: LONGEST });
      const kept = all.flatMap((each) => keeper.take(each));
      kept.push(...keeper.rest());
      expect(kept.length).toBeLessThanOrEqual(all.length);
      const options = { from: 0, to: at + 50, staleness: LONGEST, skew: 0, exclude: [] };
      const states = (claims: readonly UptimeEvidence[]): unknown =>
        timelineOf(claims, options).map((each) => [each.state, each.from, each.to]);
      expect(states(kept)).toEqual(states(all));
    }),
    { numRuns: 1_000 },
  );
});
