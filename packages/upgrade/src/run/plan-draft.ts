import { type Duration, InputError } from '@groundcrew/ground';
import type { Action, Estimate, Step } from '@groundcrew/runbook';
import type { z } from 'zod';

/** What a step says of itself, beside what its place in the plan says. */
interface DraftStep<Input> {
  readonly id: string;
  readonly input: Input;
  readonly why?: string | undefined;
  readonly timeout: Duration;
  /** The name by which the caller gives its time: `nova.install`. */
  readonly estimate: string;
}

/** Steps one after the other. */
export class StepChain {
  /** The steps that the next one needs. */
  ends: readonly string[];
  readonly #draft: PlanDraft;

  constructor(draft: PlanDraft, after: readonly string[]) {
    this.#draft = draft;
    this.ends = after;
  }

  add<Input extends z.ZodType, Output extends z.ZodType>(
    action: Action<Input, Output>,
    { estimate, ...step }: DraftStep<z.input<Input>>,
    group?: string,
  ): void {
    const known = this.#draft.estimateOf(estimate);
    this.#draft.steps.push(
      action.step({
        ...step,
        needs: this.ends,
        ...(known === undefined ? {} : { estimate: known }),
        ...(group === undefined ? {} : { group }),
      }),
    );
    this.ends = [step.id];
  }
}

/** A plan that grows: its steps, and where the next ones go. */
export class PlanDraft {
  readonly steps: Step[] = [];
  readonly #estimates: { readonly [step: string]: Estimate };
  readonly #used = new Set<string>();
  #ends: readonly string[] = [];
  #gated: string | undefined;

  constructor(estimates: { readonly [step: string]: Estimate } = {}) {
    this.#estimates = estimates;
  }

  /** The step before which a person is asked: the first of the block in which there is the first point of no return. */
  get gated(): string | undefined {
    return this.#gated;
  }

  estimateOf(name: string): Estimate | undefined {
    this.#used.add(name);
    return this.#estimates[name];
  }

  /** A part of the plan that begins when all before has succeeded. Within it nobody should wait for a person. */
  block(write: (chain: StepChain) => void): void {
    this.parallel([write]);
  }

  /** Chains that go on beside each other, and end before what comes next begins. */
  parallel(chains: readonly ((chain: StepChain) => void)[]): void {
    const from = this.steps.length;
    const ends = chains.map((write) => {
      const chain = new StepChain(this, this.#ends);
      write(chain);
      return chain.ends;
    });
    const added = this.steps.slice(from);
    if (added.length === 0) return;
    if (this.#gated === undefined && added.some(({ rollback }) => rollback === 'none'))
      this.#gated = added[0]?.id;
    this.#ends = [...new Set(ends.flat())];
  }

  /** @throws InputError for an estimate of a step that is not in the plan: it would be left out without a word */
  checkEstimates(): void {
    for (const name of Object.keys(this.#estimates))
      if (!this.#used.has(name))
        throw new InputError(
          `planUpgrade: estimates.${name}: no step of this plan is called so; there are ${[...this.#used].toSorted().join(', ')}`,
          { field: `estimates.${name}`, operation: 'planUpgrade' },
        );
  }
}
