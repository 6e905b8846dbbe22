import type { Evidence, Proof } from '@groundcrew/runbook';

/** What is known of a machine that is proven to be off. */
export interface FenceFacts {
  /** The compute host, as Nova names it. */
  readonly host: string;
  /** The driver that asked: `redfish`, `ipmi`, `command`. */
  readonly method: string;
  /** The last reading; ISO 8601, UTC. */
  readonly verifiedOffAt: string;
  /** Every reading, in order. */
  readonly because: readonly Evidence[];
}

/** That a machine is off. Only `Fencer` makes one; without it `evacuate` does not compile. */
export type FenceProof = Proof<'FenceProof', FenceFacts>;
