import { z } from 'zod';
import { aClock, aFunction, aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import type { Clock } from '@groundcrew/core';
import { checkedOptions, inSeconds } from '../../option-parts.ts';
import type { Observation, ObservedState, Observer } from '../observation.ts';

/** What one look said, without what every look has. */
export interface Seen {
  readonly state: ObservedState;
  readonly statement: string;
}

export interface LookOptions {
  readonly id: string;
  /** Time limit of one look at one host. */
  readonly timeout: Duration;
  /** Hosts that are looked at together. @default 64 */
  readonly concurrency?: number | undefined;
  readonly clock: Clock;
  /** May throw: then the host is `unknown`, for that reason. */
  readonly look: (host: string, signal: AbortSignal) => Promise<Seen>;
}

const lookOptions = optionsSchema<LookOptions>({
  id: z.string().min(1),
  timeout: aPositiveDuration,
  concurrency: z.int().min(1).optional(),
  clock: aClock,
  look: aFunction,
});

/** An observer that looks at each host on its own. */
export function lookingAtEach(options: LookOptions): Observer {
  const { timeout, concurrency = 64 } = checkedOptions('lookingAtEach', lookOptions, options);
  const { id, clock, look } = options;
  return {
    id,
    async observe(hosts, { signal } = {}) {
      const rest = hosts.values();
      const seen: Observation[] = [];
      const eye = async (): Promise<void> => {
        for (const host of rest) {
          const limit = AbortSignal.timeout(timeout);
          const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
          const { state, statement } = await seenAt(host, look, both).catch((error: unknown): Seen => {
            signal?.throwIfAborted();
            const why = limit.aborted ? `no answer within ${inSeconds(timeout)}` : messageOf(error);
            return { state: 'unknown', statement: why };
          });
          seen.push({ host, observer: id, at: clock.now(), state, statement });
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, hosts.length) }, eye));
      return seen;
    },
  };
}

/** A look of somebody's own may throw at once, or answer nothing: then this host is unknown, and no other one. */
async function seenAt(host: string, look: LookOptions['look'], signal: AbortSignal): Promise<Seen> {
  const seen: unknown = await look(host, signal);
  if (typeof seen !== 'object' || seen === null || !('state' in seen) || !('statement' in seen))
    throw new TypeError('the look answered nothing that can be read');
  return seen as Seen;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
