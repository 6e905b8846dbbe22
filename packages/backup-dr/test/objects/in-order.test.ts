import { expect, test } from 'vitest';
import { inOrder } from '../../src/objects/in-order.ts';

async function* counting(to: number, ended: { is: boolean }): AsyncGenerator<number> {
  try {
    for (let at = 0; at < to; at += 1) yield at;
  } finally {
    ended.is = true;
  }
}

test('results come in the order of the items, however long each takes, and no more than so many are under way', async () => {
  const ended = { is: false };
  const waiting: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const results = inOrder(counting(20, ended), 4, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      // The later ones of four end first.
      if (waiting.length === 4 || item === 19) for (const next of waiting.splice(0).toReversed()) next();
    });
    running -= 1;
    return item * 2;
  });
  const found: number[] = [];
  const read = (async () => {
    for await (const result of results) {
      found.push(result);
      for (const next of waiting.splice(0)) next();
    }
  })();
  await read;
  expect(found).toEqual(Array.from({ length: 20 }, (_, item) => item * 2));
  expect(most).toBe(4);
  expect(ended.is).toBe(true);
});

test('the first failure ends it, when what was under way has ended, and closes the list', async () => {
  const ended = { is: false };
  const done: number[] = [];
  const results = inOrder(counting(100, ended), 3, async (item) => {
    await Promise.resolve();
    if (item === 1) throw new Error('the second');
    done.push(item);
    return item;
  });
  await expect(Array.fromAsync(results)).rejects.toThrow('the second');
  expect(ended.is).toBe(true);
  expect(Math.max(...done)).toBeLessThanOrEqual(3);
});

test('who stops reading closes the list', async () => {
  const ended = { is: false };
  for await (const result of inOrder(counting(100, ended), 3, async (item) => item)) if (result === 2) break;
  expect(ended.is).toBe(true);
});
