/**
 * Works on so many items at a time, and gives the results in the order of the items. No more than that are taken from the list ahead of
 * who reads. The first failure, in that order, ends it.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const iterator = items[Symbol.asyncIterator]();
  const running: Promise<R>[] = [];
  let isEnd = false;
  try {
    for (;;) {
      while (!isEnd && running.length < atOnce) {
        const next = await iterator.next();
        if (next.done === true) isEnd = true;
        else {
          const job = work(next.value);
          // Told when its turn comes: until then it must not count as forgotten.
          job.catch(() => undefined);
          running.push(job);
        }
      }
      const first = running.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    if (!isEnd) await iterator.return?.();
    await Promise.allSettled(running);
  }
}
