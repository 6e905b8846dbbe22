import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PointList, RecoveryPoint, RetentionOptions, StoredStream } from '../../src/repository.ts';
import { retentionPlan } from '../../src/repository/retention-plan.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const DAY = 86_400_000;

function pointOf(
  id: string,
  day: number,
  streams: readonly string[],
  more: Partial<RecoveryPoint> = {},
): RecoveryPoint {
  return {
    id,
    at: new Date(NOW - day * DAY).toISOString(),
    writtenAt: new Date(NOW - day * DAY).toISOString(),
    labels: { project: 'shop' },
    completeness: 'complete',
    gaps: [],
    streams: streams.map((stream) => ({
      name: stream,
      id: stream,
      size: 1,
      sha256: 'a'.repeat(64),
      tags: {},
    })),
    contents: undefined,
    isNewer: false,
    manifests: [`m-${id}`],
    ...more,
  };
}

const listOf = (points: readonly RecoveryPoint[], more: Partial<PointList> = {}): PointList => ({
  points,
  broken: [],
  unreadable: [],
  strays: [],
  gaps: [],
  ...more,
});

const stray = (id: string, days: number | undefined): StoredStream => ({
  id,
  name: id,
  tags: { point: 'unfinished' },
  ...(days === undefined ? {} : { at: new Date(NOW - days * DAY).toISOString() }),
});

test('what goes, what stays, and why', () => {
  const list = listOf([pointOf('new', 0, ['a', 'shared']), pointOf('old', 3, ['b', 'shared'])]);
  expect(retentionPlan(list, { keep: { last: 1 } }, NOW)).toEqual({
    ok: true,
    plan: {
      at: '2026-11-30T12:00:00.000Z',
      keep: [{ point: 'new', because: ['last', 'newest-complete'] }],
      forget: [{ point: 'old', at: '2026-11-27T12:00:00.000Z', manifests: ['m-old'], streams: ['b'] }],
      strays: [],
    },
  });
});

test('without rules only strays go, and only old ones', () => {
  const list = listOf([pointOf('old', 300, ['a'])], {
    strays: [
      { point: 'unfinished', streams: [stray('x', 9), stray('y', 8)] },
      { point: 'at work', streams: [stray('x', 9), stray('y', 1)] },
      { point: 'no age', streams: [stray('z', undefined)] },
    ],
  });
  expect(retentionPlan(list, {}, NOW)).toMatchObject({
    plan: {
      keep: [{ point: 'old', because: [] }],
      forget: [],
      strays: [{ point: 'unfinished', streams: ['x', 'y'] }],
    },
  });
});

test('points of others, of newer releases and broken ones stay; a broken one goes if it is named', () => {
  const list = listOf(
    [
      pointOf('other', 90, ['o'], { labels: { project: 'mail' } }),
      pointOf('newer', 80, ['n'], { isNewer: true }),
      pointOf('old', 70, ['x']),
      pointOf('new', 1, ['y']),
    ],
    { broken: [{ point: pointOf('broken', 60, ['z', 'lost']), missing: ['lost'] }] },
  );
  const options = { keep: { last: 1 }, labels: { project: 'shop' } };
  const planned = retentionPlan(list, options, NOW);
  expect(planned).toMatchObject({ plan: { forget: [{ point: 'old' }] } });
  expect(retentionPlan(list, { ...options, forget: ['broken'] }, NOW)).toMatchObject({
    plan: { forget: [{ point: 'old' }, { point: 'broken', streams: ['z', 'lost'] }] },
  });
});

const REFUSED: readonly (readonly [Partial<PointList>, RetentionOptions, string])[] = [
  [
    { unreadable: [{ manifest: 'm', point: 'p', why: 'damaged', isNewer: false }] },
    {},
    'manifest-unreadable',
  ],
  [{ gaps: ['could not load snapshot 1a2b3c4d: invalid data'] }, {}, 'not-all-seen'],
  [{}, { forget: ['none'] }, 'no-such-point'],
  [{ points: [pointOf('newer', 1, ['n'], { isNewer: true })] }, { forget: ['newer'] }, 'newer-point'],
];

test.each(REFUSED)('%j with %j is refused: %s', (more, options, code) => {
  expect(retentionPlan(listOf([], more), { keep: { last: 1 }, ...options }, NOW)).toMatchObject({
    ok: false,
    refusals: [{ code, reason: expect.any(String) }],
  });
});

test('law: nothing that a point which stays needs is removed, whatever points share', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const some = fc.array(
    fc.record({
      day: fc.integer({ min: -2, max: 60 }),
      streams: fc.uniqueArray(ids, { maxLength: 5 }),
      isNewer: fc.boolean(),
      isBroken: fc.boolean(),
      project: fc.constantFrom('shop', 'mail'),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(some, fc.nat(3), fc.nat(3), fc.boolean(), (drafts, last, weekly, all) => {
      const made = drafts.map(({ day, streams, isNewer, isBroken, project }, at) => ({
        point: pointOf(`p${at}`, day, streams, { isNewer, labels: { project } }),
        isBroken,
      }));
      const list = listOf(
        made.filter(({ isBroken }) => !isBroken).map(({ point }) => point),
        { broken: made.filter(({ isBroken }) => isBroken).map(({ point }) => ({ point, missing: ['?'] })) },
      );
      const planned = retentionPlan(
        list,
        { keep: { last: last + 1, weekly }, ...(all ? {} : { labels: { project: 'shop' } }) },
        NOW,
      );
      const plan = planned.ok ? planned.plan : undefined;
      const going = new Set(plan?.forget.map(({ point }) => point));
      const removed = new Set(plan?.forget.flatMap(({ streams, manifests }) => [...streams, ...manifests]));
      const staying = made.map(({ point }) => point).filter(({ id }) => !going.has(id));
      const needed = staying.flatMap((point) => [...point.streams.map(({ id }) => id), ...point.manifests]);
      expect(plan).toBeDefined();
      expect(needed.filter((id) => removed.has(id))).toEqual([]);
      expect(staying.length === 0).toBe(made.length === 0);
      expect(
        made.filter(({ point, isBroken }) => (point.isNewer || isBroken) && going.has(point.id)),
      ).toEqual([]);
    }),
  );
});
