import { shapeHintAfter } from './find-secrets.ts';
import { secretNameAfter } from './named-secrets.ts';

/**
 * The places near which `findSecrets` may find something, in a text of many lines: a line without one has no secret, and need not
 * be looked at. Looking through a block of lines at once is several times as fast as through each.
 *
 * All hints are ASCII: of UTF-8 that was decoded as Latin-1, which is the fastest, the places are those of the bytes.
 *
 * @example
 * const hints = new SecretHints(block);
 * if (hints.isIn(start, end)) findSecrets(block.slice(start, end));
 */
export class SecretHints {
  readonly #text: string;
  #name = -2;
  #shape = -2;

  constructor(text: string) {
    this.#text = text;
  }

  /** Tells whether there is a hint in this part of the text. Parts are asked for in order. */
  isIn(start: number, end: number): boolean {
    if (this.#name !== -1 && this.#name < start) this.#name = secretNameAfter(this.#text, start);
    if (this.#name !== -1 && this.#name < end) return true;
    if (this.#shape !== -1 && this.#shape < start) this.#shape = shapeHintAfter(this.#text, start);
    return this.#shape !== -1 && this.#shape < end;
  }
}
