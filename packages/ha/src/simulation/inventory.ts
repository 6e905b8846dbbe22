import type { CloudView } from '../instances/situation.ts';

/** A component of the management stack, with what its survival depends on. The catalogue gives name and mode. */
export interface PlacedComponent {
  readonly name: string;
  /**
   * `quorum`: more than half of its members must be up. `active-active`, `active-passive`, `single-writer`: one must be
   * up. `per-host`: each serves its own host. `independent`: each counts for itself.
   */
  readonly mode: 'active-active' | 'active-passive' | 'single-writer' | 'quorum' | 'per-host' | 'independent';
  /** Machines that the component runs on: compute hosts or others. */
  readonly hosts: readonly string[];
}

/** The cloud in which failures are simulated. */
export interface SimulationInventory {
  /** The compute hosts with their free capacity, and the servers: `readCloudView`, then `withCapacity`. */
  readonly view: CloudView;
  /** Rack by host, for compute hosts and controllers; no API reports racks. @default none */
  readonly racks?: { readonly [host: string]: string } | undefined;
  /** Zone by host, where it is not that of its compute service. @default none */
  readonly zones?: { readonly [host: string]: string } | undefined;
  /** @default none: then nothing is said of the management stack */
  readonly components?: readonly PlacedComponent[] | undefined;
}

/** A loss. A rack or a zone stands for all of its hosts. */
export interface Loss {
  readonly hosts?: readonly string[] | undefined;
  readonly racks?: readonly string[] | undefined;
  readonly zones?: readonly string[] | undefined;
}
