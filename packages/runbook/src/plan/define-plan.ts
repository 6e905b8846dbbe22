import { z } from 'zod';
import { type ArgumentFault, parseStrictly } from '@groundcrew/ground';
import { digestOfJson } from '@groundcrew/ground/signatures';
import { PlanError } from '../errors.ts';
import { frozenInPlace, frozenJson, type Json, NotJsonError } from '../json.ts';
import { checkNames, inOrder } from './plan-graph.ts';
import { FORMAT, planParts } from './plan-schema.ts';
import type { Concurrency, Gate, Plan, Step, Target } from './plan.ts';

export interface PlanSpec {
  /** The subject of the plan: `recover-compute-3`. */
  readonly id: string;
  readonly title: string;
  /** The inputs that it was made from. No secrets. @default {} */
  readonly inputs?: Json | undefined;
  /** @default none: nothing is checked for having moved */
  readonly targets?: readonly Target[] | undefined;
  /** In any order; made by `Action.step`. */
  readonly steps: readonly Step[];
  readonly gates?: readonly Gate[] | undefined;
  /** @default 8 at a time, one of each group */
  readonly concurrency?: Partial<Concurrency> | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** Its names: a slip (`warning`, `gate`) would leave out what somebody meant to be there. */
const planSpec = z.strictObject({
  id: z.unknown().optional(),
  title: z.unknown().optional(),
  inputs: z.unknown().optional(),
  targets: z.unknown().optional(),
  steps: z.unknown().optional(),
  gates: z.unknown().optional(),
  concurrency: z.strictObject({ total: z.unknown().optional(), groups: z.unknown().optional() }).optional(),
  warnings: z.unknown().optional(),
});

/**
 * Checks, orders and seals a plan. What it returns is frozen through and through, and shares nothing with the spec.
 *
 * @throws PlanError on an empty plan, an id that is used twice, a need that is not there, a circle (named by its
 *   steps), a number that is not positive, anything that is not JSON; `field` says where in the spec
 * @example
 * const plan = definePlan({
 *   id: 'restart-proxies',
 *   title: 'Restart both proxies, one after the other',
 *   steps: [
 *     restart.step({ id: 'first', input: { host: 'lb-1' } }),
 *     restart.step({ id: 'second', input: { host: 'lb-2' }, needs: ['first'] }),
 *   ],
 * });
 */
export function definePlan(spec: PlanSpec): Plan {
  // The parts themselves are checked below, where the plan is read back, too.
  parseStrictly(planSpec, spec, planFault);
  const { id, title, inputs, targets, steps, gates, concurrency, warnings } = spec;
  const parts = checkedParts({
    format: FORMAT,
    id,
    title,
    inputs: inputs ?? {},
    targets: targets ?? [],
    steps,
    gates: gates ?? [],
    concurrency: { total: concurrency?.total ?? 8, groups: concurrency?.groups ?? {} },
    warnings: warnings ?? [],
  });
  // What was checked is a copy already.
  const sealed = frozenInPlace({ ...parts, steps: inOrder(parts.steps) });
  return Object.freeze({ ...sealed, digest: digestOfJson(sealed) });
}

/** Checks everything but the order of the steps and the digest. @throws PlanError */
export function checkedParts(candidate: unknown): Omit<Plan, 'digest'> {
  const parts = parseStrictly(planParts, jsonParts(candidate), planFault) as Omit<Plan, 'digest'>;
  checkNames(parts.steps, parts.gates, parts.targets);
  return parts;
}

const planFault = ({ field, message }: ArgumentFault): PlanError =>
  new PlanError(`plan: ${field === '' ? '' : `${field}: `}${message}`, { field });

/** A plan is JSON: the copy is the same plan, frozen. */
export const frozenPlan = (plan: Plan): Plan => frozenJson(plan, 'plan') as unknown as Plan;

function jsonParts(candidate: unknown): Json {
  try {
    return frozenJson(candidate, 'plan');
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error;
    throw new PlanError(error.message, { field: error.field.replace(/^plan\.?/, '') });
  }
}
