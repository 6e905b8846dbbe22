import type { Answer } from '../answer.ts';
import type { VirtualClock } from '../clock.ts';
import type { FaultReply } from '../faults.ts';
import { faultyStream } from '../stream-faults.ts';

/** The HTTP response of an answer. A script may have it break off, or change what is streamed. */
export function respond(
  answer: Answer,
  { method, signal }: Request,
  clock: VirtualClock,
  struck: readonly FaultReply[],
): Response {
  const headers = new Headers({ Date: new Date(clock.now()).toUTCString(), ...answer.headers });
  let body: NonNullable<Answer['raw']> | null = null;
  if (answer.raw !== undefined) body = answer.raw;
  else if (answer.body !== undefined) {
    if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/json');
    body = JSON.stringify(answer.body);
  }
  if (body instanceof ReadableStream) body = faultyStream(body, struck, { clock, signal });
  const truncation = struck.find((reply) => reply.kind === 'truncate');
  if (truncation !== undefined && typeof body === 'string') {
    // The length is that of the whole, so that a client which looks can tell.
    headers.set('X-Groundcrew-Truncated', String(truncation.bytes));
    body = body.slice(0, truncation.bytes);
  }
  const empty = method === 'HEAD' || answer.status === 204 || answer.status === 304;
  return new Response(empty ? null : body, { status: answer.status, headers });
}
