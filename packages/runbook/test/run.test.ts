import { expect, test } from 'vitest';
import { definePlan, memoryJournal, run, type Plan } from '../src/index.ts';
import { go, eventsOf, failing } from './fixtures/go.ts';
import { ManualClock, settled } from './fixtures/manual-clock.ts';
import { carve, note, noted, noting, planOf } from './fixtures/note.ts';

test('a plan is executed in its order, and all of it is journalled', async () => {
  const { log, implementations } = failing();
  const journal = memoryJournal();
  const plan = planOf([noted('b', { needs: ['a'] }), noted('a')]);
  expect(await go(plan, { implementations, journal, by: 'ann' })).toMatchObject({
    status: 'succeeded',
    plan: 'notes',
    digest: plan.digest,
    counts: { succeeded: 2, pending: 0 },
  });
  expect(log).toEqual(['a', 'b']);
  const life = (id: string): string[] =>
    ['step-started', 'step-acted', 'step-succeeded'].map((type) => `${type} ${id}`);
  expect(await eventsOf(journal)).toEqual(['run-started', ...life('a'), ...life('b'), 'run-ended']);
  expect((await journal.read())[0]?.event).toMatchObject({ by: 'ann', plan: { digest: plan.digest } });
});

test('concurrency is that of the plan, in all and of each group', async () => {
  let [now, most] = [0, 0];
  const inGroup = new Map<string, number>();
  const implementations = noting({
    async perform({ name }) {
      const group = name.charAt(0);
      most = Math.max(most, ++now);
      inGroup.set(group, (inGroup.get(group) ?? 0) + 1);
      expect(inGroup.get(group)).toBeLessThanOrEqual(group === 'x' ? 1 : 2);
      await settled();
      inGroup.set(group, (inGroup.get(group) ?? 0) - 1);
      now -= 1;
      return { noted: name };
    },
  });
  const steps = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3', 'y4'].map((id) => noted(id, { group: id.charAt(0) }));
  const plan = planOf(steps, { concurrency: { total: 3, groups: { y: 2 } } });
  expect(await go(plan, { implementations })).toMatchObject({ status: 'succeeded' });
  expect(most).toBe(3);
});

test('a step that fails and may not stops the run: running steps end, the rest is skipped', async () => {
  const slow = Promise.withResolvers<void>();
  const { log, implementations } = failing('bad');
  const waiting = noting({
    async perform(input, context) {
      if (input.name === 'slow') await slow.promise;
      return implementations[0]?.handlers.perform(input as never, context) as Promise<{ noted: string }>;
    },
  });
  const journal = memoryJournal();
  const plan = planOf([
    noted('bad'),
    noted('slow'),
    noted('next', { needs: ['slow'] }),
    noted('last', { after: ['bad'] }),
  ]);
  const running = run(plan, { approved: plan.digest, implementations: waiting, journal });
  await settled();
  slow.resolve();
  expect(await running.outcome).toMatchObject({
    status: 'failed',
    counts: { succeeded: 1, failed: 1, skipped: 2 },
    failures: [
      { step: 'bad', phase: 'action', code: 'test.no', message: 'no bad', remedy: 'Do not.', requestIds: [] },
    ],
  });
  expect(log).toEqual(['slow']);
});

test('a step that may fail: what needs it is skipped, what only comes after it is not', async () => {
  const { log, implementations } = failing('bad');
  const plan = planOf([
    noted('bad', { onFailure: 'continue' }),
    noted('needs', { needs: ['bad'] }),
    noted('needs-that', { needs: ['needs'] }),
    noted('after', { after: ['bad', 'needs-that'] }),
  ]);
  const journal = memoryJournal();
  expect(await go(plan, { implementations, journal })).toMatchObject({
    status: 'partially-succeeded',
    counts: { succeeded: 1, failed: 1, skipped: 2 },
    failures: [{ step: 'bad' }],
  });
  expect(log).toEqual(['after']);
  const skipped = (await journal.read()).flatMap(({ event }) =>
    event.type === 'step-skipped' ? [event.because] : [],
  );
  expect(skipped).toEqual(['it needs bad, which failed', 'it needs needs, which was skipped']);
});

test('if nothing succeeded, it failed, whatever was allowed to', async () => {
  const plan = planOf([noted('bad', { onFailure: 'continue' })]);
  expect(await go(plan, { implementations: failing('bad').implementations })).toMatchObject({
    status: 'failed',
    counts: { failed: 1 },
  });
});

test('a step that was refused has not acted', async () => {
  const journal = memoryJournal();
  const implementations = noting({
    precondition: async () => ({ code: 'no', reason: 'No.', remedy: undefined }),
  });
  await go(planOf([noted('a')]), { implementations, journal });
  expect(await eventsOf(journal)).toEqual(['run-started', 'step-failed a', 'run-ended']);
});

