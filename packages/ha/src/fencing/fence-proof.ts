import type { Evidence, Proof } from '@groundcrew/runbook';

/** Facts about a machine that is proven to be off. */
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

/** Proof that a machine is off. Only a `Fencer` makes one; `evacuate` does not compile without it. */
export type FenceProof = Proof<'FenceProof', FenceFacts>;
