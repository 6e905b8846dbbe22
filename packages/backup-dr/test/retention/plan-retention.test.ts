import type { Plan } from '@groundcrew/runbook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  planRetention,
  type PlanRetentionOptions,
  pointsToKeep,
  protect,
  type RetentionPolicy,
  type RetentionRules,
} from '../../src/backup.ts';
import type { ProofRecords } from '../../src/prove.ts';
import type { PointList } from '../../src/repository.ts';
import { DAY, listOf, NOW, pointOf, strayOf } from './points.ts';

const NO_PROOFS: ProofRecords = { entries: [], unreadable: [] };
const proofOf = (point: string, ok = true, days = 1) =>
  ({
    at: new Date(NOW - days * DAY).toISOString(),
    project: 'shop',
    point,
    kind: 'read-back',
    ok,
  }) as const;

const planned = (policy: RetentionPolicy, points: PointList, more: Partial<PlanRetentionOptions> = {}) =>
  planRetention(policy, { points, proofs: NO_PROOFS, now: NOW, ...more });

/** What a plan would do, and what it says of the rest. */
function read(plan: Plan) {
  const inputs = plan.inputs as {
    readonly stays: readonly { readonly point: string; readonly because: readonly string[] }[];
  };
  const steps = plan.steps.map(({ input }) => input as Record<string, unknown>);
  const swept = (steps.at(-1)?.['points'] ?? []) as readonly {
    readonly point: string;
    readonly streams: readonly string[];
  }[];
  return {
    stays: Object.fromEntries(inputs.stays.map(({ point, because }) => [point, because])),
    goes: steps.slice(0, -1).map(({ point }) => String(point)),
    manifests: steps.slice(0, -1).flatMap(({ manifests }) => manifests as readonly string[]),
    swept: Object.fromEntries(swept.map(({ point, streams }) => [point, streams])),
  };
}

function planOf(
  policy: RetentionPolicy,
  points: PointList,
  more: Partial<PlanRetentionOptions> = {},
): ReturnType<typeof read> {
  const answer = planned(policy, points, more);
  if (!answer.ok) throw new TypeError(answer.refusals[0].reason);
  return read(answer.plan);
}

test('what goes, what stays, and why', () => {
  const list = listOf([pointOf('new', 0, ['a', 'shared']), pointOf('old', 3, ['b', 'shared'])]);
  expect(planOf(protect({ project: 'shop', rpo: '4h', keep: { last: 1 } }), list)).toEqual({
    stays: { new: ['last', 'newest-complete'] },
    goes: ['old'],
    manifests: ['m-old'],
    swept: { old: ['b'] },
  });
  const answer = planned({ keep: { last: 1 } }, list);
  expect(answer).toMatchObject({
    plan: {
      steps: [
        {
          title: 'Forget point old of shop, made at 2026-11-27T12:00:00.000Z',
          rollback: 'none',
          onFailure: 'continue',
        },
        { id: 'sweep', after: ['forget-old'], rollback: 'none' },
      ],
    },
  });
});

