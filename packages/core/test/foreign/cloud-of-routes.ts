import { createServer } from 'node:http';
import { connect, type Cloud, type ConnectOptions } from '../../src/index.ts';
import { credentials, listening } from '../scripted-cloud.ts';
import type { Seen } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
}

export interface CloudOfRoutes extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly base: string;
  /** All requests but those for tokens. */
  readonly seen: readonly Seen[];
}

/**
 * A cloud whose catalogue and whose services the test answers for: Keystone gives tokens at `/identity/v3`, and `route` answers
 * for all else.
 *
 * @param services - type to URL; `@` stands for the server
 */
export async function cloudOfRoutes(
  services: Readonly<Record<string, string>>,
  route: (seen: Seen, base: string) => Answer | undefined,
  options: ConnectOptions = {},
): Promise<CloudOfRoutes> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const base = `http://${request.headers.host}`;
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      const isLogin = one.method === 'POST' && one.url === '/identity/v3/auth/tokens';
      if (!isLogin) seen.push(one);
      const answer = isLogin ? login(base, services) : (route(one, base) ?? { status: 404, body: '' });
      const { status = 200, headers, body = '' } = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  const { port, [Symbol.asyncDispose]: close } = await listening(server);
  const base = `http://127.0.0.1:${port}`;
  const cloud = connect({
    ...credentials(`${base}/identity/v3`),
    clock: new TestClock(),
    random: () => 1,
    retries: 0,
    ...options,
  });
  return { cloud, base, seen, [Symbol.asyncDispose]: close };
}

/** A token as Keystone gives it, for the project `p`. */
export const tokenOf = (base: string, services: Readonly<Record<string, string>>): object => ({
  token: {
    methods: ['password'],
    user: { id: 'u', name: 'u', domain: { id: 'default', name: 'Default' } },
    project: { id: 'p', name: 'p', domain: { id: 'default', name: 'Default' } },
    roles: [],
    issued_at: '2026-01-01T00:00:00Z',
    expires_at: '2026-01-01T01:00:00Z',
    catalog: Object.entries(services).map(([type, url]) => ({
      type,
      name: type,
      endpoints: [{ interface: 'public', region_id: 'RegionOne', url: url.replace('@', base) }],
    })),
  },
});

const login = (base: string, services: Readonly<Record<string, string>>): Answer => ({
  status: 201,
  headers: { 'x-subject-token': 'token-1' },
  body: tokenOf(base, services),
});
