/** Bytes that are told by a seed and their place, as a stream of pieces of odd lengths. */
export async function* bytesOf(
  seed: number,
  size: number,
  piece = 100_003,
): AsyncGenerator<Uint8Array, void, undefined> {
  const block = blockOf(seed);
  for (let at = 0; at < size; at += piece) {
    const bytes = new Uint8Array(Math.min(piece, size - at));
    // Each place has its own byte, so that a piece that is missing or doubled shows.
    for (let index = 0; index < bytes.length; index += 1) {
      const place = at + index;
      bytes[index] = (block[place % block.length] ?? 0) ^ (place >>> 16);
    }
    yield bytes;
  }
}

/** Noise, which does not compress. */
function blockOf(seed: number): Uint8Array {
  const block = new Uint8Array(65_521);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let index = 0; index < block.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    block[index] = state >>> 24;
  }
  return block;
}

/** All of a stream. */
export async function wholeOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
