import { DELIMITER, HEX, KINDS, QUOTE, VALUE } from './byte-kinds.ts';

/** What stands in a shape for whatever varies. */
export const VARIES = '<*>';

/**
 * What a message is without what varies: its words, its punctuation, and `<*>` where something varies. A shape depends on nothing
 * but the message, so that it is the same in any order of files, and after a restart.
 *
 * Variable is
 * - a word with a digit or an `@`, one of eight hexadecimal letters or more, one of more than 128 bytes, a path with its query,
 *   and what stands in quotes; of a request in quotes (`"GET /v2.1 HTTP/1.1"`) all but its method
 * - `None`, `True` and `False`, which stand where values do
 * - whatever stands between two of these, if it is punctuation alone: a list or a dictionary is one, however long it is
 *
 * Several blanks are one: what is written in columns is as wide as its neighbours make it.
 */
export class ShapeScanner {
  /** Both halves of the hash of the shape that was scanned last, each of 32 bits with a sign. */
  high = 0;
  low = 0;
  /** Of each piece where it begins, and where it ends. */
  readonly #pieces = new Int32Array(2 * MOST_PIECES);
  #count = 0;
  readonly #high: number;
  readonly #low: number;

  /**
   * @param seed - where the hash begins. One that nobody knows keeps a tenant, whose names are in messages, from choosing two
   * messages of one hash. @default the same for all
   */
  constructor(seed: readonly [high: number, low: number] = [0, 0]) {
    this.#high = seed[0] ^ 0x81_1c_9d_c5;
    this.#low = seed[1] ^ 0x0b_ad_5e_ed;
  }

  /**
   * Scans a message, from left to right and once. One of more than 512 pieces, or of more than 2,048 bytes that do not vary, has
   * the shape of its beginning.
   *
   * The hash is two of 32 bits, after Fowler, Noll and Vo (FNV-1a) with different primes; it is put back when what was hashed
   * turns out to vary.
   *
   * @param bytes - UTF-8
   */
  scan(bytes: Uint8Array, from: number, to: number): void {
    const pieces = this.#pieces;
    let high = this.#high;
    let low = this.#low;
    let count = 0;
    let constant = 0;
    // What all of these were after the last variable piece, while nothing but punctuation has come since; else no count.
    let openCount = -1;
    let openHigh = 0;
    let openLow = 0;
    let openConstant = 0;
    /** The quotes of which none closes any more: each is looked for once. */
    let unclosed = 0;
    // Where in a request in quotes its method has ended, and where it ends itself.
    let targetStart = -1;
    let targetEnd = -1;
    for (let at = from; at < to && count < MOST_PIECES && constant < MOST_CONSTANT;) {
      const start = at;
      const first = byteAt(bytes, at);
      const kind = kindAt(bytes, at);
      let end = at + 1;
      let isVariable = false;
      if (at === targetStart) {
        at = targetEnd;
        isVariable = true;
      } else if (kind === DELIMITER) {
        at += 1;
        if (first === SPACE) while (at < to && bytes[at] === SPACE) at += 1;
      } else if (kind === QUOTE && unclosed !== first && at !== targetEnd) {
        const close = closing(bytes, at, to);
        const target = close < 0 ? -1 : targetOf(bytes, at + 1, close);
        at += 1;
        if (close < 0) unclosed = first;
        else if (target < 0) {
          at = close + 1;
          isVariable = true;
        } else {
          targetStart = target;
          targetEnd = close;
        }
      } else if (kind === QUOTE) at += 1;
      else {
        let wordHigh = high;
        let wordLow = low;
        let kinds = 0;
        isVariable = first === SLASH;
        for (; at < to && !isVariable; at += 1) {
          const byte = byteAt(bytes, at);
          const inside = KINDS[byte] as number;
          if (inside === DELIMITER) break;
          isVariable = inside === VALUE;
          kinds |= inside;
          wordHigh = Math.imul(wordHigh ^ byte, HIGH_PRIME);
          wordLow = mixed(wordLow, byte);
        }
        end = isVariable ? endOfValue(bytes, at, to, first === SLASH) : at;
        at = end;
        isVariable ||= isValue(bytes, start, end, kinds);
        if (!isVariable) {
          high = wordHigh;
          low = wordLow;
          openCount = -1;
          pieces[2 * count] = start;
          pieces[2 * count + 1] = end;
          count += 1;
          constant += end - start;
          continue;
        }
      }
      if (!isVariable) {
        high = Math.imul(high ^ first, HIGH_PRIME);
        low = mixed(low, first);
        pieces[2 * count] = start;
        pieces[2 * count + 1] = end;
        count += 1;
        constant += 1;
      } else if (openCount >= 0) {
        count = openCount;
        high = openHigh;
        low = openLow;
        constant = openConstant;
      } else {
        // No byte is 256.
        high = Math.imul(high ^ 256, HIGH_PRIME);
        low = mixed(low, 256);
        pieces[2 * count] = VARIABLE;
        count += 1;
        openCount = count;
        openHigh = high;
        openLow = low;
        openConstant = constant;
      }
    }
    this.#count = count;
    this.high = high;
    this.low = low;
  }

