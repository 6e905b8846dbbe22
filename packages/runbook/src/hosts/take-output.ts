import type { Readable } from 'node:stream';

/**
 * Hands over output piece by piece, each when the one before was taken. Resolves at its end, and where it is closed from this side.
 *
 * @throws what `take` throws
 */
export async function takeOutput(
  output: Readable,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const pieces = output[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await pieces.next();
    } catch {
      // It was closed; what ended it is told by how the process ended.
      return;
    }
    if (next.done === true) return;
    await take(next.value);
  }
}
