/** Power state of a machine, as its board reports it. `unknown`: the board reported neither state, or did not answer. */
export type PowerState = 'on' | 'off' | 'unknown';

export interface PowerOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Talks to one kind of baseboard controller. A driver only reads and orders: `fencer` decides whether a machine is off,
 * and asks more than once. Write your own for boards that are not covered.
 */
export interface PowerDriver {
  /** Name of the driver in proofs: `redfish`, `ipmi`, `command`, or yours. */
  readonly method: string;
  /** Tells whether the driver has an account for this host. A fencer skips a driver that has none. @default yes */
  knows?(host: string): boolean;
  /**
   * Reads the power state. It returns `unknown` with the reason instead of throwing. It returns `off` only if the
   * machine's own board reports that; where the board tells its identity, compare it.
   */
  read(host: string, options?: PowerOptions): Promise<PowerReading>;
  /** Cuts the power at once, without asking the operating system. A machine that is off already is no failure. */
  off(host: string, options?: PowerOptions): Promise<void>;
  on(host: string, options?: PowerOptions): Promise<void>;
}

export interface PowerReading {
  readonly state: PowerState;
  /** The answer of the board in words: `PowerState: Off`, `connect ECONNREFUSED`. It has no secrets. */
  readonly statement: string;
}
