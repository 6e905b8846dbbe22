import { expect, test } from 'vitest';
import { implement, memoryJournal, type Plan, type RunOptions } from '../src/index.ts';
import { go, failing } from './fixtures/go.ts';
import { ManualClock } from './fixtures/manual-clock.ts';
import { carve, note, noted, noting, planOf } from './fixtures/note.ts';

const refusals: [string, (plan: Plan) => Partial<RunOptions> & { plan?: unknown }, string, RegExp][] = [
  ['another digest', () => ({ approved: 'sha256:0' }), 'run.not-approved', /approved is sha256:0/],
  [
    'a plan that was changed',
    (plan) => ({ plan: { ...plan, title: 'x' } }),
    'run.plan-invalid',
    /changed after/,
  ],
  ['no plan at all', () => ({ plan: { steps: 3 } }), 'run.plan-invalid', /format/],
  [
    'an action that nothing implements',
    () => ({ implementations: noting().slice(1) }),
    'run.no-implementation',
    /step a is a test.note/,
  ],
  [
    'two that implement it',
    () => ({ implementations: [...noting(), ...noting().slice(0, 1)] }),
    'run.two-implementations',
    /test.note/,
  ],
  [
    'an action whose way back has gone',
    () => ({
      implementations: [implement({ ...note, rollback: 'none' }, { perform: async () => ({ noted: '' }) })],
    }),
    'run.action-changed',
    /approved with rollback free/,
  ],
  [
    'input that the action takes no more',
    () => ({
      implementations: [
        implement({ ...note, input: carve.output } as never, { perform: async () => ({ noted: '' }) }),
      ],
    }),
    'run.input',
    /input.noted/,
  ],
  [
    'a rollback that nobody wrote',
    () => ({
      onFailure: 'roll-back',
      implementations: [implement(note, { perform: async () => ({ noted: '' }) })],
    }),
    'run.no-compensation',
    /cannot/,
  ],
  ['targets that nothing can check', () => ({}), 'run.targets-unchecked', /1 target/],
  [
    'a target that has moved',
    () => ({ revisionOf: async () => '8' }),
    'run.target-moved',
    /was at 7 .* is at 8/,
  ],
  ['a target that is gone', () => ({ revisionOf: async () => undefined }), 'run.target-gone', /not there/],
  [
    'a target that cannot be read',
    () => ({ revisionOf: async () => Promise.reject(new Error('403')) }),
    'run.target-unknown',
    /could not be read: 403/,
  ],
];

test.each(refusals)('refuses %s, and touches nothing', async (_, change, code, reason) => {
  const plan = planOf([noted('a')], { targets: [{ kind: 'host', id: 'c1', revision: '7' }] });
  const journal = memoryJournal();
  const { plan: changed = plan, ...options } = change(plan);
  const { log, implementations } = failing();
  const outcome = await go(changed as Plan, { implementations, journal, approved: plan.digest, ...options });
  expect(outcome).toMatchObject({
    status: 'refused',
    refusals: [{ code, reason: expect.stringMatching(reason) as string }],
  });
  expect(log).toEqual([]);
  expect(await journal.read()).toEqual([]);
  // The lease was given back.
  await (await journal.open({ holder: 'test' })).close();
});

test('a target that never answers is unknown after a minute', async () => {
  const clock = new ManualClock();
  const plan = planOf([noted('a')], { targets: [{ kind: 'host', id: 'c1', revision: '7' }] });
  const outcome = go(plan, { clock, revisionOf: () => new Promise(() => {}) });
  await clock.advance(61);
  await clock.advance(6);
  expect(await outcome).toMatchObject({ status: 'refused', refusals: [{ code: 'run.target-unknown' }] });
  expect(clock.sleeping).toBe(0);
});

test('a journal of another plan is refused, and so is one in other handlers', async () => {
  const journal = memoryJournal();
  await go(planOf([noted('a')]), { journal });
  const other = planOf([noted('b')]);
  expect(await go(other, { journal })).toMatchObject({
    status: 'refused',
    digest: other.digest,
    refusals: [{ code: 'run.other-journal' }],
  });
  const held = await journal.open({ holder: 'somebody' });
  expect(await go(planOf([noted('a')]), { journal })).toMatchObject({
    status: 'refused',
    refusals: [{ code: 'run.lease-held', reason: expect.stringContaining('somebody') as string }],
  });
  await held.close();
});
