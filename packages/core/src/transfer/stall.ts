import { StallError } from '../errors/errors.ts';

/**
 * Ends a transfer in which no byte has moved for too long, or whose source failed; and with it, whoever waits for
 * the transfer.
 */
export class Stall implements Disposable {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #forward = (): void => this.end(this.#caller?.reason);
  readonly #timer: NodeJS.Timeout;
  #paused = false;

  constructor(what: string, milliseconds: number, caller: AbortSignal | undefined) {
    this.#caller = caller;
    if (caller?.aborted) this.#forward();
    caller?.addEventListener('abort', this.#forward, { once: true });
    this.#timer = setTimeout(() => {
      if (this.#paused) this.#timer.refresh();
      else this.end(new StallError(`${what}: no byte moved for ${milliseconds} ms`, { remedy: REMEDY }));
    }, milliseconds);
  }

  /** Aborted with why it ended: the stall, the caller's own reason, or the source's error. */
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

  end(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** A rejection after the end, as what ended it. */
  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.signal.throwIfAborted();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#forward);
  }
}

const REMEDY =
  'Is the store behind the service overloaded, or the network broken? `stall` may be given more time.';
