import { z } from 'zod';
import { aClock, aFunction, aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import type { Observer } from '../observation.ts';
import { checkedOptions } from '../../option-parts.ts';
import { perHostObserver } from './per-host-observer.ts';

export interface StorageHeartbeatOptions {
  /**
   * Reads when a host last wrote to the shared storage: milliseconds since 1970 by the clock of the storage, or
   * `undefined` if it never did. It throws if the storage cannot be read.
   */
  readonly lastWrite: (host: string, signal: AbortSignal) => Promise<number | undefined>;
  /** Time without a write after which a host counts as down. */
  readonly silence: Duration;
  /** @default 'storage-heartbeat' */
  readonly id?: string | undefined;
  /** Time limit of one reading of the storage. @default '5s' */
  readonly timeout?: Duration | undefined;
  readonly clock?: Clock | undefined;
}

const heartbeatOptions = optionsSchema<StorageHeartbeatOptions>({
  lastWrite: aFunction,
  silence: aPositiveDuration,
  id: z.string().min(1).optional(),
  timeout: aPositiveDuration.optional(),
  clock: aClock.optional(),
});

/**
 * Makes an observer of heartbeats on the shared storage that the servers write to. It watches the path on which two
 * hosts could write to one disk.
 */
export function storageHeartbeatObserver(options: StorageHeartbeatOptions): Observer {
  const {
    lastWrite,
    silence,
    id = 'storage-heartbeat',
    timeout = 5_000,
    clock = systemClock,
  } = checkedOptions('storageHeartbeatObserver', heartbeatOptions, options);
  return perHostObserver({
    id,
    timeout,
    clock,
    async observeHost(host, signal) {
      const at: unknown = await lastWrite(host, signal);
      if (at === undefined) return { state: 'unknown', statement: 'it never wrote a heartbeat' };
      // It is somebody's own: a null or a text would count as a write of 1970.
      if (typeof at !== 'number' || !Number.isFinite(at))
        return { state: 'unknown', statement: 'the time of its last write cannot be read' };
      const age = Math.round((clock.now() - at) / 1000);
      if (age * 1000 < -silence)
        return { state: 'unknown', statement: `wrote ${-age} s in the future: clocks differ` };
      return { state: age * 1000 > silence ? 'down' : 'up', statement: `wrote ${age} s ago` };
    },
  });
}
