/** Bytes between two reports of progress. */
const PROGRESS_STEP = 16 * 1024 * 1024;

/**
 * A stream on its way to restic, which refuses to store nothing (`ErrFileEmpty` of `internal/fs/fs_reader.go`): for one without bytes
 * a single byte is sent. Its first piece is read before restic starts, so that a source that cannot be read starts nothing.
 */
export class Source {
  /** Bytes of the stream that were handed over. */
  size = 0;
  readonly isEmpty: boolean;
  readonly #rest: AsyncIterator<Uint8Array>;
  readonly #first: Uint8Array;
  readonly #onProgress: ((bytes: number) => void) | undefined;

  private constructor(
    rest: AsyncIterator<Uint8Array>,
    first: Uint8Array | undefined,
    onProgress: ((bytes: number) => void) | undefined,
  ) {
    this.#rest = rest;
    this.isEmpty = first === undefined;
    this.#first = first ?? new Uint8Array();
    this.#onProgress = onProgress;
  }

  static async begin(
    content: AsyncIterable<Uint8Array>,
    onProgress: ((bytes: number) => void) | undefined,
  ): Promise<Source> {
    const pieces = content[Symbol.asyncIterator]();
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return new Source(pieces, undefined, onProgress);
      if (next.value.length > 0) return new Source(pieces, next.value, onProgress);
    }
  }

  /** Bytes that restic was sent. */
  get sent(): number {
    return this.isEmpty ? 1 : this.size;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    if (this.isEmpty) {
      yield new Uint8Array(1);
      this.#onProgress?.(0);
      return;
    }
    let told = 0;
    yield this.#counted(this.#first);
    for (let next = await this.#rest.next(); next.done !== true; next = await this.#rest.next()) {
      if (this.size - told >= PROGRESS_STEP) {
        told = this.size;
        this.#onProgress?.(told);
      }
      yield this.#counted(next.value);
    }
    this.#onProgress?.(this.size);
  }

  /** Lets go of what was not read. Not awaited: a piece that is waited for may never come. */
  end(): void {
    this.#rest.return?.().catch(() => undefined);
  }

  #counted(piece: Uint8Array): Uint8Array {
    this.size += piece.length;
    return piece;
  }
}
