import { z } from 'zod';
import { aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import { type Cloud, gapOf } from '@groundcrew/core';
import type { Observation, Observer } from '../instances/observation.ts';
import { checkedOptions } from '../option-parts.ts';
import { notifiedState } from './notified-state.ts';

export interface MasakariObserverOptions {
  /** @default 'masakari' */
  readonly id?: string | undefined;
  /** Time for which a notification counts. @default '10m' */
  readonly maxAge?: Duration | undefined;
}

const observerOptions = optionsSchema<MasakariObserverOptions>({
  id: z.string().min(1).optional(),
  maxAge: aPositiveDuration.optional(),
});

/**
 * Makes an observer of Masakari's notifications: of each host the newest, whoever sent it. A notification is no proof.
 * A host that is in no segment, or has no recent notification, is `unknown`.
 */
export function masakariObserver(cloud: Cloud, options: MasakariObserverOptions = {}): Observer {
  const { id = 'masakari', maxAge = 600_000 } = checkedOptions('masakariObserver', observerOptions, options);
  return {
    id,
    async observe(hosts, { signal } = {}) {
      const at = cloud.clock.now();
      const say = (host: string, seen: Pick<Observation, 'state' | 'statement'>): Observation => ({
        host,
        observer: id,
        at,
        ...seen,
      });
      try {
        const names = await hostNames(cloud, signal);
        const newest = new Map<string, Told>();
        const since = new Date(at - maxAge).toISOString().slice(0, 19);
        const filter = { type: 'COMPUTE_HOST', 'generated-since': since } as const;
        for await (const notification of cloud.instanceHa.notifications.list(filter, { signal })) {
          const host = names.get(notification.source_host_uuid ?? '');
          if (host === undefined) continue;
          const there = newest.get(host);
          if (there === undefined || there.generated_time < notification.generated_time)
            newest.set(host, notification);
        }
        return hosts.map((host) => {
          const told = newest.get(host);
          if (told === undefined)
            return say(host, { state: 'unknown', statement: 'nobody told Masakari of it lately' });
          return say(host, notifiedState(told, at, maxAge));
        });
      } catch (error) {
        signal?.throwIfAborted();
        const { why } = gapOf('notifications', error);
        return hosts.map((host) => say(host, { state: 'unknown', statement: why }));
      }
    },
  };
}

type Told = Parameters<typeof notifiedState>[0];

/** A notification names its host by Masakari's own id. */
async function hostNames(
  cloud: Cloud,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const segment of cloud.instanceHa.segments.list({}, { signal }))
    for await (const host of cloud.instanceHa.hosts.list({ segment_id: segment.uuid }, { signal }))
      names.set(host.uuid, host.name);
  return names;
}
