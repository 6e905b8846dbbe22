import type { Answer } from '../answer.ts';
import type { FaultReply } from '../faults.ts';

/** The HTTP response of an answer. A script may have it break off. */
export function respond(
  answer: Answer,
  now: number,
  method: string,
  struck: readonly FaultReply[],
): Response {
  const headers = new Headers({ Date: new Date(now).toUTCString(), ...answer.headers });
  let body: NonNullable<Answer['raw']> | null = null;
  if (answer.raw !== undefined) body = answer.raw;
  else if (answer.body !== undefined) {
    if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/json');
    body = JSON.stringify(answer.body);
  }
  const truncation = struck.find((reply) => reply.kind === 'truncate');
  if (truncation !== undefined && typeof body === 'string') {
    // The length is that of the whole, so that a client which looks can tell.
    headers.set('X-Groundcrew-Truncated', String(truncation.bytes));
    body = body.slice(0, truncation.bytes);
  }
  const empty = method === 'HEAD' || answer.status === 204 || answer.status === 304;
  return new Response(empty ? null : body, { status: answer.status, headers });
}
