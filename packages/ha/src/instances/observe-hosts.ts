import { messageOf, visible } from '@groundcrew/ground';
import { z } from 'zod';
import { within } from '../fencing/within.ts';
import type { Observation, Observer } from './observation.ts';

/** Milliseconds that an observer may keep a round waiting, before it counts as blind. */
const PATIENCE = 30_000;
/** Characters of a statement that are kept: it goes into the state, the events and the account. */
const LONGEST = 500;

/** The form of an observation. */
const AnObservation = z.object({
  host: z.string().min(1),
  observer: z.string(),
  at: z.number(),
  state: z.enum(['up', 'down', 'unknown']),
  statement: z.string().transform((text) => visible(text.slice(0, LONGEST))),
});

/** An observation that does not count, and the reason. */
export interface RefusedObservation {
  readonly observer: string;
  readonly reason: string;
}

/** The observations of one round. */
export interface ObservedHosts {
  readonly observations: readonly Observation[];
  readonly refused: readonly RefusedObservation[];
}

/**
 * One look of each observer, all at the same time. One that throws, hangs or answers rubbish is `unknown` of every host: it may
 * be somebody's own, and must not keep the others from being heard. Of a list the looks count that can be read, are in the
 * observer's own name and are of a host that was asked about; each other one is refused, and its host is unknown.
 */
export async function observeHosts(
  observers: readonly Observer[],
  hosts: readonly string[],
  { now, signal, patience = PATIENCE }: ObserveHostsOptions,
): Promise<ObservedHosts> {
  const asked = new Set(hosts);
  const seen = await Promise.all(
    observers.map(async (observer): Promise<ObservedHosts> => {
      const { id } = observer;
      const unknown = (host: string, statement: string): Observation => ({
        host,
        observer: id,
        at: now(),
        state: 'unknown',
        statement,
      });
      try {
        const answer: unknown = await within(patience, signal, async (limited) =>
          observer.observe(hosts, { signal: limited }),
        );
        if (!Array.isArray(answer)) throw new TypeError('it answered no list of observations');
        const observations: Observation[] = [];
        const refused: RefusedObservation[] = [];
        for (const observation of answer) {
          const parsed = AnObservation.safeParse(observation);
          const why = parsed.success ? whyRefused(parsed.data, id, asked) : fieldOf(parsed.error);
          if (parsed.success && why === undefined) observations.push(parsed.data);
          else refused.push({ observer: id, reason: why ?? 'it cannot be read' });
        }
        // A host of which nothing is left was looked at, and what was seen is not known.
        const told = new Set(observations.map(({ host }) => host));
        if (refused.length > 0)
          for (const host of hosts)
            if (!told.has(host))
              observations.push(unknown(host, `its look was refused: ${refused[0]?.reason ?? ''}`));
        return { observations, refused };
      } catch (error) {
        signal.throwIfAborted();
        const why = visible(messageOf(error).slice(0, LONGEST));
        return { observations: hosts.map((host) => unknown(host, why)), refused: [] };
      }
    }),
  );
  return {
    observations: seen.flatMap(({ observations }) => observations),
    refused: seen.flatMap(({ refused }) => refused),
  };
}

function whyRefused(
  { host, observer }: Observation,
  id: string,
  asked: ReadonlySet<string>,
): string | undefined {
  if (observer !== id) return `a look in the name of ${visible(observer.slice(0, LONGEST))}`;
  return asked.has(host)
    ? undefined
    : `a look at ${visible(host.slice(0, LONGEST))}, which it was not asked about`;
}

function fieldOf({ issues: [issue] }: z.ZodError): string {
  const field = issue?.path.join('.') ?? '';
  return field === '' ? 'a look that is no object' : `a look whose ${field} cannot be read`;
}

export interface ObserveHostsOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Milliseconds of the machine's own time. @default 30_000 */
  readonly patience?: number | undefined;
}
