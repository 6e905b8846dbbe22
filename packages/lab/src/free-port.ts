import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { LabError } from './errors.ts';

/**
 * Where no daemon of the lab listens (`lib/ports.sh`: bullseye's begin at 25000), and the kernel gives no port to a client
 * (`net.ipv4.ip_local_port_range`, from 32768): a port that is free now would be somebody's connection by the time that the
 * program which it is for listens, as Galera does for a state transfer long after its start.
 */
const FIRST = 20_000;
const LAST = 24_999;
const TRIES = 1_000;

/** Ports of 127.0.0.1 that nobody listens on now, all different. @throws LabError if there are not as many */
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

/** A server on that port; `undefined` if somebody else has it. */
const listening = (port: number): Promise<Server | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
