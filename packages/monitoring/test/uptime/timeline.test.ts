import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationsOf } from '../../src/uptime/availability.ts';
import type { UptimeClaim } from '../../src/uptime/runs.ts';
import { type Stretch, timelineOf } from '../../src/uptime/timeline.ts';

const claim = (
  state: UptimeClaim['state'],
  earliest: number,
  latest = earliest,
  source = 'poll',
): UptimeClaim => ({
  id: `${source}:${state}:${earliest}:${latest}`,
  state,
  earliest,
  latest,
  source,
  text: `${source} at ${latest}`,
});

const seen = (
  claims: readonly UptimeClaim[],
  more: Partial<Parameters<typeof timelineOf>[1]> = {},
): [Stretch['state'], number, number][] =>
  timelineOf(claims, { from: 0, to: 100, staleness: 30, skew: 0, exclude: [], ...more }).map(
    ({ state, from, to }) => [state, from, to],
  );

describe('what was seen', () => {
  test('holds between two observations that are close, and not a moment longer', () => {
    expect(seen([claim('up', 10), claim('up', 40)])).toEqual([
      ['unknown', 0, 10],
      ['up', 10, 40],
      ['unknown', 40, 100],
    ]);
    expect(seen([claim('up', 10), claim('up', 41)])).toEqual([['unknown', 0, 100]]);
  });

  test('a change between two polls is unknown from the one to the other, unless its own time is known', () => {
    const polls = [claim('up', 0), claim('up', 20), claim('down', 40), claim('down', 60)];
    expect(seen(polls, { to: 60 })).toEqual([
      ['up', 0, 20],
      ['unknown', 20, 40],
      ['down', 40, 60],
    ]);
    const stop = [claim('up', 25, 25, 'action'), claim('down', 27, 27, 'action')];
    expect(seen([...stop, ...polls], { to: 60 })).toEqual([
      ['up', 0, 25],
      ['unknown', 25, 27],
      ['down', 27, 60],
    ]);
  });

  test('a poll that was under way while the server stopped belongs before the stop', () => {
    const stop = [claim('up', 30, 30, 'action'), claim('down', 32, 32, 'action')];
    expect(
      seen([claim('up', 5), ...stop, claim('up', 25, 34), claim('down', 50)], { from: 5, to: 50 }),
    ).toEqual([
      ['up', 5, 30],
      ['unknown', 30, 32],
      ['down', 32, 50],
    ]);
  });

  test('sources that disagree leave it unknown: it is no average', () => {
    const polls = [0, 10, 20, 30].map((at) => claim('up', at));
    const probes = [5, 15, 25].map((at) => claim('down', at, at, 'probe'));
    expect(seen([...polls, ...probes], { to: 30 })).toEqual([['unknown', 0, 30]]);
  });

  test('a reboot between two polls that both saw it up', () => {
    const reboot = [claim('unknown', 12, 18, 'action'), claim('up', 18, 18, 'action')];
    expect(seen([claim('up', 0), claim('up', 12), ...reboot, claim('up', 20)], { to: 20 })).toEqual([
      ['up', 0, 12],
      ['unknown', 12, 18],
      ['up', 18, 20],
    ]);
    // A poll in between that saw it up does not say that it was up before.
    expect(seen([claim('up', 0), claim('up', 15), ...reboot, claim('up', 20)], { to: 20 })).toEqual([
      ['up', 0, 12],
      ['unknown', 12, 18],
      ['up', 18, 20],
    ]);
  });

  test('before the creation and after the deletion the time is excluded, however far away they were seen', () => {
    const claims = [
      claim('not-created', 20, 20, 'action'),
      claim('up', 25),
      claim('up', 50),
      claim('deleted', 60, 60, 'action'),
    ];
    expect(seen(claims, { to: 1_000 })).toEqual([
      ['excluded', 0, 20],
      ['unknown', 20, 25],
      ['up', 25, 50],
      ['unknown', 50, 60],
      ['excluded', 60, 1_000],
    ]);
    // What was before is purged: nobody knows that it was not there.
    expect(seen([claim('deleted', 60)])).toEqual([
      ['unknown', 0, 60],
      ['excluded', 60, 100],
    ]);
  });

  test('a source that looked all the while need not be kept all the while', () => {
    const long = { ...claim('up', 90), since: 5 };
    expect(seen([claim('up', 5), long])).toEqual([
      ['unknown', 0, 5],
      ['up', 5, 90],
      ['unknown', 90, 100],
    ]);
    // Its beginning lies before what was read.
    expect(seen([long])).toEqual(seen([claim('up', 5), long]));
    // Somebody else saw it down meanwhile: the two disagree from there on.
    expect(seen([claim('up', 5), claim('down', 50, 50, 'probe'), long])).toEqual([['unknown', 0, 100]]);
  });

  test('clocks apart: each bound moves by the skew', () => {
    expect(seen([claim('up', 10), claim('up', 40)], { skew: 3 })).toEqual([
      ['unknown', 0, 13],
      ['up', 13, 37],
      ['unknown', 37, 100],
    ]);
  });

  test('maintenance is excluded, whatever was seen; windows that overlap are one', () => {
    const claims = [claim('up', 0), claim('up', 30), claim('up', 60), claim('up', 90)];
    const exclude = [
      { from: 50, to: 60 },
      { from: 40, to: 55 },
      { from: 85, to: 200 },
    ];
    expect(seen(claims, { exclude })).toEqual([
      ['up', 0, 40],
      ['excluded', 40, 60],
      ['up', 60, 85],
      ['excluded', 85, 100],
    ]);
  });

  test('Nova notices a guest that shut itself down late: the last sync is the last that is known', () => {
    const polls = [600, 660, 720].map((at) => claim('up', at - 600, at));
    const later = [780, 1440, 1500].map((at) => claim('down', at - 600, at));
    expect(seen([...polls, ...later], { to: 1_500, staleness: 900 })).toEqual([
      ['unknown', 0, 780],
      ['down', 780, 900],
      ['unknown', 900, 1_500],
    ]);
  });
});

