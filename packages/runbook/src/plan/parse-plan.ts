import { checkedParts, frozenPlan } from './define-plan.ts';
import { digestOfJson } from '@groundcrew/ground/signatures';
import { PlanError } from '../errors.ts';
import { frozenJson } from '../json.ts';
import { FORMAT } from './plan-schema.ts';
import { inOrder } from './plan-graph.ts';
import type { Plan } from './plan.ts';

/**
 * Reads a plan back: from its JSON text, or from what `JSON.parse` made of it. The result is as frozen as the one that
 * `definePlan` made, and has the same digest.
 *
 * @throws PlanError on text that is no JSON, a format of a newer release, anything `definePlan` refuses, and on a plan
 *   that was changed after it was sealed (`field` is then `digest`)
 */
export function parsePlan(source: unknown): Plan {
  const value = typeof source === 'string' ? parsedText(source) : source;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PlanError('plan: this is no JSON object', { field: '' });
  const { digest, ...rest } = value as { readonly digest?: unknown; readonly format?: unknown };
  if (rest.format !== FORMAT)
    throw new PlanError(`plan: format ${shown(rest.format)} is not known here, only ${FORMAT}`, {
      field: 'format',
      remedy:
        rest.format === 1
          ? 'Make the plan anew: format 1 counted seconds where this one counts milliseconds.'
          : 'Use the release of @groundcrew/runbook that wrote it, or a newer one.',
    });
  const parts = checkedParts(rest);
  const actual = digestOfJson(frozenJson(parts, 'plan'));
  if (digest !== actual)
    throw new PlanError(
      `plan ${parts.id} was changed after it was sealed: it says ${shown(digest)}, and is ${actual}`,
      { field: 'digest', remedy: 'Make the plan anew with definePlan, and have that one approved.' },
    );
  const misplaced = inOrder(parts.steps).findIndex((step, at) => step !== parts.steps[at]);
  if (misplaced !== -1)
    throw new PlanError(`plan: step ${parts.steps[misplaced]?.id} stands before a step that it waits for`, {
      field: `steps.${misplaced}`,
    });
  return frozenPlan({ ...parts, digest: actual });
}

/**
 * The plan as it is now, frozen: a run is of what was checked and approved, also if the caller's own object is changed while
 * it goes on. One that is no plan stays what it is, for the check that refuses it.
 */
export function planAsGiven(plan: Plan): Plan {
  try {
    return parsePlan(plan);
  } catch (error) {
    if (error instanceof PlanError) return plan;
    throw error;
  }
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PlanError(`plan: this is no JSON: ${(error as Error).message}`, { field: '' });
  }
}

const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value;
