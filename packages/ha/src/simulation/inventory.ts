import type { CloudView } from '../instances/situation.ts';

/** A component of the management stack, as far as its survival goes; one of the catalogue has mode and name. */
export interface PlacedComponent {
  readonly name: string;
  /**
   * `quorum`: more than half of its members must be there. `active-active`, `active-passive`, `single-writer`: one must
   * be. `per-host`: each serves its own host. `independent`: each is worth what it is.
   */
  readonly mode: 'active-active' | 'active-passive' | 'single-writer' | 'quorum' | 'per-host' | 'independent';
  /** Machines that it runs on; compute hosts or others. */
  readonly hosts: readonly string[];
}

/** What a simulated failure happens to. */
export interface SimulationInventory {
  /** The compute hosts with their free capacity, and the servers: `readCloudView`, then `withCapacity`. */
  readonly view: CloudView;
  /** Rack by host, of compute hosts and of controllers: no API knows them. @default none */
  readonly racks?: { readonly [host: string]: string } | undefined;
  /** Zone by host, where it is not that of its compute service. @default none */
  readonly zones?: { readonly [host: string]: string } | undefined;
  /** @default none: then nothing is said of the management stack */
  readonly components?: readonly PlacedComponent[] | undefined;
}

/** What is lost; a rack and a zone stand for all of their hosts. */
export interface Loss {
  readonly hosts?: readonly string[] | undefined;
  readonly racks?: readonly string[] | undefined;
  readonly zones?: readonly string[] | undefined;
}
