import { inSeconds } from '../option-parts.ts';

/**
 * Waits for a driver no longer than `ms` milliseconds of the machine's own time, which is that of its sockets and processes,
 * even if it heeds no signal. Leaves no timer and no listener.
 */
export async function within<T>(
  ms: number,
  given: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  given?.throwIfAborted();
  const stop = new AbortController();
  const aborted = (): void => stop.abort(given?.reason);
  given?.addEventListener('abort', aborted, { once: true });
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${inSeconds(ms)}`)), ms);
  try {
    return await new Promise<T>((resolve, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
      ask(stop.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    given?.removeEventListener('abort', aborted);
  }
}
