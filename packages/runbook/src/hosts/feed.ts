import type { Writable } from 'node:stream';

/**
 * Writes pieces at the speed at which they are read, so that never more than one of them waits. Ends the stream after the last;
 * stops where the reader has gone, which is the reader's business.
 *
 * @throws what the pieces throw; the stream is left open then, since an end would tell the reader that it has everything
 */
export async function feed(into: Writable, pieces: AsyncIterator<Uint8Array>): Promise<void> {
  for (;;) {
    const next = await pieces.next();
    if (into.destroyed || into.writableEnded) return;
    if (next.done === true) break;
    if (next.value.length > 0 && !into.write(next.value)) await drained(into);
  }
  into.end();
}

/** Resolves when it takes more, and when it never will. */
const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.once(event, done);
    if (stream.destroyed) done();
  });

/** Tells whether what is fed to a command is a stream: text and bytes are there as a whole. */
export const isByteStream = (
  given: string | Uint8Array | AsyncIterable<Uint8Array>,
): given is AsyncIterable<Uint8Array> => typeof given === 'object' && Symbol.asyncIterator in given;
