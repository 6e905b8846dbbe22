import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definePlan, parsePlan, type Plan, PlanError, type Step } from '../src/index.ts';
import { carve, noted, planOf } from './fixtures/note.ts';

const errorOf = (work: () => unknown): PlanError => {
  try {
    work();
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

const refusals: [string, () => unknown, string, RegExp][] = [
  ['an empty plan', () => planOf([]), 'steps', /at least one step/],
  ['two steps of one id', () => planOf([noted('a'), noted('a')]), 'steps.1.id', /two steps are called a/],
  ['an unknown need', () => planOf([noted('a', { needs: ['b'] })]), 'steps.0.needs.0', /needs step b/],
  ['an unknown after', () => planOf([noted('a', { after: ['b'] })]), 'steps.0.after.0', /after step b/],
  ['a step that needs itself', () => planOf([noted('a', { needs: ['a'] })]), 'steps.0', /a -> a$/],
  ['no time', () => planOf([noted('a', { timeout: 0 })]), 'steps.0.timeout', /0/],
  ['endless time', () => planOf([noted('a', { timeout: Infinity })]), 'steps.0.timeout', /Infinity/],
  ['more than a timer counts', () => planOf([noted('a', { timeout: 3e9 })]), 'steps.0.timeout', /2147483/],
  ['no concurrency', () => planOf([noted('a')], { concurrency: { total: 0 } }), 'concurrency.total', /0/],
  [
    'half a place',
    () => planOf([noted('a')], { concurrency: { groups: { g: 0.5 } } }),
    'concurrency.groups.g',
    /int/,
  ],
  [
    'a negative estimate',
    () => planOf([noted('a', { estimate: { duration: -1 } })]),
    'steps.0.estimate.duration',
    /0/,
  ],
  ['an id with a blank', () => planOf([noted('a b')]), 'steps.0.id', /blanks/],
  [
    'a gate before nothing',
    () => planOf([noted('a')], { gates: [{ id: 'g', question: '?', before: [] }] }),
    'gates.0.before',
    /no step/,
  ],
  [
    'a gate before a stranger',
    () => planOf([noted('a')], { gates: [{ id: 'g', question: '?', before: ['b'] }] }),
    'gates.0.before.0',
    /b/,
  ],
  [
    'a target twice',
    () => planOf([noted('a')], { targets: [1, 2].map(() => ({ kind: 'host', id: 'c1', revision: '1' })) }),
    'targets.1.id',
    /c1/,
  ],
  [
    'a date in its inputs',
    () => planOf([noted('a')], { inputs: { at: new Date() as never } }),
    'inputs.at',
    /instance of Date/,
  ],
  [
    'a circle in its inputs',
    () => {
      const inputs: Record<string, never> = {};
      inputs['me'] = inputs as never;
      return planOf([noted('a')], { inputs });
    },
    expect.any(String) as never,
    /circle/,
  ],
  [
    'input that its action does not take',
    () => noted('a', { input: { name: 1 } as never }),
    'input.name',
    /a of test.note: input.name/,
  ],
  ['nothing at all', () => definePlan({} as never), 'id', /id/],
];

test.each(refusals)('refuses %s', (_, work, field, message) => {
  const error = errorOf(work);
  expect(error.field).toEqual(field);
  expect(error.message).toMatch(message);
  expect(error.code).toBe('plan');
});

test('names a circle by its steps, without those that only lead to it', () => {
  const steps = [
    noted('start', { needs: ['x'] }),
    noted('x', { after: ['y'] }),
    noted('y', { needs: ['z'] }),
    noted('z', { needs: ['x'] }),
  ];
  expect(errorOf(() => planOf(steps)).message).toMatch(/circle: x -> y -> z -> x$/);
});

test('a chain of 20,000 steps, the last first, is put in order', () => {
  const steps = Array.from({ length: 20_000 }, (_, at) =>
    noted(`s${at}`, { needs: at === 19_999 ? [] : [`s${at + 1}`] }),
  );
  expect(planOf(steps).steps[0]?.id).toBe('s19999');
});

test('a plan is frozen through and through, and shares nothing with what it was made from', () => {
  const inputs = { policy: { spare: 1 } };
  const plan = planOf([noted('a')], { inputs });
  inputs.policy.spare = 2;
  expect(plan.inputs).toEqual({ policy: { spare: 1 } });
  expect(Object.isFrozen(inputs)).toBe(false);
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  expect(frozen(plan)).toBe(true);
});

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Steps, each of which waits for some of those before it. */
const dag: fc.Arbitrary<Step[]> = fc
  .tuple(...names.map((_, at) => fc.tuple(fc.subarray(names.slice(0, at)), fc.subarray(names.slice(0, at)))))
  .map((waits) => waits.map(([needs, after], at) => noted(names[at] ?? '', { needs, after })));

test('steps come in an order that satisfies them, and stay where they are if they can', () => {
  fc.assert(
    fc.property(
      dag.chain((steps) =>
        fc.tuple(fc.constant(steps), fc.shuffledSubarray(steps, { minLength: steps.length })),
      ),
      ([steps, shuffled]) => {
        expect(planOf(steps).steps.map(({ id }) => id)).toEqual(names);
        const ids = planOf(shuffled).steps.map(({ id }) => id);
        for (const { id, needs, after } of steps)
          for (const other of [...needs, ...after]) expect(ids.indexOf(other)).toBeLessThan(ids.indexOf(id));
      },
    ),
  );
});

const rich = (steps: readonly Step[]): Plan =>
  definePlan({
    id: 'recover-compute-3',
    title: 'Recover compute-3',
    inputs: { policy: { 'a b': [1.5, null, true, -0], text: 'é\u2028"' } },
    targets: [{ kind: 'host', id: 'compute-3', revision: '7' }],
    steps: [
      ...steps,
      carve.step({
        id: 'z',
        input: { name: 'z' },
        needs: steps.map(({ id }) => id),
        estimate: { duration: '3s', downtime: '1s', basis: 'guess' },
        why: 'since',
        group: 'g',
      }),
    ],
    gates: [{ id: 'sure', question: 'Sure?', before: ['z'] }],
    concurrency: { groups: { g: 2 } },
    warnings: ['Mind the gap'],
  });

/** The same members in the reverse order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
};

test('a plan comes back from its text as it was, whatever the order of its members', () => {
  fc.assert(
    fc.property(dag, (steps) => {
      const plan = rich(steps);
      expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
      expect(parsePlan(turned(JSON.parse(JSON.stringify(plan))))).toEqual(plan);
    }),
  );
});

/** Paths of everything in it. */
const pathsIn = (value: unknown, path: string[] = []): string[][] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))];

