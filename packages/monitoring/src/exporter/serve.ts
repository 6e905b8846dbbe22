import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, type Answering } from './answer.ts';

/** Answers a request of the fetch standard. */
export async function fetchAnswer(request: Request, by: Answering): Promise<Response> {
  const { method, headers: given, signal } = request;
  const { status, headers, body } = await answer(
    {
      method,
      accept: given.get('accept'),
      timeout: given.get(TIMEOUT_HEADER),
      signal,
    },
    by,
  );
  return new Response(method === 'HEAD' ? null : streamOf(body), { status, headers });
}

/** The parts as they are: a body made of bytes would copy them for each scrape. */
const streamOf = (parts: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) if (part.length > 0) controller.enqueue(part);
      controller.close();
    },
  });

/** Answers a request of `node:http`. A scraper that went away is waited for no longer. */
export async function nodeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  by: Answering,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const timeout = request.headers[TIMEOUT_HEADER];
  const { status, headers, body } = await answer(
    {
      method: request.method ?? 'GET',
      accept: request.headers.accept,
      timeout: typeof timeout === 'string' ? timeout : undefined,
      signal: gone.signal,
    },
    by,
  );
  if (gone.signal.aborted || response.headersSent) return;
  response.writeHead(status, { ...headers });
  for (const part of body) response.write(part);
  response.end();
}

const TIMEOUT_HEADER = 'x-prometheus-scrape-timeout-seconds';
