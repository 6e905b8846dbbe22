import { expect, test } from 'vitest';
import { virtualClock } from '../src/index.ts';

test('time stands until it is told to move, and then everything due happens in order, at its own moment', async () => {
  const clock = virtualClock('2026-01-01T00:00:00Z');
  const start = clock.now();
  const seen: [string, number][] = [];
  clock.after(2000, () => seen.push(['late', clock.now() - start]));
  clock.after(1000, () => {
    seen.push(['early', clock.now() - start]);
    clock.after(500, () => seen.push(['between', clock.now() - start]));
  });
  await clock.advance('1s');
  expect(seen).toEqual([['early', 1000]]);
  await clock.advance('1h');
  expect(seen).toEqual([
    ['early', 1000],
    ['between', 1500],
    ['late', 2000],
  ]);
  expect(clock.now() - start).toBe(1000 + 3_600_000);
});

test('a sleep jumps, the earliest first; by hand it waits', async () => {
  const jumping = virtualClock(0);
  const order: string[] = [];
  await Promise.all([
    jumping.sleep(10_000).then(() => order.push(`long at ${jumping.now()}`)),
    jumping.sleep(5000).then(() => order.push(`short at ${jumping.now()}`)),
  ]);
  expect(order[0]).toMatch(/^short/);

  const standing = virtualClock(0, { mode: 'hand' });
  let woke = false;
  const sleep = standing.sleep(1000).then(() => (woke = true));
  await standing.advance(999);
  expect(woke).toBe(false);
  await standing.advance(1);
  await sleep;
  expect(woke).toBe(true);
});

test('an aborted sleep rejects with the reason', async () => {
  const controller = new AbortController();
  const sleep = virtualClock(0, { mode: 'hand' }).sleep(1000, controller.signal);
  controller.abort('enough');
  await expect(sleep).rejects.toBe('enough');
});
