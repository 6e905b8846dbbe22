import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { type Journal, JournalError, LeaseLostError, memoryJournal, run } from '../src/index.ts';
import { eventsOf, failing, go } from './fixtures/go.ts';
import { ManualClock, settled } from './fixtures/manual-clock.ts';
import { noted, noting, planOf } from './fixtures/note.ts';

test('a gate that nobody opens holds what waits for it, and the rest goes on', async () => {
  const { log, implementations } = failing();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] }), noted('c', { needs: ['b'] }), noted('d')], {
    gates: [{ id: 'sure', question: 'Sure?', before: ['b'] }],
  });
  const journal = memoryJournal();
  const first = run(plan, { approved: plan.digest, implementations, journal });
  const waiting: string[] = [];
  first.events.on('waiting', ({ gate }) => waiting.push(gate.id));
  expect(await first.outcome).toMatchObject({
    status: 'paused',
    at: ['sure'],
    counts: { succeeded: 2, pending: 2 },
  });
  expect(waiting).toEqual(['sure']);
  const asked: string[] = [];
  const gate = async ({ id }: { id: string }): Promise<'open'> => {
    asked.push(id);
    return 'open';
  };
  expect(await go(plan, { implementations, journal, gate, by: 'bob' })).toMatchObject({
    status: 'succeeded',
  });
  expect(log).toEqual(['a', 'd', 'b', 'c']);
  expect(asked).toEqual(['sure']);
  expect((await journal.read()).find(({ event }) => event.type === 'gate-opened')?.event).toMatchObject({
    gate: 'sure',
    by: 'bob',
  });
});

test('while a gate is being asked the others go on; a question that fails leaves it closed', async () => {
  const answer = Promise.withResolvers<'open'>();
  const { log, implementations } = failing();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] }), noted('x')], {
    gates: [{ id: 'g', question: '?', before: ['x'] }],
  });
  const execution = run(plan, {
    approved: plan.digest,
    implementations,
    journal: memoryJournal(),
    gate: () => answer.promise,
  });
  const errors: unknown[] = [];
  execution.events.on('waiting', ({ error }) => errors.push(error));
  await settled();
  expect(log).toEqual(['a', 'b']);
  answer.reject(new Error('nobody there'));
  expect(await execution.outcome).toMatchObject({ status: 'paused', at: ['g'] });
  expect(errors).toEqual([new Error('nobody there')]);
});

test('a gate that is never answered does not outlive the run', async () => {
  let given: AbortSignal | undefined;
  const plan = planOf([noted('x'), noted('bad')], { gates: [{ id: 'g', question: '?', before: ['x'] }] });
  const gate = (_: unknown, signal: AbortSignal): Promise<'open'> => {
    given = signal;
    return new Promise(() => {});
  };
  expect(await go(plan, { implementations: failing('bad').implementations, gate })).toMatchObject({
    status: 'failed',
  });
  expect(given?.aborted).toBe(true);
});

/** An implementation that waits until it is released, or told to stop. */
const holding = () => {
  const open = new Map<string, () => void>();
  const implementations = noting({
    perform: ({ name }, { signal }) =>
      new Promise((resolve, reject) => {
        open.set(name, () => resolve({ noted: name }));
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  });
  return { open, implementations };
};

test('pause: no new step, running ones end; the same call goes on', async () => {
  const { open, implementations } = holding();
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] })]);
  const execution = run(plan, { approved: plan.digest, implementations, journal });
  await settled();
  execution.pause();
  await settled();
  expect(execution.counts).toMatchObject({ running: 1, pending: 1 });
  open.get('a')?.();
  expect(await execution.outcome).toMatchObject({
    status: 'paused',
    at: ['b'],
    counts: { succeeded: 1, pending: 1 },
  });
  expect(await go(plan, { journal })).toMatchObject({ status: 'succeeded', counts: { succeeded: 2 } });
});

test.each(['cancel', 'signal', 'dispose'] as const)('%s, first stage: running steps end', async (by) => {
  const { open, implementations } = holding();
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] })]);
  const controller = new AbortController();
  const execution = run(plan, { approved: plan.digest, implementations, journal, signal: controller.signal });
  await settled();
  if (by === 'cancel') execution.cancel();
  else if (by === 'signal') controller.abort();
  else void execution[Symbol.asyncDispose]();
  await settled();
  open.get('a')?.();
  expect(await execution.outcome).toMatchObject({
    status: 'cancelled',
    failures: [],
    counts: { succeeded: 1, pending: 1 },
  });
  expect(await go(plan, { journal })).toMatchObject({ status: 'succeeded' });
});

