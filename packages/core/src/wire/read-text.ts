import { BodyLimitExceeded, TimeLimitExceeded } from './exchange.ts';

export interface ReadLimits {
  /** Milliseconds; `Infinity` waits for ever. */
  readonly timeout: number;
  /** Bytes, after any decompression. */
  readonly most: number;
  /** The effect of a larger body: reading ends with an error, or the text is cut there. */
  readonly beyond: 'throw' | 'cut';
}

/**
 * Reads a body as text, within a time limit and up to a size. When either passes, the connection is given up too: a body of
 * a few kilobytes can decompress to gigabytes.
 *
 * An `AbortController` for each request would do the same, at the price of all else that a request costs us.
 *
 * @throws TimeLimitExceeded, BodyLimitExceeded
 */
export async function readText(response: Response, { timeout, most, beyond }: ReadLimits): Promise<string> {
  if (response.body === null) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  let passed = false;
  const timer = Number.isFinite(timeout)
    ? setTimeout(() => {
        passed = true;
        giveUp();
      }, timeout)
    : undefined;
  try {
    let text = '';
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (passed) throw new TimeLimitExceeded(timeout);
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes <= most) {
        text += decoder.decode(value, { stream: true });
        continue;
      }
      giveUp();
      if (beyond === 'throw') throw new BodyLimitExceeded(most);
      return text + decoder.decode(value.subarray(0, value.byteLength - (bytes - most)));
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The limit of an error's body: a service's own error is short, and a longer body is a web page. */
export const LONGEST_ERROR_BODY = 256 * 1024;
