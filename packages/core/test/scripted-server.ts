import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a scripted server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Script = (response: ServerResponse, request: Seen) => void | Promise<void>;

/** An HTTP server on loopback that answers by a script, one step a request; the last step repeats. */
export async function scriptedServer(
  ...steps: Script[]
): Promise<AsyncDisposable & { readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const step = steps[Math.min(seen.length, steps.length - 1)];
      const received = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(received);
      void step?.(response, received);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a status, JSON and headers. */
export const reply =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Script =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** Ends the connection without an answer. */
export const reset: Script = (response) => {
  response.socket?.resetAndDestroy();
};

/** Promises more than it sends. */
export const truncated =
  (text: string): Script =>
  (response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(text.length + 100),
    });
    response.write(text, () => response.socket?.destroy());
  };

/** Never answers. */
export const silent: Script = () => undefined;