/** A true history: the states in turn, each with its length, and evidence as unlucky as can be. */
const STALENESS = 30;
const WIDTH = 20;
const SKEW = 3;

interface World {
  readonly truth: readonly { readonly up: boolean; readonly from: number; readonly to: number }[];
  readonly evidence: readonly UptimeClaim[];
  readonly exclude: readonly { readonly from: number; readonly to: number }[];
}

const worlds: fc.Arbitrary<World> = fc
  .record({
    first: fc.boolean(),
    // A short state is one whose beginning and end are told of; a long one may lose both.
    dwells: fc.array(
      fc.record({
        isShort: fc.boolean(),
        length: fc.nat({ max: 200 }),
        hasChange: fc.boolean(),
        early: fc.nat({ max: 4 }),
        late: fc.nat({ max: 4 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    polls: fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 25 }),
        lost: fc.boolean(),
        lag: fc.nat({ max: WIDTH }),
        twice: fc.boolean(),
      }),
      { maxLength: 80 },
    ),
    hasLag: fc.boolean(),
    offset: fc.integer({ min: -SKEW, max: SKEW }),
    order: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
    exclude: fc.array(
      fc
        .tuple(fc.nat({ max: 600 }), fc.nat({ max: 100 }))
        .map(([from, length]) => ({ from, to: from + length })),
      { maxLength: 3 },
    ),
  })
  .map(({ first, dwells, polls, hasLag, offset, order, exclude }) => {
    const truth: { up: boolean; from: number; to: number }[] = [];
    const evidence: UptimeClaim[] = [];
    let at = 0;
    const isShort = (index: number): boolean =>
      index > 0 && index < dwells.length - 1 && (dwells[index]?.isShort ?? false);
    for (const [index, { length, hasChange, early, late }] of dwells.entries()) {
      const up = first === (index % 2 === 0);
      const from = at;
      at += isShort(index) ? 1 + (length % 20) : STALENESS + WIDTH + 2 * SKEW + 8 + length;
      truth.push({ up, from, to: at });
      if (index === 0 || !(hasChange || isShort(index) || isShort(index - 1))) continue;
      const skewed = from + offset;
      // The changes of one server do not overlap: Nova locks it meanwhile.
      const before = truth.at(-2)?.from ?? from;
      const begun = skewed - Math.min(early, Math.floor((from - before) / 2));
      const ended = skewed + Math.min(late, Math.floor((at - from) / 2));
      const change = [up ? 'down' : 'up', up ? 'up' : 'down'] as const;
      evidence.push(
        { ...claim(change[0], begun, skewed, 'action'), id: `change-${index}-a` },
        { ...claim(change[1], skewed, ended, 'action'), id: `change-${index}-b` },
      );
    }
    let polled = 0;
    let moment = 0;
    for (const { after, lost, lag, twice } of polls) {
      polled += after;
      if (polled > at) break;
      // What Nova says is as old as its last look at the guest, and never older than what it said before.
      moment = Math.max(moment, hasLag ? polled - lag : polled);
      const state = truth.find(({ from, to }) => from <= moment && moment < to)?.up;
      if (lost || state === undefined) continue;
      const said = claim(state ? 'up' : 'down', polled - (hasLag ? WIDTH : 0), polled);
      evidence.push(said);
      if (twice) evidence.push(said);
    }
    const keys = new Map(evidence.map((one) => [one, order.next().value as number]));
    return { truth, exclude, evidence: evidence.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0)) };
  });

