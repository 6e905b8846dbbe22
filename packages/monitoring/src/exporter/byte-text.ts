/** UTF-8 that grows: what was added is bytes at once, and no garbage of many strings is left to be collected at the end. */
export class ByteText {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  /** @param size - what it will be about; it grows past that */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  add(text: string): void {
    this.#makeRoom(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** Adds a text whose characters all are ASCII, which is copied as it is. */
  addAscii(text: string): void {
    this.#makeRoom(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  /** What it is now. Nothing may be added behind it. */
  bytes(): Uint8Array<ArrayBuffer> {
    const used = this.#bytes.subarray(0, this.#length);
    // A text is kept as long as its round is: much room that nothing is in would be kept with it.
    return this.#length * 2 < this.#bytes.length ? new Uint8Array(used) : used;
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow((this.#length + more) * 2);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
