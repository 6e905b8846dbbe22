import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connect, isHttpError } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';

const image = {
  id: 'i',
  status: 'active',
  visibility: 'public',
  name: 'x',
  tags: [],
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  protected: false,
  min_disk: 0,
  min_ram: 0,
  self: '/v2/images/i',
  file: '/v2/images/i/file',
  schema: '/v2/schemas/image',
};

// nodejs/undici issues 1688 and 3808: `TypeError: terminated` is all that is told of it.
/** An answer whose head promises more than comes: a worker of uWSGI that is killed while it writes (`harakiri`). */
const breakOff = (response: ServerResponse, status: number, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-length': '100000', ...headers });
  response.write('x'.repeat(1_000), () => setImmediate(() => response.destroy()));
};

const glance = (answer: (response: ServerResponse) => void) =>
  listening(
    createServer(
      cloudListener((request, response) => {
        request.resume();
        if (request.url?.endsWith('/file')) answer(response);
        else json(response, 200, image);
      }),
    ),
  );

// The status was said before the words broke off. A raw `TypeError: terminated` came out of the download.
describe('an error whose body breaks off, where a stream was asked for', () => {
  test.each([400, 403, 404, 500])('%d', async (status) => {
    await using server = await glance((response) => breakOff(response, status));
    const cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), retries: 0 });
    const caught = await Array.fromAsync(cloud.image.data.download({ id: 'i' })).catch(
      (error: unknown) => error,
    );
    expect(isHttpError(caught) && caught.status).toBe(status);
    // Whose 404 it is was in the words that are lost.
    expect(isHttpError(caught) && caught.code).not.toBe('not-found');
  });

  test('503 with Retry-After: it is asked again, and has the bytes', async () => {
    let asked = 0;
    await using server = await glance((response) => {
      asked += 1;
      if (asked === 1) breakOff(response, 503, { 'retry-after': '0' });
      else response.end('bytes');
    });
    const cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), retries: 1 });
    const chunks = await Array.fromAsync(cloud.image.data.download({ id: 'i' }));
    expect(Buffer.concat(chunks).toString()).toBe('bytes');
    expect(asked).toBe(2);
  });
});
