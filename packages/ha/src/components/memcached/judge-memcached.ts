import type { Finding } from '@groundcrew/ground';
import { found, seenOf } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { MemcachedStatus } from './observe-memcached.ts';

/** Judges each memcached on its own: they know nothing of each other. */
export const judgeMemcached = (memcached: readonly Seen<MemcachedStatus>[]): Finding[] =>
  seenOf(memcached).map(({ where, value }) => {
    const { refusals, connections, connectionLimit } = value;
    return found(where, {
      id: 'memcached.connections',
      subject: { kind: 'cache', id: value.address },
      severity: 'medium',
      good: refusals === undefined ? undefined : refusals === 0,
      title:
        refusals === undefined
          ? `Whether ${value.address} refuses connections is not told`
          : refusals === 0
            ? `${value.address} has not stopped accepting connections since it started`
            : `${value.address} stopped accepting ${refusals} times`,
      because: `listen_disabled_num ${refusals ?? 'not told'}, curr_connections ${connections ?? '?'} of ${connectionLimit ?? '?'}`,
      remedy: 'Raise its limit of connections (-c).',
    });
  });
