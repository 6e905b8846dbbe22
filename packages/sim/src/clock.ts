import { z } from 'zod';
import {
  type Clock,
  type Duration,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';

export interface VirtualClockOptions {
  /**
   * `hand`: time stands until {@link VirtualClock.advance}. `jump`: a sleep on this clock moves the time to its end at
   * once, so that a waiter that uses the clock never really sleeps, also while the clock follows the machine's. @default 'jump'
   */
  readonly mode?: 'hand' | 'jump' | undefined;
}

const clockOptions = optionsSchema<VirtualClockOptions>({ mode: z.enum(['hand', 'jump']).optional() });

const refuse = (field: string, message: string): InputError =>
  new InputError(`virtualClock: ${field}: ${message}`, { field, operation: 'virtualClock' });

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that moves when it is told to. Everything that is due then happens, in order. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #due: Due[] = [];
  #sleepCount = 0;
  readonly #jumps: boolean;
  #wall: { readonly since: number; base: number; readonly speed: number } | undefined;

  constructor(start: string | number = '2026-01-01T00:00:00Z', options: VirtualClockOptions = {}) {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
    parseArguments('virtualClock', clockOptions, options);
    if (Number.isNaN(this.#now)) throw refuse('start', `${start} is no moment`);
    this.#jumps = (options.mode ?? 'jump') === 'jump';
  }

  now(): number {
    return this.#now;
  }

  /** Runs `task` when `ms` have passed. */
  after(ms: number, task: () => void): void {
    this.#at(this.#now + Math.max(0, ms), task);
  }

  /** Moves the time. Each task that falls due on the way runs, and each sleep ends, at its own moment. */
  async advance(by: Duration): Promise<void> {
    const target = this.#now + milliseconds(by);
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) {
      const before = this.#sleepCount;
      this.#run(next);
      // Code whose sleep has ended acts before the time goes on.
      if (this.#sleepCount !== before) await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#wall !== undefined) this.#wall.base += milliseconds(by);
    this.#now = Math.max(this.#now, target);
  }

  /**
   * Lets the time follow the machine's, `speed` times as fast. It is computed when it is read; no timer is left running.
   */
  follow(speed = 1): void {
    this.#wall = { since: Date.now(), base: this.#now, speed };
  }

  /**
   * Brings a clock that follows the machine's up to date, and runs what is due. The cloud does so before each request.
   */
  settle(): void {
    const target =
      this.#wall === undefined
        ? this.#now
        : this.#wall.base + (Date.now() - this.#wall.since) * this.#wall.speed;
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) this.#run(next);
    this.#now = Math.max(this.#now, target);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#wall !== undefined && !this.#jumps) return systemClock.sleep(ms / this.#wall.speed, signal);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      let over = false;
      const end = (finish: () => void): void => {
        if (over) return;
        over = true;
        this.#sleepCount -= 1;
        signal?.removeEventListener('abort', abort);
        finish();
      };
      const abort = (): void => end(() => reject(signal?.reason));
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepCount += 1;
      const target = this.#now + Math.max(0, ms);
      this.#at(target, () => end(resolve));
      // More sleeps may begin later in the same turn: the earliest has to end first.
      if (this.#jumps) setImmediate(() => over || this.#jumpTo(target));
    });
  }

  #jumpTo(target: number): void {
    // A clock that follows keeps its lead.
    if (this.#wall !== undefined) this.#wall.base += Math.max(0, target - this.#now);
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) this.#run(next);
    this.#now = Math.max(this.#now, target);
  }

  #at(at: number, run: () => void): void {
    const due: Due = { at, order: (this.#order += 1), run };
    let index = this.#due.length;
    while (index > 0 && (this.#due[index - 1] as Due).at > at) index -= 1;
    this.#due.splice(index, 0, due);
  }

  #next(until: number): Due | undefined {
    const first = this.#due[0];
    return first !== undefined && first.at <= until ? this.#due.shift() : undefined;
  }

  #run(due: Due): void {
    this.#now = Math.max(this.#now, due.at);
    due.run();
  }
}

/**
 * A clock that stands at `start` until it is told to move.
 *
 * @example
 * const clock = virtualClock('2026-01-01T00:00:00Z');
 * const cloud = simulateCloud({ clock });
 * await clock.advance('8s');
 */
export const virtualClock = (start?: string | number, options?: VirtualClockOptions): VirtualClock =>
  new VirtualClock(start, options);
