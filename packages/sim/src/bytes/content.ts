import { type ByteSource, heldUntil } from './byte-source.ts';
import { cover, differences, type Extent, place, type Range } from './extents.ts';

/**
 * What a volume, a snapshot or a backup holds: extents, and zeros where there is none. A copy takes the extents and not the bytes,
 * so that it costs nothing, and neither of the two sees what is written to the other.
 */
export class Content implements ByteSource {
  readonly #extents: Extent[] = [];
  readonly #sources = new Set<ByteSource>();
  readonly #holders = heldUntil(() => {
    for (const source of this.#sources) source.dispose();
    this.#sources.clear();
  });

  constructor(pieces: Iterable<Extent> = []) {
    for (const piece of pieces) this.write(piece);
  }

  /** The extents that were written, in order. */
  get extents(): readonly Extent[] {
    return this.#extents;
  }

  write(piece: Extent): void {
    place(this.#extents, piece);
    if (this.#sources.has(piece.source)) return;
    this.#sources.add(piece.source);
    piece.source.retain();
  }

  /** The bytes as they are when this is called, whatever is written while they are read. */
  read(from: number, to: number): AsyncIterable<Uint8Array> {
    return bytesOf([...cover(this.#extents, { from, to })]);
  }

  /** A content of the same bytes, of which the caller is the holder. */
  copy(): Content {
    return new Content(this.#extents);
  }

  /** The ranges below `size` that were written since this was a copy of `before`, or the other way round, in blocks of `grain`. */
  changesSince(before: Content, facts: { readonly size: number; readonly grain: number }): Range[] {
    return differences(before.#extents, this.#extents, facts);
  }

  /** The extents of a range without gaps. */
  cover(range: Range): Extent[] {
    return [...cover(this.#extents, range)];
  }

  retain(): void {
    this.#holders.retain();
  }

  dispose(): void {
    this.#holders.dispose();
  }
}

async function* bytesOf(extents: readonly Extent[]): AsyncIterable<Uint8Array> {
  for (const { from, to, source, at } of extents) yield* source.read(at, at + (to - from));
}
