import { StallError } from '../errors.ts';

/** Ends a transfer in which no byte has moved for too long; and with it, whoever waits for the transfer. */
export class Stall implements Disposable {
  /** Why it ended, once it has. */
  reason: Error | undefined;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #forward = (): void => this.#controller.abort(this.#caller?.reason);
  readonly #timer: NodeJS.Timeout;
  #paused = false;

  constructor(what: string, milliseconds: number, caller: AbortSignal | undefined) {
    this.#caller = caller;
    if (caller?.aborted) this.#forward();
    caller?.addEventListener('abort', this.#forward, { once: true });
    this.#timer = setTimeout(() => {
      if (this.#paused) {
        this.#timer.refresh();
        return;
      }
      this.reason = new StallError(`${what}: no byte moved for ${milliseconds} ms`);
      this.#controller.abort(this.reason);
    }, milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  moved(): void {
    this.#paused = false;
    this.#timer.refresh();
  }

  pause(): void {
    this.#paused = true;
  }

  /** A rejection because of the stall, as the stall. */
  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.reason ?? error;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#forward);
  }
}
