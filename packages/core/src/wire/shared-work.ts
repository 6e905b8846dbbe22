/**
 * Does one piece of work for any number of waiters.
 *
 * A waiter whose signal aborts leaves alone; the work goes on for the others. Only when the last one has left is
 * the work itself aborted, and then nobody may join any more: see {@link isOver}.
 */
export class SharedWork<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  #settled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#controller.signal).finally(() => {
      this.#settled = true;
    });
    // All waiters may have left: then nobody is there to hear of a failure.
    this.#result.catch(() => undefined);
  }

  /** It has settled, or was aborted: the next caller starts another. */
  get isOver(): boolean {
    return this.#settled || this.#controller.signal.aborted;
  }

  /** The outcome of the work, or the signal's reason if that comes first. */
  join(signal?: AbortSignal): Promise<T> {
    if (signal === undefined) {
      // It never leaves, and so the work is never aborted.
      this.#waiting += 1;
      return this.#result;
    }
    if (signal.aborted) return Promise.reject(signal.reason);
    this.#waiting += 1;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = (): void => {
      this.#waiting -= 1;
      reject(signal.reason);
      if (this.#waiting === 0 && !this.#settled) this.#controller.abort(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#result.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject);
    return promise;
  }
}
