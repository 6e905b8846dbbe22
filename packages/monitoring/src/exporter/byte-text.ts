import { quotable } from './label-text.ts';

/**
 * UTF-8 that grows. A hundred thousand lines put together as strings make millions of pieces for the garbage collector and are
 * encoded afterwards; written byte by byte they cost a quarter of that (docs/decisions/0016).
 */
export class ByteText {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  /** @param size - what it will be about; it grows past that */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Adds a text as it is. */
  add(text: string): void {
    if (!this.#addIf(ASCII, text)) this.#length += this.#bytes.write(text, this.#length);
  }

  /** Adds a label's value with the escapes that stand between quotes. */
  addQuotable(text: string): void {
    if (!this.#addIf(PLAIN, text)) this.add(quotable(text));
  }

  /** What it is now. Nothing may be added behind it. */
  bytes(): Uint8Array<ArrayBuffer> {
    const used = this.#bytes.subarray(0, this.#length);
    // A text is kept as long as its round is: much room that nothing is in would be kept with it.
    return this.#length * 2 < this.#bytes.length ? new Uint8Array(used) : used;
  }

  /** Adds the text if all its characters are of a kind, and tells whether they were; there is room for it if not. */
  #addIf(kind: Uint8Array, text: string): boolean {
    this.#makeRoom(text.length * 3);
    const bytes = this.#bytes;
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) {
      // oxlint-disable-next-line unicorn/prefer-code-point -- a half of a pair is of no kind either, and this is the inner loop
      const code = text.charCodeAt(index);
      if (kind[code] !== 1) return false;
      bytes[start + index] = code;
    }
    this.#length = start + text.length;
    return true;
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow((this.#length + more) * 2);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** For each character 1 if it is one byte. */
const ASCII = Uint8Array.from({ length: 0x80 }, () => 1);
/** For each character 1 if it is one byte that stands between quotes as it is. */
const PLAIN = Uint8Array.from({ length: 0x7f }, (_, code) =>
  code < 0x20 || code === 0x22 || code === 0x5c ? 0 : 1,
);
