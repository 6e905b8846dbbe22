import { type CheckOptions, UnreadError } from '../../probing/ask.ts';
import type { Observed } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { type Address, host, port, written } from '../../probing/address.ts';
import { converse } from '../../probing/converse.ts';
import { count, haproxyInfo, haproxyProxies, type HaproxyProxy, milliseconds } from './haproxy-stat.ts';

const HaproxyTarget = z.union(
  [z.strictObject({ socket: z.string().min(1) }), z.strictObject({ host, port })],
  { error: 'needs `socket`, or `host` and `port`' },
);

/** The runtime API of one HAProxy: its stats socket, or the port to which that is bound. */
export type HaproxyTarget = Readonly<z.input<typeof HaproxyTarget>>;

/** The state that one HAProxy process reports of itself. */
export interface HaproxyStatus {
  readonly address: string;
  readonly version: string;
  readonly pid: number | undefined;
  readonly uptimeMs: number | undefined;
  /** An old process that only finishes what it has, after a reload. */
  readonly stopping: boolean;
  readonly connections: number | undefined;
  readonly connectionLimit: number | undefined;
  readonly proxies: readonly HaproxyProxy[];
}

type Target = z.output<typeof HaproxyTarget>;

async function readStatus(address: Target, { signal }: ReadingOptions): Promise<HaproxyStatus> {
  const info = haproxyInfo(await command(address, 'show info', signal));
  const proxies = haproxyProxies(await command(address, 'show stat', signal));
  return {
    address: written(address),
    version: info.get('version') ?? '',
    pid: count(info.get('pid')),
    uptimeMs: milliseconds(info.get('uptime_sec')),
    stopping: info.get('stopping') === '1',
    connections: count(info.get('currconns')),
    connectionLimit: count(info.get('maxconn')),
    proxies,
  };
}

/** The observer of HAProxy. */
export const haproxyObserver: ComponentObserver<'haproxy', HaproxyTarget, HaproxyStatus> = {
  key: 'haproxy',
  target: HaproxyTarget,
  source: (target: Target) => `haproxy ${written(target)}`,
  observe: readStatus,
  unseen: { means: 'Which servers are up is not known' },
};

/**
 * Asks a HAProxy over its runtime API which servers it believes in. It needs no more than the `user` level, which is
 * not told the servers' addresses; `operator` is.
 *
 * @throws InputError
 * @example
 * const { value } = await observeHaproxy({ socket: '/run/haproxy/admin.sock' });
 * value?.proxies.flatMap((proxy) => proxy.servers).filter((server) => server.up === false);
 */
export async function observeHaproxy(
  target: HaproxyTarget,
  options: CheckOptions = {},
): Promise<Observed<HaproxyStatus | undefined>> {
  return observeOne('observeHaproxy', haproxyObserver, target, options);
}

/** An empty line ends each answer; HAProxy then hangs up. */
async function command(address: Address, line: string, signal: AbortSignal): Promise<string> {
  const heard = await converse(address, `${line}\n`, { done: (last) => last.endsWith('\n\n'), signal });
  if (/^permission denied/i.test(heard.trim()))
    throw new UnreadError('denied', `\`${line}\`: ${heard.trim()}`, {
      remedy: 'Give the stats socket at least `level user`.',
    });
  return heard;
}
