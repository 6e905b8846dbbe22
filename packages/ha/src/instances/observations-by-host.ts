import type { Observation } from './observation.ts';

/** The reports of one observer on one host, oldest first. */
export type ObservationSeries = readonly Observation[];

/** Observations by host and observer, each series with the oldest first and none twice. */
export class ObservationsByHost {
  readonly #byHost = new Map<string, Map<string, Observation[]>>();

  constructor(observations: Iterable<Observation>) {
    for (const observation of observations) {
      const byObserver = this.#byHost.get(observation.host) ?? new Map<string, Observation[]>();
      this.#byHost.set(observation.host, byObserver);
      const series = byObserver.get(observation.observer) ?? [];
      byObserver.set(observation.observer, series);
      series.push(observation);
    }
    for (const byObserver of this.#byHost.values())
      for (const [observer, series] of byObserver) byObserver.set(observer, inTime(series));
  }

  /** Hosts that were observed; sorted. */
  hosts(): string[] {
    return [...this.#byHost.keys()].toSorted();
  }

  /** Observers of a host; sorted. */
  observers(host: string): string[] {
    return [...(this.#byHost.get(host)?.keys() ?? [])].toSorted();
  }

  of(host: string, observer: string): ObservationSeries {
    return this.#byHost.get(host)?.get(observer) ?? [];
  }
}

/**
 * Oldest first. Two looks of one moment that differ are one `unknown`, so that the order in which they arrived
 * decides nothing.
 */
function inTime(series: readonly Observation[]): Observation[] {
  const byTime = new Map<number, Observation>();
  for (const observation of series) {
    const there = byTime.get(observation.at);
    byTime.set(
      observation.at,
      there === undefined || there.state === observation.state
        ? firstOf(observation, there)
        : { ...observation, state: 'unknown', statement: 'it said two things at once' },
    );
  }
  return [...byTime.values()].toSorted((a, b) => a.at - b.at);
}

const firstOf = (observation: Observation, other: Observation | undefined): Observation =>
  other !== undefined && other.statement < observation.statement ? other : observation;
