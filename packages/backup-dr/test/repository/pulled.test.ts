import { expect, test } from 'vitest';
import { pulled } from '../../src/repository/pulled.ts';

test('pieces come in order, and no more are made than are asked for', async () => {
  let made = 0;
  const pieces = pulled(async (hand) => {
    for (; made < 100; made += 1) await hand(new Uint8Array([made]));
  });
  await pieces.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBeLessThan(4);
  const rest: number[] = [];
  for await (const [byte] of pieces) rest.push(byte ?? -1);
  expect(rest).toEqual(Array.from({ length: 99 }, (_, at) => at + 1));
});

test('who stops asking ends the production', async () => {
  let reason: unknown;
  const pieces = pulled(async (hand, signal) => {
    for (;;) {
      await hand(new Uint8Array([1])).catch((error: unknown) => {
        reason = signal.aborted;
        throw error;
      });
    }
  });
  for await (const piece of pieces) {
    expect(piece).toHaveLength(1);
    break;
  }
  expect(reason).toBe(true);
});

test('a failure comes after the pieces that came before', async () => {
  const got: Uint8Array[] = [];
  const reading = (async () => {
    for await (const piece of pulled(async (hand) => {
      await hand(new Uint8Array(3));
      throw new Error('damaged');
    }))
      got.push(piece);
  })();
  await expect(reading).rejects.toThrow('damaged');
  expect(got).toHaveLength(1);
});

test('a signal ends it with its reason', async () => {
  const stop = new AbortController();
  const reading = (async () => {
    for await (const piece of pulled(async (hand, signal) => {
      await hand(new Uint8Array(1));
      signal.throwIfAborted();
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    }, stop.signal))
      if (piece.length > 0) stop.abort(new Error('enough'));
  })();
  await expect(reading).rejects.toThrow('enough');
});
