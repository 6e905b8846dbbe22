import { type CheckOptions, UnreadError } from '../../probing/ask.ts';
import type { Observed } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { host, port, written } from '../../probing/address.ts';
import { converse } from '../../probing/converse.ts';

const MemcachedTarget = z.union(
  [z.strictObject({ host, port: port.default(11_211) }), z.strictObject({ socket: z.string().min(1) })],
  {
    error: 'needs `host`, or `socket`',
  },
);

/** One memcached: its port, or its socket. */
export type MemcachedTarget = Readonly<z.input<typeof MemcachedTarget>>;

/** The statistics of one memcached. */
export interface MemcachedStatus {
  readonly address: string;
  readonly version: string;
  /** A memcached that was started lately has lost every token that Keystone had cached in it. */
  readonly uptimeMs: number | undefined;
  readonly connections: number | undefined;
  readonly connectionLimit: number | undefined;
  /** The number of times that it stopped accepting connections, since its limit was reached. */
  readonly refusals: number | undefined;
  readonly items: number | undefined;
  readonly bytes: number | undefined;
  readonly byteLimit: number | undefined;
  readonly evictions: number | undefined;
  readonly hits: number | undefined;
  readonly misses: number | undefined;
}

type Target = z.output<typeof MemcachedTarget>;

async function readStatus(address: Target, { signal }: ReadingOptions): Promise<MemcachedStatus> {
  return memcachedStatus(written(address), await converse(address, 'stats\r\n', { done, signal }));
}

/** The observer of memcached. */
export const memcachedObserver: ComponentObserver<'memcached', MemcachedTarget, MemcachedStatus> = {
  key: 'memcached',
  target: MemcachedTarget,
  source: (target: Target) => `memcached ${written(target)}`,
  observe: readStatus,
  unseen: { severity: 'medium' },
};

/**
 * Asks a memcached by its text protocol for version and statistics.
 *
 * @throws InputError
 */
export async function observeMemcached(
  target: MemcachedTarget,
  options: CheckOptions = {},
): Promise<Observed<MemcachedStatus | undefined>> {
  return observeOne('observeMemcached', memcachedObserver, target, options);
}

/**
 * Reads the answer to `stats`.
 *
 * @throws UnreadError
 */
export function memcachedStatus(address: string, heard: string): MemcachedStatus {
  const stats = new Map<string, string>();
  for (const line of heard.split('\r\n')) {
    const [word, name, ...value] = line.split(' ');
    if (word === 'STAT' && name !== undefined) stats.set(name, value.join(' '));
  }
  const version = stats.get('version');
  if (version === undefined) {
    const said = heard.trim().slice(0, 80);
    if (/auth/i.test(said))
      throw new UnreadError('denied', said, { remedy: 'It wants SASL or a password file.' });
    throw new UnreadError('cut', `not the statistics of a memcached: ${said || 'nothing'}`);
  }
  const number = (name: string): number | undefined => {
    const value = Number(stats.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const uptime = number('uptime');
  return {
    address,
    version,
    uptimeMs: uptime === undefined ? undefined : uptime * 1_000,
    connections: number('curr_connections'),
    connectionLimit: number('max_connections'),
    refusals: number('listen_disabled_num'),
    items: number('curr_items'),
    bytes: number('bytes'),
    byteLimit: number('limit_maxbytes'),
    evictions: number('evictions'),
    hits: number('get_hits'),
    misses: number('get_misses'),
  };
}

const done = (last: string): boolean => last.endsWith('END\r\n') || /ERROR[^\r\n]*\r\n$/.test(last);
