/** The part of a stream that was asked for, as pieces of the whole come by. */
export class Range {
  #skip: number;
  #left: number;

  constructor(offset: number, length: number) {
    this.#skip = offset;
    this.#left = length;
  }

  /** Whether all that was asked for has come. */
  get isDone(): boolean {
    return this.#left === 0;
  }

  /** The part of a piece that is in the range; of no bytes if none is. */
  of(piece: Uint8Array): Uint8Array {
    const begin = Math.min(this.#skip, piece.length);
    this.#skip -= begin;
    const end = Math.min(piece.length, begin + this.#left);
    this.#left -= end - begin;
    return piece.subarray(begin, end);
  }
}
