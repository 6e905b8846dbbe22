import { TimeLimitPassed } from './exchange.ts';

/**
 * Reads a body as text within a time limit. When it passes, the connection is given up too.
 *
 * An `AbortController` for each request would do the same, at the price of all else that a request costs us.
 *
 * @throws TimeLimitPassed
 */
export async function readText(response: Response, milliseconds: number): Promise<string> {
  if (response.body === null) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  let passed = false;
  const timer = Number.isFinite(milliseconds)
    ? setTimeout(() => {
        passed = true;
        reader.cancel().catch(() => undefined);
      }, milliseconds)
    : undefined;
  try {
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (passed) throw new TimeLimitPassed(milliseconds);
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    clearTimeout(timer);
  }
}
