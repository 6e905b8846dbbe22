/**
 * A list with something made of each element. As `joinLists`, it goes on behind an element that cannot be read, where a generator
 * would end.
 *
 * @example const names = await observeList('servers', mapList(cloud.compute.servers.list(), ({ name }) => name));
 */
export function mapList<T, U>(list: AsyncIterable<T>, make: (element: T) => U): AsyncIterable<U> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = list[Symbol.asyncIterator]();
      return {
        async next(): Promise<IteratorResult<U, undefined>> {
          const { done, value } = await iterator.next();
          return done === true ? { done: true, value: undefined } : { done: false, value: make(value) };
        },
        async return(): Promise<IteratorResult<U, undefined>> {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
