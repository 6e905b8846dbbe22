/**
 * Lists one after the other. An element that cannot be read rejects one `next()`, and the list goes on behind it: a
 * generator would end there, and an observer would take the part that was not read for empty.
 */
export function oneAfterAnother<T>(...lists: readonly AsyncIterable<T>[]): AsyncIterable<T> {
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
      };
    },
  };
}

/** A list with something made of each element; it goes on behind one that cannot be read, as `oneAfterAnother`. */
export function mapped<T, U>(list: AsyncIterable<T>, make: (element: T) => U): AsyncIterable<U> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = list[Symbol.asyncIterator]();
      return {
        async next(): Promise<IteratorResult<U, undefined>> {
          const { done, value } = await iterator.next();
          return done === true ? { done: true, value: undefined } : { done: false, value: make(value) };
        },
      };
    },
  };
}
