import type { Clock } from '@groundcrew/core';
import type { FenceProof } from '../fencing/fence-proof.ts';
import { type Fencer, isFresh } from '../fencing/fencer.ts';

/**
 * Proofs of off for many evacuations from one host: the board is asked once for all that start together, and again
 * when the proof has aged.
 */
export class SharedProofs {
  readonly #fencer: Fencer;
  readonly #clock: Clock;
  readonly #maxAge: number;
  readonly #proofs = new Map<string, Promise<FenceProof>>();
  readonly #asking = new Map<string, Promise<FenceProof>>();

  /** @param maxAge in milliseconds */
  constructor(fencer: Fencer, clock: Clock, maxAge: number) {
    this.#fencer = fencer;
    this.#clock = clock;
    this.#maxAge = maxAge;
  }

  /** Keeps a proof that was just made. */
  keep(proof: FenceProof): void {
    this.#proofs.set(proof.host, Promise.resolve(proof));
  }

  /** @throws FenceError if it is not off any more */
  async of(host: string, signal: AbortSignal): Promise<FenceProof> {
    const there = await this.#proofs.get(host)?.catch(() => undefined);
    if (there !== undefined && isFresh(there, host, this.#clock.now(), this.#maxAge)) return there;
    // Whoever waited for the same old proof finds the one that another has asked for meanwhile.
    return this.#asking.get(host) ?? this.#ask(host, signal);
  }

  async #ask(host: string, signal: AbortSignal): Promise<FenceProof> {
    const asking = this.#fencer.confirmOff(host, { signal });
    this.#asking.set(host, asking);
    this.#proofs.set(host, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(host);
    }
  }
}
