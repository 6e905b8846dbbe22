import { expect, test } from 'vitest';
import { Flight } from '../../src/wire/single-flight.ts';

/** A flight that lands when told to, and its own signal. */
function flight() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const made = new Flight((signal) => {
    signals.push(signal);
    return promise;
  });
  return { made, land: resolve, crash: reject, isCalledOff: () => signals[0]?.aborted };
}

test('all who join get what it brings', async () => {
  const { made, land } = flight();
  const joined = [made.join(), made.join(new AbortController().signal), made.join()];
  land('cargo');
  expect(await Promise.all(joined)).toEqual(['cargo', 'cargo', 'cargo']);
  expect(made.isOver).toBe(true);
});

test('the last to leave calls it off, and from that moment nobody is to join', async () => {
  const { made, isCalledOff } = flight();
  const leavers = [new AbortController(), new AbortController()] as const;
  const joined = leavers.map(({ signal }) => made.join(signal));
  leavers[0].abort('one');
  expect({ isOver: made.isOver, isCalledOff: isCalledOff() }).toEqual({ isOver: false, isCalledOff: false });
  leavers[1].abort('two');
  // Although the work has not ended yet, and may never.
  expect({ isOver: made.isOver, isCalledOff: isCalledOff() }).toEqual({ isOver: true, isCalledOff: true });
  expect(await Promise.allSettled(joined)).toMatchObject([{ reason: 'one' }, { reason: 'two' }]);
});

test('who cannot leave keeps it in the air', async () => {
  const { made, land, isCalledOff } = flight();
  const leaver = new AbortController();
  const leaving = made.join(leaver.signal);
  const staying = made.join();
  leaver.abort('gone');
  await expect(leaving).rejects.toBe('gone');
  expect(isCalledOff()).toBe(false);
  land('cargo');
  expect(await staying).toBe('cargo');
});

test('who is aborted already does not join', async () => {
  const { made, land, isCalledOff } = flight();
  await expect(made.join(AbortSignal.abort('before'))).rejects.toBe('before');
  expect(isCalledOff()).toBe(false);
  land('cargo');
});

test('a failure after all have left is nobody’s', async () => {
  const { made, crash } = flight();
  const leaver = new AbortController();
  const leaving = made.join(leaver.signal);
  leaver.abort('gone');
  await expect(leaving).rejects.toBe('gone');
  crash(new Error('unheard'));
  await expect(made.join()).rejects.toThrow('unheard');
});

test('nothing listens to a signal once it has landed', async () => {
  const { made, land, isCalledOff } = flight();
  const leaver = new AbortController();
  const joined = made.join(leaver.signal);
  land('cargo');
  expect(await joined).toBe('cargo');
  leaver.abort('too late');
  expect(isCalledOff()).toBe(false);
});