  /** The shape of the message that was scanned last, of the bytes that it was scanned in. */
  text(bytes: Uint8Array): string {
    let text = '';
    for (let at = 0; at < 2 * this.#count; at += 2) {
      const start = this.#pieces[at] ?? VARIABLE;
      text += start === VARIABLE ? VARIES : DECODER.decode(bytes.subarray(start, this.#pieces[at + 1]));
    }
    return text;
  }
}

const MOST_PIECES = 512;
const MOST_CONSTANT = 2048;
const LONGEST_WORD = 128;
/** Where a piece begins that varies. */
const VARIABLE = -1;
const SLASH = 0x2f;
const SPACE = 0x20;
const COLON = 0x3a;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const HIGH_PRIME = 0x01_00_01_93;
const LOW_PRIME = 0x85_eb_ca_6b;
// A mark of the order of bytes at the beginning of a piece is a part of it.
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes are looked at inside of them only. */
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] as number;
const kindAt = (bytes: Uint8Array, at: number): number => KINDS[bytes[at] as number] as number;

function mixed(hash: number, byte: number): number {
  const next = Math.imul(hash ^ byte, LOW_PRIME);
  return next ^ (next >>> 13);
}

/** Where the quote closes that begins at `at`; -1 if it does not. */
function closing(bytes: Uint8Array, at: number, to: number): number {
  const quote = bytes[at];
  for (let byte = at + 1; byte < to; byte += 1) {
    if (bytes[byte] === BACKSLASH) byte += 1;
    else if (bytes[byte] === quote) return byte;
  }
  return -1;
}

/** Where a word that varies ends. A path or URL goes on behind a `:` or a `=` that no blank follows: a port, a query. */
function endOfValue(bytes: Uint8Array, from: number, to: number, isPath: boolean): number {
  for (let at = from; at < to; at += 1)
    if (kindAt(bytes, at) === DELIMITER && !(isPath && goesOn(bytes, at, to))) return at;
  return to;
}

const goesOn = (bytes: Uint8Array, at: number, to: number): boolean =>
  (bytes[at] === COLON || bytes[at] === EQUALS) && at + 1 < to && bytes[at + 1] !== SPACE;

/** Where the target of a request begins, behind its method (RFC 9112, 3): `GET /`, `POST http`; -1 if it is none. */
function targetOf(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && at - from < 8 && isCapital(byteAt(bytes, at))) at += 1;
  if (at - from < 3 || at + 1 >= to || bytes[at] !== SPACE) return -1;
  return bytes[at + 1] === SLASH || isHttp(bytes, at + 1) ? at + 1 : -1;
}

const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

const HTTP = new TextEncoder().encode('http');
const isHttp = (bytes: Uint8Array, at: number): boolean =>
  HTTP.every((byte, index) => bytes[at + index] === byte);

const VALUES = ['None', 'True', 'False'].map((word) => new TextEncoder().encode(word));

/** Tells whether a word without a digit is a value. */
function isValue(bytes: Uint8Array, start: number, end: number, kinds: number): boolean {
  const length = end - start;
  if (length > LONGEST_WORD || (kinds === HEX && length >= 8)) return true;
  if ((length !== 4 && length !== 5) || !isCapital(byteAt(bytes, start))) return false;
  return VALUES.some(
    (word) => word.length === length && word.every((byte, index) => bytes[start + index] === byte),
  );
}
