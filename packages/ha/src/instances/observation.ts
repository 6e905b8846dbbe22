/** What an observer saw of a host. `unknown`: it could not look; never `down` in disguise. */
export type ObservedState = 'up' | 'down' | 'unknown';

/** One look of one observer at one compute host. */
export interface Observation {
  /** As Nova names it. */
  readonly host: string;
  /** Which observer: `nova-service`, `power`, `ping`, `storage-heartbeat`, `masakari`, or yours. */
  readonly observer: string;
  /** When; milliseconds since 1970. */
  readonly at: number;
  readonly state: ObservedState;
  /** What was seen, for a person: `last heartbeat 34 s ago`. */
  readonly statement: string;
}

/** Something that can see hosts. It never throws for what it cannot see: it says `unknown`, and why. */
export interface Observer {
  readonly id: string;
  observe(
    hosts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly Observation[]>;
}
