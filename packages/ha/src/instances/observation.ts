/** State of a host, as an observer saw it. `unknown`: the observer could not see the host; it never stands for `down`. */
export type ObservedState = 'up' | 'down' | 'unknown';

/** The report of one observer on one compute host at one time. */
export interface Observation {
  /** Name of the compute host, as Nova has it. */
  readonly host: string;
  /** Id of the observer: `nova-service`, `power`, `ping`, `storage-heartbeat`, `masakari`, or yours. */
  readonly observer: string;
  /** Time of the observation; milliseconds since 1970. */
  readonly at: number;
  readonly state: ObservedState;
  /** The evidence in words: `last heartbeat 34 s ago`. */
  readonly statement: string;
}

/** Observes hosts. It does not throw for a host that it cannot see: it reports `unknown`, with the reason. */
export interface Observer {
  readonly id: string;
  observe(
    hosts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly Observation[]>;
}
