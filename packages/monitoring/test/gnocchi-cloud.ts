import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cloud, connect } from '@groundcrew/core';
import { onTestFinished } from 'vitest';

// gnocchi/rest/api.py; gnocchixyz/gnocchi issues 1261 and 1264: what it answers, and what stands before it.
export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

export const NOW = Date.parse('2026-11-29T02:30:00Z');

/**
 * A cloud with a Gnocchi (or without) that answers what the test says until the test ends; bodies are as the lab's Gnocchi 4.4.2
 * writes them.
 */
export async function cloudWith(
  route: (request: IncomingMessage, body: string) => Answer | undefined,
  services = ['metric'],
): Promise<Cloud> {
  const server = createServer((request, response) => {
    let sent = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      sent += part;
    });
    request.on('end', () => {
      const base = `http://${request.headers.host}`;
      const catalog = services.map((type) => ({
        type,
        name: type,
        endpoints: [{ interface: 'public', region_id: 'RegionOne', url: `${base}/${type}` }],
      }));
      const login = {
        token: {
          expires_at: '2026-11-29T12:00:00Z',
          issued_at: '2026-11-29T02:00:00Z',
          user: { id: 'u' },
          project: { id: 'p' },
          roles: [{ id: 'r', name: 'admin' }],
          catalog,
        },
      };
      const isLogin = request.url === '/v3/auth/tokens';
      const { status = 200, body } = isLogin
        ? { status: 201, body: login }
        : (route(request, sent) ?? { status: 404, body: '' });
      response.writeHead(status, { 'content-type': 'application/json', 'x-subject-token': 't' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return connect({
    auth: {
      auth_url: `http://127.0.0.1:${port}/v3`,
      username: 'u',
      password: 'p',
      user_domain_id: 'default',
      project_id: 'p',
    },
    region_name: 'RegionOne',
    retries: 0,
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
  });
}
