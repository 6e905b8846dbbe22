import { inspect } from 'node:util';

/**
 * A secret that does not print, serialise, or reach an error, an event or a log by accident.
 *
 * @example
 * const secret = new Secret('pa55');
 * `${secret}`;             // '***'
 * JSON.stringify(secret);  // '"***"'
 * secret.reveal();         // 'pa55'
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Wraps text; leaves a `Secret` as it is. */
  static of(value: string | Secret): Secret {
    return value instanceof Secret ? value : new Secret(value);
  }

  /** The one way out: call it where the wire needs it, and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
