import { z } from 'zod';
import {
  aClock,
  aFunction,
  aPositiveDuration,
  type Duration,
  messageOf,
  optionsSchema,
} from '@groundcrew/ground';
import type { Clock } from '@groundcrew/core';
import { checkedOptions, inSeconds } from '../../option-parts.ts';
import type { Observation, ObservedState, Observer } from '../observation.ts';

/** State of one host, and the evidence for it in words. */
export interface HostStatus {
  readonly state: ObservedState;
  readonly statement: string;
}

export interface PerHostObserverOptions {
  readonly id: string;
  /** Time limit for one host. */
  readonly timeout: Duration;
  /** Number of hosts that are observed at the same time. @default 64 */
  readonly concurrency?: number | undefined;
  readonly clock: Clock;
  /** Observes one host. If it throws, the host is `unknown`, with the message as the reason. */
  readonly observeHost: (host: string, signal: AbortSignal) => Promise<HostStatus>;
}

const perHostOptions = optionsSchema<PerHostObserverOptions>({
  id: z.string().min(1),
  timeout: aPositiveDuration,
  concurrency: z.int().min(1).optional(),
  clock: aClock,
  observeHost: aFunction,
});

/** Makes an observer from a function that observes one host. */
export function perHostObserver(options: PerHostObserverOptions): Observer {
  const { timeout, concurrency = 64 } = checkedOptions('perHostObserver', perHostOptions, options);
  const { id, clock, observeHost } = options;
  return {
    id,
    async observe(hosts, { signal } = {}) {
      const rest = hosts.values();
      const seen: Observation[] = [];
      const worker = async (): Promise<void> => {
        for (const host of rest) {
          const limit = AbortSignal.timeout(timeout);
          const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
          const { state, statement } = await statusOf(host, observeHost, both).catch(
            (error: unknown): HostStatus => {
              signal?.throwIfAborted();
              const why = limit.aborted ? `no answer within ${inSeconds(timeout)}` : messageOf(error);
              return { state: 'unknown', statement: why };
            },
          );
          seen.push({ host, observer: id, at: clock.now(), state, statement });
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, hosts.length) }, worker));
      return seen;
    },
  };
}

/** A look of somebody's own may throw at once, or answer nothing: then this host is unknown, and no other one. */
async function statusOf(
  host: string,
  observeHost: PerHostObserverOptions['observeHost'],
  signal: AbortSignal,
): Promise<HostStatus> {
  const seen: unknown = await observeHost(host, signal);
  if (typeof seen !== 'object' || seen === null || !('state' in seen) || !('statement' in seen))
    throw new TypeError('the observeHost answered nothing that can be read');
  return seen as HostStatus;
}
