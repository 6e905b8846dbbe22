declare const proven: unique symbol;

/**
 * Facts that a verification made. A destructive function demands it as an argument, so that skipping the check does
 * not compile; `isProof` is the same check where there are no types.
 */
export type Proof<Name extends string, Facts extends object> = Readonly<Facts> & {
  readonly [proven]: Name;
};

export interface Prover<Name extends string, Facts extends object> {
  /** Call it where the verification has just succeeded, and nowhere else. */
  prove(facts: Facts): Proof<Name, Facts>;
  /** Was it made here, in this process? A copy, or one that was read from a file, was not. */
  isProof(value: unknown): value is Proof<Name, Facts>;
}

/**
 * The mint of one kind of proof. Keep it private to the file that verifies: who holds it can forge.
 *
 * @example
 * const mint = prover<'RestoreProof', { backup: string }>();
 */
export function prover<Name extends string, Facts extends object>(): Prover<Name, Facts> {
  const made = new WeakSet();
  return {
    prove(facts) {
      const proof = Object.freeze({ ...facts }) as Proof<Name, Facts>;
      made.add(proof);
      return proof;
    },
    isProof: (value): value is Proof<Name, Facts> =>
      typeof value === 'object' && value !== null && made.has(value),
  };
}
