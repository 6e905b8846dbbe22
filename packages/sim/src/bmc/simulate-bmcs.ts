import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Board, type BoardFault, type BoardOptions } from './boards.ts';
import { type Account, RedfishService } from './redfish.ts';

export interface SimulateBmcsOptions extends BoardOptions {
  readonly hosts: readonly string[];
  /** @default 'admin' and 'password' */
  readonly account?: Account | undefined;
}

/** Baseboards of machines that do not exist, behind one Redfish service. */
export interface SimulatedBmcs {
  /** By host. @throws Error of a host that was not named */
  board(host: string): Board;
  /** From now on it behaves so; `undefined` heals it. */
  fault(host: string, fault: BoardFault | undefined): void;
  /** Serves them over HTTP on loopback. */
  listen(options?: { readonly port?: number }): Promise<{ readonly url: string; close(): Promise<void> }>;
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
export function simulateBmcs({
  hosts,
  account = { username: 'admin', password: 'password' },
  ...options
}: SimulateBmcsOptions): SimulatedBmcs {
  const boards = hosts.map((host, at) => new Board(host, at + 1, options));
  const byHost = new Map(boards.map((board) => [board.host, board]));
  const service = new RedfishService(boards, account);
  const board = (host: string): Board => {
    const found = byHost.get(host);
    if (found === undefined) throw new Error(`no board of ${host} is simulated`);
    return found;
  };
  return {
    board,
    fault(host, fault) {
      board(host).fault = fault;
    },
    async listen({ port = 0 } = {}) {
      const server = createServer((incoming, outgoing) => void serve(service, boards, incoming, outgoing));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
  const concerned = boards.find(({ host }) => path.includes(`/Systems/${encodeURIComponent(host)}`));
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
