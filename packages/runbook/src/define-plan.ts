import type { Json } from './json.ts';
import type { Concurrency, Gate, Plan, Step, Target } from './plan.ts';

export interface PlanSpec {
  readonly id: string;
  readonly title: string;
  readonly inputs?: Json | undefined;
  readonly targets?: readonly Target[] | undefined;
  readonly steps: readonly Step[];
  readonly gates?: readonly Gate[] | undefined;
  /** @default 8 at a time, one of each group */
  readonly concurrency?: Partial<Concurrency> | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/**
 * Checks, orders and seals a plan.
 *
 * @throws PlanError on a step id that is used twice, a need that is not there, a circle
 */
export function definePlan(spec: PlanSpec): Plan {
  throw new Error(`not written yet: ${spec.id}`);
}