describe('random histories, of which evidence is lost, doubled, late and out of order', () => {
  test('the true state is never contradicted, and the true share lies between the bounds', () => {
    let certain = 0;
    fc.assert(
      fc.property(worlds, ({ truth, evidence, exclude }) => {
        const end = truth.at(-1)?.to ?? 0;
        const stretches = timelineOf(evidence, {
          from: 0,
          to: end,
          staleness: STALENESS,
          skew: SKEW,
          exclude,
        });
        expect(stretches.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(end);
        for (const { state, from, to } of stretches) {
          if (state !== 'up' && state !== 'down') continue;
          certain += to - from;
          const real = truth.filter((each) => each.from < to && each.to > from);
          expect(new Set(real.map(({ up }) => up)), `${from} to ${to}`).toEqual(new Set([state === 'up']));
        }
        // By the millisecond, apart from the code under test.
        let [up, counted] = [0, 0];
        for (const real of truth)
          for (let at = real.from; at < real.to; at += 1) {
            if (exclude.some((window) => window.from <= at && at < window.to)) continue;
            counted += 1;
            if (real.up) up += 1;
          }
        const { upMs, downMs, unknownMs } = durationsOf(stretches);
        expect(upMs + downMs + unknownMs).toBe(counted);
        expect(upMs).toBeLessThanOrEqual(up);
        expect(upMs + unknownMs).toBeGreaterThanOrEqual(up);
      }),
      { numRuns: 5_000 },
    );
    expect(certain).toBeGreaterThan(10_000);
  });

  test('the order of arrival does not matter, nor does a second delivery', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), ({ evidence, exclude }, turn) => {
        const options = { from: 0, to: 900, staleness: STALENESS, skew: SKEW, exclude };
        const once = [...new Map(evidence.map((one) => [one.id, one])).values()];
        const turned = [...once.slice(turn % (once.length + 1)), ...once.slice(0, turn % (once.length + 1))];
        expect(timelineOf(turned.toReversed(), options)).toEqual(timelineOf(once, options));
        const states = (list: readonly Stretch[]) => list.map(({ state, from, to }) => [state, from, to]);
        expect(states(timelineOf(evidence, options))).toEqual(states(timelineOf(once, options)));
      }),
    );
  });

  test('of exact evidence the unknown time is the time that nobody saw, to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 500 }), { maxLength: 60 }),
        fc.infiniteStream(fc.boolean()),
        (times, ups) => {
          const claims = times.map((at) => claim((ups.next().value as boolean) ? 'up' : 'down', at));
          let unseen = 0;
          for (let at = 0; at < 500; at += 1) {
            const before = claims
              .filter(({ latest }) => latest <= at)
              .toSorted((a, b) => b.latest - a.latest)[0];
            const after = claims
              .filter(({ latest }) => latest > at)
              .toSorted((a, b) => a.latest - b.latest)[0];
            const isSeen =
              before !== undefined &&
              after !== undefined &&
              before.state === after.state &&
              after.latest - before.latest <= STALENESS;
            if (!isSeen) unseen += 1;
          }
          const stretches = timelineOf(claims, {
            from: 0,
            to: 500,
            staleness: STALENESS,
            skew: 0,
            exclude: [],
          });
          expect(durationsOf(stretches).unknownMs).toBe(unseen);
        },
      ),
    );
  });
});
