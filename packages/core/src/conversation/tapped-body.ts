/** The end of a body, of which every byte went past. */
export interface BodyEnd {
  /** `cancelled`: who read it had enough. `broken`: it ended with the error. */
  readonly kind: 'whole' | 'cancelled' | 'broken';
  /** The text until then; `undefined` of one that is longer than was to be kept. */
  readonly text: string | undefined;
  /** Its length until then. */
  readonly bytes: number;
  readonly error?: unknown;
}

/**
 * A body that tells of its end, once, with the text that it had. It is read no faster than its reader reads, and is not touched
 * before that; nothing is held but the text, up to a limit.
 *
 * @param most - bytes; of a longer body nothing is kept
 */
export function tappedBody(
  body: ReadableStream<Uint8Array>,
  most: number,
  ended: (end: BodyEnd) => void,
): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let text = '';
  let bytes = 0;
  let isOver = false;
  const tell = (kind: BodyEnd['kind'], error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    ended({ kind, text: bytes > most ? undefined : text + decoder.decode(), bytes, error });
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        reader ??= body.getReader();
        try {
          const { done, value } = await reader.read();
          if (isOver) return;
          if (done) {
            tell('whole');
            controller.close();
            return;
          }
          bytes += value.byteLength;
          text = bytes > most ? '' : text + decoder.decode(value, { stream: true });
          controller.enqueue(value);
        } catch (error) {
          tell('broken', error);
          throw error;
        }
      },
      async cancel(reason) {
        tell('cancelled');
        await (reader === undefined ? body.cancel(reason) : reader.cancel(reason));
      },
    },
    // Nothing is read ahead of its reader.
    { highWaterMark: 0 },
  );
}
