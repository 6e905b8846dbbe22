import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectOptions } from '../src/index.ts';

/** A server on a free port of loopback. */
export async function listening(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A cloud behind one port: Keystone gives `token-1`, `token-2`, …; compute is below `/compute/v2.1`, images are
 * below `/image/v2`, both tell their versions at their roots, and what else is asked of them the test answers, request bodies
 * still unread.
 */
export function cloudListener(services: RequestListener, scheme: 'http' | 'https' = 'http'): RequestListener {
  let tokens = 0;
  return (request, response) => {
    const document = VERSIONS[request.url ?? ''];
    if (document !== undefined) {
      request.resume().once('end', () => json(response, 200, { versions: [document] }));
      return;
    }
    if (request.url !== '/v3/auth/tokens') {
      services(request, response);
      return;
    }
    tokens += 1;
    const base = `${scheme}://${request.headers.host}`;
    const endpoint = (url: string) => [{ interface: 'public', region_id: 'RegionOne', url }];
    const token = {
      expires_at: '2026-01-01T01:00:00Z',
      issued_at: '2026-01-01T00:00:00Z',
      user: { id: 'u' },
      project: { id: 'p' },
      roles: [],
      catalog: [
        { type: 'compute', name: 'nova', endpoints: endpoint(`${base}/compute/v2.1`) },
        { type: 'image', name: 'glance', endpoints: endpoint(`${base}/image/v2`) },
      ],
    };
    const id = `token-${tokens}`;
    request.resume().once('end', () => json(response, 201, { token }, { 'x-subject-token': id }));
  };
}

const versionAt = (id: string, href: string, parts: object = {}): object => ({
  id,
  status: 'CURRENT',
  links: [{ rel: 'self', href }],
  ...parts,
});
const VERSIONS: Readonly<Record<string, object>> = {
  '/compute/': versionAt('v2.1', '/compute/v2.1/', { version: '2.96', min_version: '2.1' }),
  '/image/': versionAt('v2.17', '/image/v2/'),
};

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Credentials for {@link cloudListener}; no file and no environment is read. */
export const credentials = (auth_url: string): Pick<ConnectOptions, 'auth' | 'env'> => ({
  env: {},
  auth: {
    auth_url,
    username: 'u',
    password: 'p',
    user_domain_id: 'default',
    project_name: 'p',
    project_domain_id: 'default',
  },
});
