import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectOptions } from '@groundcrew/core';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { VirtualClock } from '../clock.ts';
import { ConnectionReset } from '../connection-reset.ts';
import type { SimState } from '../sim-state.ts';
import { notListening } from './not-listening.ts';

/** The part of a cloud that a socket needs. */
interface Served {
  readonly state: SimState;
  readonly clock: VirtualClock;
  handle(request: Request): Promise<Response>;
}

export interface ListenOptions {
  /** @default any that is free */
  readonly port?: number | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** The speed of the cloud's time, as a multiple of the machine's; 0 leaves it to `advance`. @default 1 */
  readonly speed?: number | undefined;
}

const listenOptions = optionsSchema<ListenOptions>({
  port: z.int().min(0).max(65_535).optional(),
  host: z.string().min(1).optional(),
  speed: z.number().min(0).optional(),
});

/** An open socket. */
export interface Listening {
  /** `http://127.0.0.1:35357` */
  readonly url: string;
  /** The URL of Keystone, for `auth_url`. */
  readonly authUrl: string;
  /** The variables `OS_*` that every OpenStack client reads. */
  readonly env: Readonly<Record<string, string>>;
  /** The options for `connect()` that reach the cloud as the administrator of project `admin`. */
  readonly connectOptions: ConnectOptions & { readonly auth: NonNullable<ConnectOptions['auth']> };
  close(): Promise<void>;
}

/** Serves the cloud over HTTP. Bodies are streamed both ways. */
export async function listen(cloud: Served, options: ListenOptions): Promise<Listening> {
  parseArguments('listen', listenOptions, options);
  const { port = 0, host = '127.0.0.1', speed = 1 } = options;
  const server = createServer((incoming, outgoing) => void serve(cloud, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void => reject(notListening('listen', port, cause));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  if (speed > 0) cloud.clock.follow(speed);
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const authUrl = `${url}/identity/v3`;
  const { settings } = cloud.state;
  return {
    url,
    authUrl,
    env: {
      OS_AUTH_URL: authUrl,
      OS_USERNAME: 'admin',
      OS_PASSWORD: settings.password,
      OS_PROJECT_NAME: 'admin',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_IDENTITY_API_VERSION: '3',
      OS_REGION_NAME: settings.region,
    },
    connectOptions: {
      auth: {
        auth_url: authUrl,
        username: 'admin',
        password: settings.password,
        project_name: 'admin',
        user_domain_name: 'Default',
        project_domain_name: 'Default',
      },
      region_name: settings.region,
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(cloud: Served, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const gone = new AbortController();
    outgoing.once('close', () => outgoing.writableFinished || gone.abort());
    const request = requestOf(incoming, gone.signal);
    const response = await cloud.handle(request);
    void drain(request);
    const headers = Object.fromEntries(response.headers);
    const truncated = headers['x-groundcrew-truncated'];
    delete headers['x-groundcrew-truncated'];
    if (truncated !== undefined && response.body !== null) {
      // The body is shorter than the announced length, as after the end of a proxy.
      const text = await response.text();
      outgoing.writeHead(response.status, { ...headers, 'content-length': String(text.length + 1000) });
      outgoing.write(text, () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(response.status, headers);
    if (response.body === null) outgoing.end();
    else await pipeline(Readable.fromWeb(response.body), outgoing);
  } catch (error) {
    if (error instanceof ConnectionReset || outgoing.headersSent) incoming.socket.resetAndDestroy();
    else {
      outgoing.writeHead(500, { 'Content-Type': 'text/plain' });
      outgoing.end(
        `The simulated cloud has a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
  }
}

/**
 * Discards the rest of a body. A refusal may come before the body was read, and a client reads it only after it has sent
 * all.
 */
async function drain(request: Request): Promise<void> {
  if (request.body === null || request.bodyUsed) return;
  try {
    await request.body.pipeTo(new WritableStream());
  } catch {
    // The client has disconnected, so nothing is left to discard.
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  // Without a length, and not in chunks, a request has no body (RFC 9112, 6.3).
  const isSent = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  const has = method !== 'GET' && method !== 'HEAD' && isSent;
  const host = headers.host ?? `127.0.0.1:${incoming.socket.localPort}`;
  const fields = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === 'transfer-encoding'
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return new Request(`http://${host}${url}`, {
    method,
    headers: fields,
    signal,
    ...(has ? { body: Readable.toWeb(incoming), duplex: 'half' as const } : {}),
  });
}
