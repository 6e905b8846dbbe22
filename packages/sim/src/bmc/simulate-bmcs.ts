import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  aDuration,
  aFunction,
  anObjectWith,
  InputError,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { Board, type BoardFault, type BoardOptions } from './boards.ts';
import { type Account, RedfishService } from './redfish.ts';
import { notListening } from '../transports/not-listening.ts';

export interface SimulateBmcsOptions extends BoardOptions {
  readonly hosts: readonly string[];
  /** @default 'admin' and 'password' */
  readonly account?: Account | undefined;
}

const bmcOptions = optionsSchema<SimulateBmcsOptions>({
  hosts: z.array(z.string().min(1)),
  account: z.strictObject({ username: z.string(), password: z.string() }).optional(),
  delay: aDuration.optional(),
  clock: anObjectWith('a clock', 'now').optional(),
  onPower: aFunction.optional(),
});

const listenOptions = optionsSchema<ListenBmcsOptions>({
  port: z.int().min(0).max(65_535).optional(),
  tls: z.strictObject({ cert: z.string(), key: z.string() }).optional(),
});

/** Baseboards of machines that do not exist, behind one Redfish service. */
export interface SimulatedBmcs {
  /** The board of a host. @throws InputError if the host was not named */
  board(host: string): Board;
  /** Gives the board of a host this fault from now on; `undefined` ends it. */
  fault(host: string, fault: BoardFault | undefined): void;
  /** Serves them on loopback. */
  listen(options?: ListenBmcsOptions): Promise<{ readonly url: string; readonly close: () => Promise<void> }>;
}

export interface ListenBmcsOptions {
  /** @default any that is free */
  readonly port?: number | undefined;
  /** HTTPS with this certificate and key, both PEM. @default HTTP */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/**
 * Simulates baseboards.
 *
 * @example
 * const bmcs = simulateBmcs({
 *   hosts: ['compute-1', 'compute-2'],
 *   onPower: (host, power) => (power === 'Off' ? cloud.hosts.kill(host) : cloud.hosts.revive(host)),
 * });
 * const { url } = await bmcs.listen();
 */
export function simulateBmcs(given: SimulateBmcsOptions): SimulatedBmcs {
  parseArguments('simulateBmcs', bmcOptions, given);
  const { hosts, account = { username: 'admin', password: 'password' }, ...options } = given;
  const boards = hosts.map((host, at) => new Board(host, at + 1, options));
  const byHost = new Map(boards.map((board) => [board.host, board]));
  const service = new RedfishService(boards, account);
  const board = (host: string): Board => {
    const found = byHost.get(host);
    if (found === undefined)
      throw new InputError(
        `simulateBmcs: host: there is no board of ${JSON.stringify(host)}; there are ${hosts.join(', ')}`,
        { field: 'host', operation: 'simulateBmcs' },
      );
    return found;
  };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // A client that disconnects in the middle of a request gets no answer, and disturbs no other client.
    serve(service, boards, incoming, outgoing).catch(() => outgoing.destroy());
  };
  return {
    board,
    fault(host, fault) {
      board(host).fault = fault;
    },
    async listen(options = {}) {
      parseArguments('simulateBmcs.listen', listenOptions, options);
      const { port = 0, tls } = options;
      const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
      await new Promise<void>((resolve, reject) => {
        server.once('error', (cause) => reject(notListening('simulateBmcs.listen', port, cause)));
        server.listen(port, '127.0.0.1', resolve);
      });
      return {
        url: `http${tls === undefined ? '' : 's'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
  };
}

async function serve(
  service: RedfishService,
  boards: readonly Board[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  let body = '';
  for await (const text of incoming.setEncoding('utf8')) body += String(text);
  const path = incoming.url ?? '/';
  const [, asked] = /\/Systems\/([^/?]+)/.exec(path) ?? [];
  const concerned = boards.find(({ host }) => encodeURIComponent(host) === asked);
  if (concerned?.fault === 'mute') return;
  if (concerned?.fault === 'garbage') {
    outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{"PowerState": "Of');
    return;
  }
  const headers = concerned?.fault === 'forgets-password' ? {} : incoming.headers;
  const answer = service.answer({ method: incoming.method ?? 'GET', path, headers, body });
  outgoing.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'OData-Version': '4.0',
    ...answer.headers,
  });
  outgoing.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
}
