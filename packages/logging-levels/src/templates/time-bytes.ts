/** A time as it is written in a log, in bytes of ASCII: of the many that are compared no text is made. */
export class TimeBytes {
  length = 0;
  readonly #bytes = new Uint8Array(LONGEST);

  /** Tells whether it is later than the one in these bytes, as their texts are compared; nothing is later than none. */
  isAfter(bytes: Uint8Array, start: number, end: number): boolean {
    const length = Math.min(this.length, end - start);
    for (let at = 0; at < length; at += 1) {
      const difference = (this.#bytes[at] as number) - (bytes[start + at] as number);
      if (difference !== 0) return difference > 0;
    }
    return this.length > end - start;
  }

  keep(bytes: Uint8Array, start: number, end: number): void {
    this.length = Math.min(end - start, LONGEST);
    for (let at = 0; at < this.length; at += 1) this.#bytes[at] = bytes[start + at] as number;
  }

  /** Its text; then there is none. */
  take(): string {
    const text = String.fromCharCode(...this.#bytes.subarray(0, this.length));
    this.length = 0;
    return text;
  }
}

/** A date, a time and a fraction of a second of any length that is written. */
const LONGEST = 48;
