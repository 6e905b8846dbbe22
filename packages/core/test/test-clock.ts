import type { Clock } from '@groundcrew/ground';

/** A clock that never waits: a sleep moves it on, and is written down. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  #now: number;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.#now += ms;
    await Promise.resolve();
    signal?.throwIfAborted();
  }
}
