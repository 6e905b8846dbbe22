import { DELIMITER, DIGIT, HEX, KINDS, QUOTE } from './byte-kinds.ts';

/**
 * What a message is without what varies: its words, its punctuation, and `<*>` where something varies. A shape depends on nothing
 * but the message, so that it is the same in any order of files, and after a restart.
 *
 * Variable is
 * - a word with a digit, one of eight hexadecimal letters or more, a path, and what stands in quotes
 * - `None`, `True` and `False`, which stand where values do
 * - whatever stands between two of these, if it is punctuation alone: a list or a dictionary is one, however long it is
 */
export class ShapeScanner {
  /** Both halves of the hash of the shape that was scanned last, each of 32 bits. */
  high = 0;
  low = 0;
  /** Of each piece where it begins, where it ends, and its kind. */
  readonly #pieces = new Int32Array(3 * MOST_PIECES);
  #count = 0;

  /**
   * Scans a message, from left to right and once. One of more than 512 pieces has the shape of its first ones.
   *
   * @param bytes - UTF-8
   */
  scan(bytes: Uint8Array, from: number, to: number): void {
    this.#cut(bytes, from, to);
    this.#fold();
    this.#hash(bytes);
  }

  /** The shape of the message that was scanned last, of the bytes that it was scanned in. */
  text(bytes: Uint8Array): string {
    let text = '';
    for (let at = 0; at < 3 * this.#count; at += 3) {
      const [start, end, kind] = this.#pieces.subarray(at, at + 3);
      text += kind === VARIABLE ? '<*>' : DECODER.decode(bytes.subarray(start, end));
    }
    return text;
  }

  #cut(bytes: Uint8Array, from: number, to: number): void {
    this.#count = 0;
    /** The quotes of which none closes any more: each is looked for once. */
    let unclosed = 0;
    for (let at = from; at < to && this.#count < MOST_PIECES;) {
      const start = at;
      const first = bytes[at] ?? 0;
      const kind = KINDS[first];
      if (kind === DELIMITER) {
        at += 1;
        this.#push(start, at, PUNCTUATION);
      } else if (kind === QUOTE && unclosed !== first) {
        const end = closing(bytes, at, to);
        if (end < 0) unclosed = first;
        at = end < 0 ? at + 1 : end + 1;
        this.#push(start, at, end < 0 ? PUNCTUATION : VARIABLE);
      } else {
        let isVariable = first === SLASH;
        let isHex = true;
        for (; at < to; at += 1) {
          const inside = KINDS[bytes[at] ?? 0];
          if (inside === DELIMITER) break;
          if (inside === DIGIT) isVariable = true;
          else if (inside !== HEX) isHex = false;
        }
        if (!isVariable) isVariable = isHex ? at - start >= 8 : isValue(bytes, start, at);
        this.#push(start, at, isVariable ? VARIABLE : WORD);
      }
    }
  }

  /** Makes one of all variable pieces between which there is punctuation alone. */
  #fold(): void {
    const pieces = this.#pieces;
    let kept = 0;
    /** How many pieces there were after the last variable one, while nothing but punctuation has come since. */
    let open = -1;
    for (let index = 0; index < this.#count; index += 1) {
      const kind = pieces[3 * index + 2] ?? WORD;
      if (kind === VARIABLE && open >= 0) {
        kept = open;
        continue;
      }
      pieces.copyWithin(3 * kept, 3 * index, 3 * index + 3);
      kept += 1;
      if (kind === VARIABLE) open = kept;
      else if (kind === WORD) open = -1;
    }
    this.#count = kept;
  }

  /** Two hashes of 32 bits after Fowler, Noll and Vo (FNV-1a), with different primes. */
  #hash(bytes: Uint8Array): void {
    let [high, low] = [0x81_1c_9d_c5, 0x0b_ad_5e_ed];
    for (let at = 0; at < 3 * this.#count; at += 3) {
      const end = this.#pieces[at + 1] ?? 0;
      const isVariable = this.#pieces[at + 2] === VARIABLE;
      // No text has a byte of 256.
      for (let byte = isVariable ? end - 1 : (this.#pieces[at] ?? 0); byte < end; byte += 1) {
        const value = isVariable ? 256 : (bytes[byte] ?? 0);
        high = Math.imul(high ^ value, 0x01_00_01_93);
        low = Math.imul(low ^ value, 0x85_eb_ca_6b);
        low ^= low >>> 13;
      }
    }
    this.high = high >>> 0;
    this.low = low >>> 0;
  }

  #push(start: number, end: number, kind: number): void {
    const at = 3 * this.#count;
    this.#pieces[at] = start;
    this.#pieces[at + 1] = end;
    this.#pieces[at + 2] = kind;
    this.#count += 1;
  }
}

const MOST_PIECES = 512;
const [WORD, VARIABLE, PUNCTUATION] = [0, 1, 2];
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const DECODER = new TextDecoder();

/** Where the quote closes that begins at `at`; -1 if it does not. */
function closing(bytes: Uint8Array, at: number, to: number): number {
  const quote = bytes[at];
  for (let byte = at + 1; byte < to; byte += 1) {
    if (bytes[byte] === BACKSLASH) byte += 1;
    else if (bytes[byte] === quote) return byte;
  }
  return -1;
}

const VALUES = ['None', 'True', 'False'].map((word) => new TextEncoder().encode(word));

const isValue = (bytes: Uint8Array, start: number, end: number): boolean =>
  VALUES.some(
    (word) => word.length === end - start && word.every((byte, index) => bytes[start + index] === byte),
  );
