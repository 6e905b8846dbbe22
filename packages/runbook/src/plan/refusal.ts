import type { Evidence, Subject } from '@groundcrew/ground';
import type { Plan } from './plan.ts';

/** A typed "no": what a planner returns, instead of throwing, when it will not plan; what a precondition answers. */
export interface Refusal<Code extends string = string> {
  /** Stable and machine-readable: `galera.tie`, `ha.host-not-fenced`. */
  readonly code: Code;
  /** The reason, in a sentence. */
  readonly reason: string;
  /** The change that would turn the no into a yes; `undefined` if none would. */
  readonly remedy: string | undefined;
  readonly subject?: Subject | undefined;
  readonly because?: readonly Evidence[] | undefined;
}

/** The result of every planner: a plan to approve, or every reason why there is none. */
export type Planned<Code extends string = string> =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly refusals: readonly [Refusal<Code>, ...Refusal<Code>[]] };

export const planned = (plan: Plan): Planned<never> => ({ ok: true, plan });

export const refused = <Code extends string>(
  first: Refusal<Code>,
  ...more: readonly Refusal<Code>[]
): Planned<Code> => ({ ok: false, refusals: [first, ...more] });
