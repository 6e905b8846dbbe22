/** Bytes at offsets. Extents are parts of it, and may be held by several contents at once. */
export interface ByteSource {
  /** Reads the bytes from `start` to before `end`, in pieces of at most some hundred KiB. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  /** There is one holder more. */
  retain(): void;
  /** There is one holder less; the last one frees what it takes. */
  dispose(): void;
}

/** The count of holders of a source, of which its maker is the first. */
export function heldUntil(free: () => void): Pick<ByteSource, 'retain' | 'dispose'> {
  let holders = 1;
  return {
    retain: () => {
      holders += 1;
    },
    dispose: () => {
      holders -= 1;
      if (holders === 0) free();
    },
  };
}

/** What takes no room has holders that need not be counted. */
const uncounted = { retain: () => {}, dispose: () => {} };

/** The size of the pieces in which made-up bytes are read. */
const PIECE = 256 * 1024;

/** A source whose bytes are computed when they are read. `fill` is given a piece of zeros, and where it begins. */
export const computed = (fill: (piece: Uint8Array, offset: number) => void): ByteSource => ({
  ...uncounted,
  async *read(start, end) {
    for (let at = start; at < end; at += PIECE) {
      const piece = new Uint8Array(Math.min(PIECE, end - at));
      fill(piece, at);
      yield piece;
    }
  },
});

/** Nothing but zeros, however far one reads. */
export const ZEROS: ByteSource = computed(() => {});
