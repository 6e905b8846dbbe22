import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { implement, memoryJournal, rehearse, run } from '../src/index.ts';
import { go } from './fixtures/go.ts';
import { note, noted, noting, planOf } from './fixtures/note.ts';

/** ImplementationsByAction of which only the precondition may be called. */
const asking = (precondition: (name: string) => string | undefined) => {
  const forbidden = (): never => {
    throw new Error('it acted');
  };
  return noting({
    precondition: async ({ name }) => {
      const code = precondition(name);
      return code === undefined ? undefined : { code, reason: 'No.', remedy: undefined };
    },
    perform: forbidden,
    done: forbidden,
    verify: forbidden,
    compensate: forbidden,
  });
};

test('asks every precondition, and does nothing', async () => {
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] }), noted('c')]);
  const { signal } = new AbortController();
  const rehearsal = await rehearse(plan, {
    approved: plan.digest,
    implementations: asking(() => undefined),
    signal,
    journal,
  });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(rehearsal).toEqual({
    ok: true,
    refusals: [],
    steps: ['a', 'b', 'c'].map((step) => ({ step, verdict: 'ready' })),
  });
  expect(await journal.read()).toEqual([]);
});

test('tells a no for good from one that the steps before may change', async () => {
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] })]);
  const no = (names: string[]) =>
    rehearse(plan, {
      approved: plan.digest,
      implementations: asking((name) => (names.includes(name) ? 'busy' : undefined)),
    });
  expect(await no(['b'])).toMatchObject({
    ok: true,
    steps: [
      { verdict: 'ready' },
      { step: 'b', verdict: 'refused-for-now', failure: { code: 'busy', phase: 'precondition' } },
    ],
  });
  expect(await no(['a'])).toMatchObject({
    ok: false,
    steps: [{ step: 'a', verdict: 'refused' }, { verdict: 'ready' }],
  });
});

test('what could not be asked is unknown, not refused and not ready', async () => {
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] }), noted('c')]);
  const implementations = noting({
    async precondition({ name }, { outputOf }) {
      if (name === 'b') outputOf(note, 'a');
      if (name === 'c') throw Object.assign(new Error('403'), { code: 'forbidden' });
      return undefined;
    },
  });
  expect(await rehearse(plan, { approved: plan.digest, implementations })).toMatchObject({
    ok: true,
    steps: [
      { verdict: 'ready' },
      {
        verdict: 'unknown',
        failure: { code: 'output-unavailable', message: 'step a left nothing: it is pending' },
      },
      { verdict: 'unknown', failure: { code: 'forbidden' } },
    ],
  });
});

test('goes by the journal: what is done is done, and its output is there', async () => {
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] })], {
    gates: [{ id: 'g', question: '?', before: ['b'] }],
  });
  await go(plan, { journal });
  const seen: unknown[] = [];
  const implementations = noting({
    async precondition(_, { outputOf }) {
      seen.push(outputOf(note, 'a'));
      return { code: 'no', reason: 'No.', remedy: undefined };
    },
  });
  expect(await rehearse(plan, { approved: plan.digest, implementations, journal })).toMatchObject({
    ok: false,
    steps: [{ verdict: 'succeeded' }, { step: 'b', verdict: 'refused' }],
  });
  expect(seen).toEqual([{ noted: 'a' }]);
});

test('refuses what run refuses, and says all of it', async () => {
  const plan = planOf([noted('a'), noted('b')], { targets: [{ kind: 'host', id: 'c1', revision: '1' }] });
  const options = { approved: plan.digest, implementations: noting() };
  expect(await rehearse(plan, { ...options, approved: 'x' })).toMatchObject({
    ok: false,
    refusals: [{ code: 'run.not-approved' }],
    steps: [],
  });
  expect(await rehearse(plan, { ...options, implementations: [] })).toMatchObject({
    refusals: [{ code: 'run.no-implementation' }, { code: 'run.no-implementation' }],
  });
  expect(await rehearse(plan, { ...options, revisionOf: async () => '2' })).toMatchObject({
    refusals: [{ code: 'run.target-moved' }],
  });
  const journal = memoryJournal();
  await go(planOf([noted('z')]), { journal });
  expect(await rehearse(plan, { ...options, journal })).toMatchObject({
    refusals: [{ code: 'run.other-journal' }],
  });
  const bare = [implement(note, { perform: async () => ({ noted: '' }) })];
  expect(await rehearse(plan, { ...options, implementations: bare, onFailure: 'roll-back' })).toMatchObject({
    refusals: [{ code: 'run.no-compensation' }, { code: 'run.no-compensation' }],
  });
});

test('is ended by its signal', async () => {
  const plan = planOf([noted('a')]);
  const controller = new AbortController();
  const implementations = noting({
    precondition: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        controller.abort(new Error('enough'));
      }),
  });
  await expect(
    rehearse(plan, { approved: plan.digest, implementations, signal: controller.signal }),
  ).rejects.toThrow('enough');
});

test('is of the plan and the implementations that it was given, whatever becomes of them meanwhile', async () => {
  const { reading, answer } = (() => {
    const { promise, resolve } = Promise.withResolvers<[]>();
    return { reading: promise, answer: () => resolve([]) };
  })();
  // A plan that was read from a file and never frozen: a program may go on editing it.
  const plan = structuredClone(planOf([noted('a'), noted('b')])) as { steps: unknown[] } & ReturnType<
    typeof planOf
  >;
  const implementations = [...asking(() => undefined)];
  const rehearsal = rehearse(plan, {
    approved: plan.digest,
    implementations,
    journal: { ...memoryJournal(), read: () => reading },
  });
  implementations.length = 0;
  plan.steps.push({ ...plan.steps[0], id: 'c', action: 'nobody.knows' });
  answer();
  expect((await rehearsal).steps).toEqual(['a', 'b'].map((step) => ({ step, verdict: 'ready' })));
});

test('so is a run', async () => {
  const plan = structuredClone(planOf([noted('a'), noted('b')])) as { steps: unknown[] } & ReturnType<
    typeof planOf
  >;
  const implementations = [...noting()];
  const { outcome } = run(plan, { approved: plan.digest, implementations, journal: memoryJournal() });
  implementations.length = 0;
  plan.steps.push({ ...plan.steps[0], id: 'c', action: 'nobody.knows' });
  expect(await outcome).toMatchObject({ status: 'succeeded', counts: { succeeded: 2 } });
});
