/**
 * Work with a limit of the machine's time, after which its signal aborts. No timer is left behind.
 *
 * @param signal - aborts the work as well
 */
export async function withinLimit<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new Error(`took longer than ${limitMs} ms`)), limitMs);
  try {
    return await work(signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]));
  } finally {
    clearTimeout(timer);
  }
}