test('outputs reach the steps that come later, and no others', async () => {
  const seen: unknown[] = [];
  const implementations = noting({
    async perform({ name }, { outputOf }) {
      if (name === 'b') seen.push(outputOf(note, 'a'));
      if (name === 'c')
        for (const [of, id] of [
          [note, 'a'],
          [note, 'x'],
          [carve, 'b'],
          [note, 'c'],
        ] as const)
          try {
            outputOf(of, id);
            seen.push('was given');
          } catch (error) {
            seen.push((error as Error).message);
          }
      return { noted: `${name}!` };
    },
  });
  await go(planOf([noted('a'), noted('b', { needs: ['a'] }), noted('c', { after: ['b'] }), noted('d')]), {
    implementations,
  });
  expect(seen).toEqual([
    { noted: 'a!' },
    'was given',
    'there is no step x in the plan',
    'step b is a test.note, not a test.carve',
    'the plan does not order step c before c',
  ]);
});

test('the context says which run, step, key and attempt it is', async () => {
  const contexts: unknown[] = [];
  const implementations = noting({
    async perform({ name }, { run: id, step, key, attempt, token }) {
      contexts.push({ id, step, key, attempt, token });
      return { noted: name };
    },
  });
  await go(planOf([noted('a')]), { implementations, run: 'r1' });
  expect(contexts).toEqual([{ id: 'r1', step: 'a', key: 'r1/a', attempt: 1, token: 1 }]);
});

test.each([
  [
    'a precondition that says no',
    { precondition: async () => ({ code: 'test.busy', reason: 'Busy.', remedy: 'Wait.' }) },
    { phase: 'precondition', code: 'test.busy', message: 'Busy.', remedy: 'Wait.' },
  ],
  [
    'a precondition that throws',
    {
      precondition: async () => {
        throw new TypeError('oops');
      },
    },
    { phase: 'precondition', code: 'error', message: 'oops' },
  ],
  [
    'a precondition that throws at once',
    {
      precondition: () => {
        throw new TypeError('oops');
      },
    },
    { phase: 'precondition', message: 'oops' },
  ],
  [
    'a verification that says no',
    { verify: async () => ({ code: 'test.still', reason: 'Still on.', remedy: undefined }) },
    { phase: 'verification', code: 'test.still' },
  ],
  [
    'an error that is text',
    {
      perform: async () => {
        throw 'text' as never;
      },
    },
    { phase: 'action', code: 'error', message: 'text' },
  ],
  [
    'an error that is nothing',
    {
      perform: async () => {
        throw undefined as never;
      },
    },
    { phase: 'action', code: 'error', message: 'no message' },
  ],
  [
    'output that is missing',
    { perform: async () => undefined as never },
    { phase: 'action', code: 'output', message: expect.stringContaining('test.note: output: ') },
  ],
  [
    'output of another shape',
    { perform: async () => ({ noted: 3 }) as never },
    { phase: 'action', code: 'output', message: expect.stringContaining('output.noted') },
  ],
  [
    'an error with request ids behind it',
    {
      perform: async () => {
        throw new Error('wrapped', { cause: { requestIds: ['req-1', 'req-2'] } });
      },
    },
    { requestIds: ['req-1', 'req-2'] },
  ],
])('%s is the failure of its step', async (_, handlers, failure) => {
  expect(await go(planOf([noted('a')]), { implementations: noting(handlers) })).toMatchObject({
    status: 'failed',
    failures: [{ step: 'a', ...failure }],
  });
});

test('a step that does not end in its time has failed, even if it heeds no signal', async () => {
  const clock = new ManualClock();
  const implementations = noting({ perform: () => new Promise(() => {}) });
  const outcome = go(planOf([noted('a', { timeout: '30s' })]), { clock, implementations });
  await clock.advance(29);
  await clock.advance(1);
  await clock.advance(5);
  expect(await outcome).toMatchObject({
    status: 'failed',
    failures: [
      { step: 'a', phase: 'action', code: 'timeout', message: 'the action of a took longer than 30 s' },
    ],
  });
  expect(clock.sleeping).toBe(0);
});

test('what a step says in the moment after its time counts: by then it has acted', async () => {
  const clock = new ManualClock();
  const implementations = noting({
    perform: ({ name }, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ noted: name }), { once: true });
      }),
  });
  const outcome = go(planOf([noted('a', { timeout: '30s' })]), { clock, implementations });
  await clock.advance(30);
  expect(await outcome).toMatchObject({ status: 'succeeded' });
});

test('an execution can be watched: records, progress, the end', async () => {
  const plan = planOf([noted('a')]);
  const implementations = noting({
    async perform({ name }, { progress }) {
      progress('half way', { percent: 50 });
      return { noted: name };
    },
  });
  await using execution = run(plan, { approved: plan.digest, implementations, journal: memoryJournal() });
  const seen: unknown[] = [];
  execution.events.on('progress', (event) => seen.push(event));
  execution.events.on('ended', ({ status }) => seen.push(status));
  const types: string[] = [];
  for await (const { event } of execution) types.push(event.type);
  expect(types).toEqual(['run-started', 'step-started', 'step-acted', 'step-succeeded', 'run-ended']);
  expect(seen).toEqual([{ step: 'a', message: 'half way', facts: { percent: 50 } }, 'succeeded']);
  expect(execution.counts.succeeded).toBe(1);
  expect(execution.events.listenerCount('record')).toBe(0);
});

test('a plan can be run from its text alone', async () => {
  const plan = definePlan(JSON.parse(JSON.stringify({ id: 'p', title: 'P', steps: [noted('a')] })) as never);
  expect(await go(JSON.parse(JSON.stringify(plan)) as Plan)).toMatchObject({ status: 'succeeded' });
});
