/**
 * Lists one after the other, as one. An element that does not decode rejects one `next()`, and the lists go on behind it, as a
 * single list does: a generator would end there, and what `observeList` could not read would look like the end.
 *
 * @example const images = await observeList('images', joinLists(shown, hidden));
 */
export function joinLists<T>(...lists: readonly AsyncIterable<T>[]): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const rest = lists.map((list) => list[Symbol.asyncIterator]());
      return {
        async next(): Promise<IteratorResult<T, undefined>> {
          for (let first = rest[0]; first !== undefined; first = rest[0]) {
            const { done, value } = await first.next();
            if (done !== true) return { done: false, value };
            rest.shift();
          }
          return { done: true, value: undefined };
        },
        async return(): Promise<IteratorResult<T, undefined>> {
          for (const iterator of rest.splice(0)) await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
