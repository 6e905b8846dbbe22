import { expect, test } from 'vitest';
import { SharedWork } from '../../src/wire/shared-work.ts';

/** Shared work that ends when the test says so, and its own signal. */
function scripted() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const work = new SharedWork((signal) => {
    signals.push(signal);
    return promise;
  });
  return { work, finish: resolve, fail: reject, isAborted: () => signals[0]?.aborted };
}

test('all who join get what it brings', async () => {
  const { work, finish } = scripted();
  const joined = [work.join(), work.join(new AbortController().signal), work.join()];
  finish('cargo');
  expect(await Promise.all(joined)).toEqual(['cargo', 'cargo', 'cargo']);
  expect(work.isOver).toBe(true);
});

test('the last to leave aborts it, and from that moment nobody is to join', async () => {
  const { work, isAborted } = scripted();
  const leavers = [new AbortController(), new AbortController()] as const;
  const joined = leavers.map(({ signal }) => work.join(signal));
  leavers[0].abort('one');
  expect({ isOver: work.isOver, isAborted: isAborted() }).toEqual({ isOver: false, isAborted: false });
  leavers[1].abort('two');
  // Although the work has not ended yet, and may never.
  expect({ isOver: work.isOver, isAborted: isAborted() }).toEqual({ isOver: true, isAborted: true });
  expect(await Promise.allSettled(joined)).toMatchObject([{ reason: 'one' }, { reason: 'two' }]);
});

test('a waiter that cannot leave keeps it going', async () => {
  const { work, finish, isAborted } = scripted();
  const leaver = new AbortController();
  const leaving = work.join(leaver.signal);
  const staying = work.join();
  leaver.abort('gone');
  await expect(leaving).rejects.toBe('gone');
  expect(isAborted()).toBe(false);
  finish('cargo');
  expect(await staying).toBe('cargo');
});

test('who is aborted already does not join', async () => {
  const { work, finish, isAborted } = scripted();
  await expect(work.join(AbortSignal.abort('before'))).rejects.toBe('before');
  expect(isAborted()).toBe(false);
  finish('cargo');
});

test('a failure after all have left is nobody’s', async () => {
  const { work, fail } = scripted();
  const leaver = new AbortController();
  const leaving = work.join(leaver.signal);
  leaver.abort('gone');
  await expect(leaving).rejects.toBe('gone');
  fail(new Error('unheard'));
  await expect(work.join()).rejects.toThrow('unheard');
});

test('nothing listens to a signal once it has landed', async () => {
  const { work, finish, isAborted } = scripted();
  const leaver = new AbortController();
  const joined = work.join(leaver.signal);
  finish('cargo');
  expect(await joined).toBe('cargo');
  leaver.abort('too late');
  expect(isAborted()).toBe(false);
});
