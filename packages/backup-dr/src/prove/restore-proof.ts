import { type Proof, type Prover, prover } from '@groundcrew/runbook';

export interface RestoreProofFacts {
  /** The recovery point. */
  readonly point: string;
  /** Of the proof; ISO 8601. */
  readonly at: string;
  /**
   * `read-back`: every byte was read and is what was stored. `restored`: it was restored somewhere, and the probes answered.
   */
  readonly kind: 'read-back' | 'restored';
  readonly streams: number;
  readonly bytes: number;
}

/** That a recovery point can be restored, made by a verification in this process. */
export type RestoreProof = Proof<'RestoreProof', RestoreProofFacts>;

const mint: Prover<'RestoreProof', RestoreProofFacts> = prover();

/** Kept to the files that verify. */
export const proveRestore = (facts: RestoreProofFacts): RestoreProof => mint.prove(facts);

/** Whether a value is a proof that was made in this process. */
export const isRestoreProof = (value: unknown): value is RestoreProof => mint.isProof(value);
