import type { Step } from '@groundcrew/runbook';

/** A step that is made once it is known what it needs. */
export interface PhasedStep {
  readonly id: string;
  readonly make: (needs: readonly string[]) => Step;
}

/** Steps in phases: each of one needs each of the one before. A phase without steps is none. */
export class PhasedSteps {
  readonly all: Step[] = [];
  #last: readonly string[] = [];

  has(id: string): boolean {
    return this.all.some((step) => step.id === id);
  }

  next(phase: readonly PhasedStep[]): void {
    if (phase.length === 0) return;
    const needs = this.#last;
    this.all.push(...phase.map(({ make }) => make(needs)));
    this.#last = phase.map(({ id }) => id);
  }
}
