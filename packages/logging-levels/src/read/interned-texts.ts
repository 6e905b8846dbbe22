/**
 * Texts that come again and again, each made once: the names of loggers, of which a log of a million lines has some hundred, and the
 * warnings of a service that repeats itself. The same text is the same string, so that a map that is asked for it need neither hash
 * nor compare it.
 */
export class InternedTexts {
  readonly #most: number;
  readonly #longest: number;
  readonly #byHash = new Map<number, Interned>();

  /** @param most - how many are kept. @param longest - bytes: what is longer is made each time */
  constructor({ most, longest }: { readonly most: number; readonly longest: number }) {
    this.#most = most;
    this.#longest = longest;
  }

  /** The text of bytes of UTF-8. */
  of(bytes: Buffer, start: number, end: number): string {
    if (end - start > this.#longest) return bytes.toString('utf8', start, end);
    let hash = end - start;
    // Of a long one some: that all are the same is looked at in any case.
    const step = 1 + (hash >> 5);
    for (let at = start; at < end; at += step) hash = Math.imul(hash, 31) ^ (bytes[at] as number);
    const known = this.#byHash.get(hash);
    if (known !== undefined && isAt(known.bytes, bytes, start, end)) return known.text;
    const text = bytes.toString('utf8', start, end);
    // Who makes texts up, or another one of the same hash, only has them made each time.
    if (known === undefined && this.#byHash.size < this.#most)
      this.#byHash.set(hash, { bytes: Uint8Array.from(bytes.subarray(start, end)), text });
    return text;
  }
}

interface Interned {
  readonly bytes: Uint8Array;
  readonly text: string;
}

function isAt(known: Uint8Array, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index += 1)
    if (known[index] !== bytes[start + index]) return false;
  return true;
}
