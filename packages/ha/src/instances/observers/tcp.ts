import { connect } from 'node:net';
import { z } from 'zod';
import { aClock, aFunction, aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import type { Observer } from '../observation.ts';
import { checkedOptions, inSeconds } from '../../option-parts.ts';
import { perHostObserver, type HostStatus } from './per-host-observer.ts';

export interface TcpObserverOptions {
  /**
   * Gives the address to connect to: a function from the name of a host to host and port, or one port of hosts that
   * resolve by name.
   */
  readonly address: number | ((host: string) => { readonly host: string; readonly port: number });
  /** @default 'tcp' */
  readonly id?: string | undefined;
  /** The time for which a port may be silent. @default '3s' */
  readonly timeout?: Duration | undefined;
  readonly clock?: Clock | undefined;
}

const tcpOptions = optionsSchema<TcpObserverOptions>({
  address: z.union([z.int().min(1).max(65_535), aFunction]),
  id: z.string().min(1).optional(),
  timeout: aPositiveDuration.optional(),
  clock: aClock.optional(),
});

/**
 * Makes an observer that connects to a TCP port, such as that of SSH or of an agent. A refusal is a sign of life, since
 * a kernel answered. Silence is `down`. A name that does not resolve, or a network that cannot be reached, is a failure
 * of the observer: the host is `unknown`.
 */
export function tcpObserver(options: TcpObserverOptions): Observer {
  const {
    address,
    id = 'tcp',
    timeout = 3_000,
    clock = systemClock,
  } = checkedOptions('tcpObserver', tcpOptions, options);
  const where = typeof address === 'function' ? address : (host: string) => ({ host, port: address });
  return perHostObserver({
    id,
    // The knock ends first, by its own limit: it is what tells silence from an observer that is stuck.
    timeout: timeout + 1000,
    clock,
    observeHost: (host, signal) =>
      new Promise<HostStatus>((resolve, reject) => {
        const { host: name, port } = where(host);
        const socket = connect({ host: name, port });
        const end = (status: HostStatus): void => {
          socket.destroy();
          signal.removeEventListener('abort', abort);
          resolve(status);
        };
        const abort = (): void => {
          socket.destroy();
          reject(signal.reason);
        };
        signal.addEventListener('abort', abort, { once: true });
        socket.setTimeout(timeout, () =>
          end({ state: 'down', statement: `${name}:${port} was silent for ${inSeconds(timeout)}` }),
        );
        socket.once('connect', () => end({ state: 'up', statement: `${name}:${port} answers` }));
        socket.once('error', (error: NodeJS.ErrnoException) => end(statusOf(error, `${name}:${port}`)));
      }),
  });
}

function statusOf({ code = 'error', message }: NodeJS.ErrnoException, where: string): HostStatus {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET')
    return { state: 'up', statement: `${where} refused: it is alive` };
  // Its own router says that nobody answers there.
  if (code === 'EHOSTUNREACH' || code === 'EHOSTDOWN' || code === 'ETIMEDOUT')
    return { state: 'down', statement: `${where}: ${code}` };
  return { state: 'unknown', statement: message };
}