test('without rules only strays go, and only old ones; there is always a step that frees space', () => {
  const list = listOf([pointOf('old', 300, ['a'])], {
    strays: [
      { point: 'unfinished', streams: [strayOf('x', 9), strayOf('y', 8)] },
      { point: 'at work', streams: [strayOf('x', 9), strayOf('y', 1)] },
      { point: 'no age', streams: [strayOf('z', undefined)] },
    ],
  });
  expect(planOf({}, list)).toEqual({
    stays: { old: ['newest-complete'] },
    goes: [],
    manifests: [],
    swept: { unfinished: ['x', 'y'] },
  });
  expect(planned({}, listOf([]))).toMatchObject({
    plan: { steps: [{ title: 'Free the space of what was forgotten before' }] },
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
  const policy = { project: 'shop', keep: { last: 1 } };
  expect(planOf(policy, list).goes).toEqual(['old']);
  const named = planOf(policy, list, { forget: ['broken'] });
  expect(named.goes).toEqual(['old', 'broken']);
  expect(named.swept).toMatchObject({ broken: ['z', 'lost'] });
});

test('rules count in each project for itself, and in a site that is called as a project is', () => {
  const labels = [
    { kind: 'tenant', project: 'shop', 'project-id': 'a' },
    { kind: 'tenant', project: 'shop', 'project-id': 'b' },
    { kind: 'control-plane', site: 'shop' },
  ];
  const list = listOf(
    labels.flatMap((own, at) => [
      pointOf(`new-${at}`, at, [], { labels: own }),
      pointOf(`old-${at}`, 9 + at, [], { labels: own }),
    ]),
  );
  for (const policy of [{ project: 'shop', keep: { last: 1 } }, { keep: { last: 1 } }])
    expect(planOf(policy, list).goes).toEqual(['old-0', 'old-1', 'old-2']);
  expect(planOf({ project: 'b', keep: { last: 1 } }, list).goes).toEqual(['old-1']);
});

describe('what is never pruned', () => {
  const points = listOf([
    pointOf('partial', 0, [], { completeness: 'partial' }),
    pointOf('whole', 2, []),
    pointOf('proven', 5, []),
    pointOf('failed', 4, []),
    pointOf('older-proof', 9, []),
  ]);
  const proofs: ProofRecords = {
    entries: [
      proofOf('older-proof', true, 8),
      proofOf('proven', true, 3),
      proofOf('failed', true, 3),
      proofOf('failed', false, 2),
    ],
    unreadable: [],
  };

  test('the newest whole point and the newest proven one, whatever the rules say', () => {
    expect(planOf({ keep: { last: 1 } }, points, { proofs })).toMatchObject({
      stays: { partial: ['last'], whole: ['newest-complete'], proven: ['newest-proven'] },
      goes: ['failed', 'older-proof'],
    });
  });

  test.each([
    ['whole', 'retention.newest-complete'],
    ['proven', 'retention.newest-proven'],
    ['none', 'retention.no-such-point'],
  ])('%s by name is refused: %s', (id, code) => {
    expect(planned({}, points, { proofs, forget: [id] })).toMatchObject({
      ok: false,
      refusals: [{ code, reason: expect.any(String) }],
    });
  });

  test('a ledger that cannot be read wholly is told of', () => {
    expect(planned({}, points, { proofs: { ...proofs, unreadable: [3] } })).toMatchObject({
      plan: { warnings: expect.arrayContaining([expect.stringContaining('3')]) },
    });
  });
});

test.each([
  [
    { unreadable: [{ manifest: 'm', point: 'p', why: 'damaged', isNewer: false }] },
    [],
    'retention.manifest-unreadable',
  ],
  [{ gaps: ['could not load snapshot 1a2b3c4d: invalid data'] }, [], 'retention.not-all-seen'],
  [{ points: [pointOf('newer', 1, ['n'], { isNewer: true })] }, ['newer'], 'retention.newer-point'],
] satisfies [Partial<PointList>, string[], string][])('%j with %j is refused: %s', (more, forget, code) => {
  expect(planned({ keep: { last: 1 } }, listOf([], more), { forget })).toMatchObject({
    ok: false,
    refusals: [{ code, reason: expect.any(String) }],
  });
});

test('rules that keep nothing, and options that there are not, are refused by their name', () => {
  const fields = [
    () => planned({ keep: {} }, listOf([])),
    () => planned({ keep: { dayly: 1 } as never }, listOf([])),
    () => planned({}, listOf([]), { misspelt: 1 } as never),
    () => planned({}, listOf([]), { strayAfter: 'soon' as never }),
    () => protect({ project: 'shop', rpo: '4h', keep: { daily: 0 } }),
    () => protect({ project: 'shop', rpo: '4h', keep: { dayly: 1 } as never }),
  ].map((call) => {
    try {
      return call();
    } catch (error) {
      return Reflect.get(error as Error, 'field') as unknown;
    }
  });
  expect(fields).toEqual(['keep', 'keep.dayly', 'misspelt', 'strayAfter', 'keep', 'keep.dayly']);
});

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const drafts = fc.array(
  fc.record({
    day: fc.integer({ min: -2, max: 60 }),
    streams: fc.uniqueArray(ids, { maxLength: 5 }),
    isNewer: fc.boolean(),
    isBroken: fc.boolean(),
    completeness: fc.constantFrom('complete' as const, 'partial' as const),
    project: fc.constantFrom('shop', 'mail'),
    proof: fc.constantFrom('none', 'good', 'bad'),
  }),
  { maxLength: 12 },
);
const rules: fc.Arbitrary<RetentionRules> = fc.record({
  last: fc.nat(3).map((wanted) => wanted + 1),
  weekly: fc.nat(3),
});

test('laws: whatever points share, what stays is restorable, is enough, and has the newest whole and proven one', () => {
  fc.assert(
    fc.property(drafts, rules, fc.boolean(), (made, keep, all) => {
      const points = made.map(({ day, streams, isNewer, completeness, project }, at) =>
        pointOf(`p${at}`, day, streams, { isNewer, completeness, labels: { project } }),
      );
      const isBroken = new Set(points.filter((_, at) => made[at]?.isBroken).map(({ id }) => id));
      const list = listOf(
        points.filter(({ id }) => !isBroken.has(id)),
        {
          broken: points
            .filter(({ id }) => isBroken.has(id))
            .map((point) => ({ point, missing: ['something'] })),
        },
      );
      const proofs: ProofRecords = {
        entries: made.flatMap(({ proof }, at) =>
          proof === 'none' ? [] : [proofOf(`p${at}`, proof === 'good')],
        ),
        unreadable: [],
      };
      const { goes, manifests, swept } = planOf({ ...(all ? {} : { project: 'shop' }), keep }, list, {
        proofs,
      });
      const going = new Set(goes);
      const removed = new Set([...manifests, ...Object.values(swept).flat()]);
      const staying = points.filter(({ id }) => !going.has(id));
      const needed = staying.flatMap((point) => [...point.streams.map(({ id }) => id), ...point.manifests]);
      expect(needed.filter((id) => removed.has(id))).toEqual([]);
      expect(points.filter(({ id, isNewer }) => (isNewer || isBroken.has(id)) && going.has(id))).toEqual([]);
      const others = points.filter(({ labels }) => !all && labels['project'] === 'mail');
      expect(others.filter(({ id }) => going.has(id))).toEqual([]);
      for (const project of ['shop', 'mail']) {
        const own = list.points.filter(({ labels }) => labels['project'] === project);
        const wanted = new Set(pointsToKeep(own, keep, NOW).keys());
        // Never fewer than the rules say.
        expect([...wanted].filter((id) => going.has(id))).toEqual([]);
        const past = own.filter(({ at }) => Date.parse(at) <= NOW);
        const newest = [
          past.find(({ completeness }) => completeness === 'complete'),
          past.find(({ id }) => made[Number(id.slice(1))]?.proof === 'good'),
        ];
        for (const point of newest) expect(going.has(point?.id ?? '')).toBe(false);
      }
    }),
  );
});