test('cancel, second stage: their signal aborts, and they are tried again by the next run', async () => {
  const { implementations } = holding();
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] })]);
  const clock = new ManualClock();
  const execution = run(plan, { approved: plan.digest, implementations, journal, clock });
  await settled();
  execution.cancel();
  execution.cancel();
  expect(await execution.outcome).toMatchObject({
    status: 'cancelled',
    failures: [{ step: 'a', phase: 'action', code: 'cancelled', message: 'the run was cancelled' }],
  });
  expect(clock.sleeping).toBe(0);
  const attempts: number[] = [];
  const again = noting({
    async perform({ name }, { attempt }) {
      attempts.push(attempt);
      return { noted: name };
    },
  });
  expect(await go(plan, { journal, implementations: again })).toMatchObject({ status: 'succeeded' });
  expect(attempts).toEqual([2, 1]);
});

test('a step that may fail, and was told to stop, is not what failed: the run was cancelled', async () => {
  const { implementations } = holding();
  const plan = planOf([noted('a', { onFailure: 'continue' })]);
  const execution = run(plan, { approved: plan.digest, implementations, journal: memoryJournal() });
  await settled();
  execution.cancel();
  execution.cancel();
  expect(await execution.outcome).toMatchObject({ status: 'cancelled', counts: { failed: 1 } });
});

test('what a gate answers after the end is not written behind it', async () => {
  const answer = Promise.withResolvers<'open'>();
  const journal = memoryJournal();
  const plan = planOf([noted('x'), noted('bad')], { gates: [{ id: 'g', question: '?', before: ['x'] }] });
  const { implementations } = failing('bad');
  await go(plan, { implementations, journal, gate: () => answer.promise });
  const held = await journal.open({ holder: 'test' });
  answer.resolve('open');
  await settled();
  expect((await eventsOf(journal)).at(-1)).toBe('run-ended');
  await held.close();
});

test('why a step was told to stop says more than how it took it', async () => {
  const clock = new ManualClock();
  const implementations = noting({
    perform: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('socket hang up')), { once: true });
      }),
  });
  const outcome = go(planOf([noted('a', { timeout: '30s' })]), { clock, implementations });
  await clock.advance(30);
  expect(await outcome).toMatchObject({ status: 'failed', failures: [{ code: 'timeout' }] });
});

test('a run that is cancelled while it asks about its targets touches nothing', async () => {
  const journal = memoryJournal();
  const plan = planOf([noted('a')], { targets: [{ kind: 'host', id: 'c1', revision: '1' }] });
  const controller = new AbortController();
  const revisionOf = (_: unknown, signal: AbortSignal): Promise<string> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      controller.abort();
    });
  const outcome = go(plan, { journal, revisionOf, signal: controller.signal });
  expect(await outcome).toMatchObject({ status: 'cancelled', counts: { pending: 1 } });
  expect(await journal.read()).toEqual([]);
});

test('a journal that fails once is not written again: what cannot be journalled is not done', async () => {
  const journal = memoryJournal();
  const log: string[] = [];
  const slow = Promise.withResolvers<void>();
  const implementations = noting({
    async precondition({ name }) {
      if (name === 'b') await slow.promise;
      return undefined;
    },
    async perform({ name }) {
      log.push(name);
      return { noted: name };
    },
  });
  let failed = false;
  const flaky: Journal = {
    ...journal,
    async open(options) {
      const open = await journal.open(options);
      return {
        ...open,
        async append(event, at) {
          if (event.type !== 'step-acted' || failed) return open.append(event, at);
          failed = true;
          slow.resolve();
          throw new JournalError('the disk is full');
        },
      };
    },
  };
  const plan = planOf([noted('a'), noted('b')]);
  expect(await go(plan, { implementations, journal: flaky })).toMatchObject({
    status: 'interrupted',
    reason: 'the disk is full',
  });
  expect(log).toEqual(['a']);
  expect((await eventsOf(journal)).at(-1)).toBe('step-started a');
});

test('a lease that is lost while nothing is written ends the run at once', async () => {
  const journal = memoryJournal();
  const lost = new AbortController();
  const { implementations } = holding();
  const leased: Journal = {
    ...journal,
    open: async (options) => ({ ...(await journal.open(options)), lost: lost.signal }),
  };
  const outcome = go(planOf([noted('a')]), { implementations, journal: leased });
  await settled();
  lost.abort(new LeaseLostError('somebody else has it'));
  expect(await outcome).toMatchObject({
    status: 'interrupted',
    reason: 'somebody else has it',
    counts: { running: 1 },
  });
  expect(getEventListeners(lost.signal, 'abort')).toEqual([]);
});

test('a run leaves no listener on the signal that it was given', async () => {
  const { signal } = new AbortController();
  await go(planOf([noted('a')]), { signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a run that is cancelled before it has begun touches nothing', async () => {
  const journal = memoryJournal();
  expect(await go(planOf([noted('a')]), { journal, signal: AbortSignal.abort() })).toMatchObject({
    status: 'cancelled',
    counts: { pending: 1 },
  });
  expect(await journal.read()).toEqual([]);
});
