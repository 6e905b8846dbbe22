import type { Reply } from '../call/request.ts';
import { ConnectionError } from '../errors/errors.ts';
import { connectionFailureOf } from '../wire/connection-failure.ts';

/** A body that ended before its end. */
export class DownloadInterrupted extends Error {
  readonly failure: ConnectionError;

  constructor({ facts }: Reply, cause: unknown) {
    super('broken off');
    const { message, reason } = connectionFailureOf(cause);
    const where = `${facts.service} ${facts.operation}: ${facts.method} ${facts.url}`;
    this.failure = new ConnectionError(`${where}: the transfer broke off: ${message} (${reason})`, facts, {
      code: 'unreachable',
      reason,
      remedy:
        'It was resumed as often as `retries` allows. Is the connection, or a proxy on its way, unstable?',
      cause,
    });
  }
}

/** Reads the bytes that follow those already received. @throws DownloadInterrupted */
export async function* rest(
  reply: Reply,
  body: AsyncIterable<Uint8Array>,
  skip: number,
): AsyncGenerator<Uint8Array> {
  let left = skip;
  try {
    for await (const chunk of body) {
      if (left < chunk.byteLength) yield left === 0 ? chunk : chunk.subarray(left);
      left = Math.max(0, left - chunk.byteLength);
    }
  } catch (cause) {
    throw new DownloadInterrupted(reply, cause);
  }
}
