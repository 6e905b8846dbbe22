import type { Observation } from './observation.ts';

/** The looks of one observer at one host, oldest first. */
export type Looks = readonly Observation[];

/** Looks by host and observer, each oldest first, none twice. */
export class LooksBy {
  readonly #byHost = new Map<string, Map<string, Observation[]>>();

  constructor(observations: Iterable<Observation>) {
    for (const one of observations) {
      const ofHost = this.#byHost.get(one.host) ?? new Map<string, Observation[]>();
      this.#byHost.set(one.host, ofHost);
      const looks = ofHost.get(one.observer) ?? [];
      ofHost.set(one.observer, looks);
      looks.push(one);
    }
    for (const ofHost of this.#byHost.values())
      for (const [observer, looks] of ofHost) ofHost.set(observer, inTime(looks));
  }

  /** Of hosts that somebody looked at; sorted. */
  hosts(): string[] {
    return [...this.#byHost.keys()].toSorted();
  }

  /** Who looked at a host; sorted. */
  observers(host: string): string[] {
    return [...(this.#byHost.get(host)?.keys() ?? [])].toSorted();
  }

  of(host: string, observer: string): Looks {
    return this.#byHost.get(host)?.get(observer) ?? [];
  }
}

/**
 * Oldest first. Two looks of one moment that differ are one `unknown`, so that the order in which they arrived
 * decides nothing.
 */
function inTime(looks: readonly Observation[]): Observation[] {
  const byTime = new Map<number, Observation>();
  for (const one of looks) {
    const there = byTime.get(one.at);
    byTime.set(
      one.at,
      there === undefined || there.state === one.state
        ? firstOf(one, there)
        : { ...one, state: 'unknown', statement: 'it said two things at once' },
    );
  }
  return [...byTime.values()].toSorted((a, b) => a.at - b.at);
}

const firstOf = (one: Observation, other: Observation | undefined): Observation =>
  other !== undefined && other.statement < one.statement ? other : one;