test('whatever is changed, taken out or put in after it was sealed is noticed', () => {
  const text = JSON.stringify(rich([noted('a'), noted('b', { needs: ['a'] })]));
  const paths = pathsIn(JSON.parse(text)).slice(1);
  expect(paths.length).toBeGreaterThan(60);
  for (const path of paths)
    for (const change of ['other', 'out', 'in']) {
      const tampered = JSON.parse(text) as Record<string, unknown>;
      const parent = path
        .slice(0, -1)
        .reduce<Record<string, unknown>>((at, key) => at[key] as never, tampered);
      const last = path.at(-1) ?? '';
      const value = parent[last];
      if (change === 'other') parent[last] = typeof value === 'number' ? value + 1 : `${String(value)}x`;
      else if (change === 'in') parent[`${last}x`] = value;
      else if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete parent[last];
      // A list has no member that is not a number in JSON: that change never reaches a file.
      if (JSON.stringify(tampered) === text) continue;
      expect(() => parsePlan(JSON.stringify(tampered)), `${change} ${path.join('.')}`).toThrow(PlanError);
    }
});

test('tampering is called by its name', () => {
  const plan = planOf([noted('a')]);
  const error = errorOf(() => parsePlan({ ...plan, title: 'Something else' }));
  expect(error.field).toBe('digest');
  expect(error.message).toMatch(/changed after it was sealed: it says sha256:.*, and is sha256:/);
  expect(error.remedy).toMatch(/approved/);
});

test.each([
  ['no JSON', '{"format":2', /no JSON/],
  ['no object', '[]', /no JSON object/],
  ['null', null, /no JSON object/],
  ['a newer format', { ...planOf([noted('a')]), format: 3 }, /format 3 is not known here/],
  ['the format that counted seconds', { ...planOf([noted('a')]), format: 1 }, /format 1 is not known here/],
  ['no format', {}, /format undefined/],
])('parsePlan refuses %s', (_, source, message) => {
  expect(errorOf(() => parsePlan(source)).message).toMatch(message);
});
