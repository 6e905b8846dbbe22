import { createHash } from 'node:crypto';

/** Passes a stream on, and takes its size and its SHA-256 on the way. */
export class DigestStream {
  size = 0;
  readonly #hash = createHash('sha256');
  #sha256: string | undefined;

  /** In hexadecimal digits, of what has come by. Nothing more may come then. */
  get sha256(): string {
    return (this.#sha256 ??= this.#hash.digest('hex'));
  }

  async *of(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of content) {
      this.size += piece.length;
      this.#hash.update(piece);
      yield piece;
    }
  }
}
