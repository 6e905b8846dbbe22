/** What a board says of its machine. `unknown`: it answered neither, or not at all. */
export type PowerState = 'on' | 'off' | 'unknown';

export interface PowerOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * How one kind of baseboard controller is spoken to. A driver only speaks: whether a machine is off is decided by
 * `fencer`, which asks more than once. Write your own for what is not shipped.
 */
export interface PowerDriver {
  /** `redfish`, `ipmi`, `command`, or yours; a proof names it. */
  readonly method: string;
  /** Has it an account for this host? A fencer passes over those which have none. @default yes */
  knows?(host: string): boolean;
  /**
   * Answers `unknown` with the reason rather than throw. `off` is only what the machine's own board says of that very
   * machine; where it tells who it is, compare.
   */
  read(host: string, options?: PowerOptions): Promise<PowerReading>;
  /** Cuts the power at once, without asking the guest; to be off already is no failure. */
  off(host: string, options?: PowerOptions): Promise<void>;
  on(host: string, options?: PowerOptions): Promise<void>;
}

export interface PowerReading {
  readonly state: PowerState;
  /** What it answered, for a person: `PowerState: Off`, `connect ECONNREFUSED`. No secrets. */
  readonly statement: string;
}
