import { appendFileSync, closeSync, openSync } from 'node:fs';
import { InputError, maskText, messageOf } from '@groundcrew/ground';
import type { RecordedExchange } from './recorded-exchange.ts';

type TakeExchange = (exchange: RecordedExchange) => void;

/**
 * Where exchanges go, one after the other, and how many went there. A sink that fails costs no call: its first fault is a
 * process warning with the code `GROUNDCREW_CONVERSATION`.
 */
export class ExchangeSink {
  recorded = 0;
  lost = 0;
  readonly #limit: number;
  readonly #take: TakeExchange;
  readonly #end: () => void;
  #isClosed = false;
  #isWarned = false;

  constructor(to: string | TakeExchange, limit: number) {
    this.#limit = limit;
    if (typeof to === 'function') {
      this.#take = to;
      this.#end = () => undefined;
      return;
    }
    const file = openNew(to);
    let isBroken = false;
    this.#take = (exchange) => {
      // Behind a line that was written in part, another one would be lost with it.
      if (isBroken)
        throw new InputError('the file could not be written before', {
          field: 'to',
          operation: 'recordConversation',
        });
      isBroken = true;
      // At once, and not behind the client's back: a program that is killed has lost what was not written, and a queue grows.
      appendFileSync(file, `${JSON.stringify(exchange)}\n`);
      isBroken = false;
    };
    this.#end = () => closeSync(file);
  }

  /** Takes what `make` makes of an exchange. Neither what it throws nor what the sink does reaches the caller. */
  take(make: () => RecordedExchange): void {
    if (this.#isClosed || this.recorded >= this.#limit) {
      this.lost += 1;
      return;
    }
    try {
      this.#take(make());
      this.recorded += 1;
    } catch (error) {
      this.lost += 1;
      this.#warn(error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end();
  }

  #warn(error: unknown): void {
    // Once: it would otherwise warn at every request.
    if (this.#isWarned) return;
    this.#isWarned = true;
    process.emitWarning(`a conversation is not recorded as a whole: ${maskText(messageOf(error))}`, {
      type: 'GroundcrewWarning',
      code: 'GROUNDCREW_CONVERSATION',
    });
  }
}

/** Nobody but its owner reads what a cloud answered. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (cause) {
    throw new InputError(`recordConversation: to: ${messageOf(cause)}`, {
      field: 'to',
      operation: 'recordConversation',
      remedy:
        'It must be the path of a file that is not there yet, in a folder that is: a recording is not overwritten.',
      cause,
    });
  }
}
