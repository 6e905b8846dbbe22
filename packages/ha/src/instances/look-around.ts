import { within } from '../fencing/within.ts';
import type { Observation, Observer } from './observation.ts';

/** What may keep a round waiting, in seconds, before an observer counts as blind. */
const PATIENCE = 30;

/**
 * One look of each observer, all at the same time. One that throws, hangs or answers rubbish is `unknown` of every host:
 * it may be somebody's own, and must not keep the others from being heard.
 */
export async function lookAround(
  observers: readonly Observer[],
  hosts: readonly string[],
  { now, signal, patience = PATIENCE }: LookAroundOptions,
): Promise<Observation[]> {
  const seen = await Promise.all(
    observers.map(async (observer): Promise<readonly Observation[]> => {
      try {
        const looks: unknown = await within(patience, signal, (limited) =>
          observer.observe(hosts, { signal: limited }),
        );
        if (!Array.isArray(looks)) throw new TypeError('it answered no list of observations');
        return looks as readonly Observation[];
      } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        const blind = { observer: observer.id, at: now(), state: 'unknown', statement: why } as const;
        return hosts.map((host) => ({ host, ...blind }));
      }
    }),
  );
  return seen.flat();
}

export interface LookAroundOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Seconds of the machine's own time. @default 30 */
  readonly patience?: number | undefined;
}
