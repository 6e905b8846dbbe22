import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cloud } from '@groundcrew/core';

interface Tally {
  readonly of: RequestTally;
  count: number;
}

const current = new AsyncLocalStorage<Tally>();

/**
 * Counts requests by what caused them, retries included. An event of a client does not say for whom it was sent, and others may use
 * the client meanwhile: the asynchronous context in which it is emitted tells.
 */
export class RequestTally {
  readonly #cloud: Cloud;
  readonly #counts = new Map<object, Tally>();
  #total = 0;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    cloud.events.on('request', this.#count);
  }

  get total(): number {
    return this.#total;
  }

  of(cause: object): number {
    return this.#counts.get(cause)?.count ?? 0;
  }

  /** Runs what makes requests on behalf of `cause`. */
  run<T>(cause: object, work: () => Promise<T>): Promise<T> {
    const tally = this.#counts.get(cause) ?? { of: this, count: 0 };
    this.#counts.set(cause, tally);
    return current.run(tally, work);
  }

  stop(): void {
    this.#cloud.events.off('request', this.#count);
  }

  readonly #count = (): void => {
    const tally = current.getStore();
    if (tally?.of !== this) return;
    tally.count += 1;
    this.#total += 1;
  };
}
