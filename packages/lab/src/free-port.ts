import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { LabError } from './errors.ts';

/**
 * The range of ports in which no daemon of the lab listens (`lib/ports.sh`: bullseye's begin at 25000), and of which the
 * kernel gives none to a client (`net.ipv4.ip_local_port_range`, from 32768). A client's port that is free now could
 * belong to a connection when the program listens on it, as Galera does for a state transfer long after its start.
 */
const FIRST = 20_000;
const LAST = 24_999;
const TRIES = 1_000;

/** Different ports of 127.0.0.1 on which nothing listens now. @throws LabError if there are not enough */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let tries = 0; held.size < count && tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST + 1);
    const server = held.has(port) ? undefined : await listening(port);
    if (server !== undefined) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  if (held.size < count) throw new LabError(`no ${count} ports are free between ${FIRST} and ${LAST}`);
  return [...held.keys()];
}

/** Opens a server on a port; `undefined` if the port is in use. */
const listening = (port: number): Promise<Server | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
