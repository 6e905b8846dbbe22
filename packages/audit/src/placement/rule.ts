import { aFunction, messageOf, parseArguments, type Severity } from '@groundcrew/ground';
import { z } from 'zod';
import type { PlacementAnswer, Reason, RuleAnswer } from './answer.ts';
import type { Location, PlacementSnapshot, Workload } from './placement-snapshot.ts';

/** A rule about what may run where. Pure. */
export interface PlacementRule {
  /** `residency`, `licence`, … */
  readonly id: string;
  readonly severity: Severity;
  /** The rule as a sentence: `A workload stays in the zones of its residency`. */
  readonly title: string;
  /** A breach counts for what runs there already, too. Capacity does not: it has its room. @default true */
  readonly standing?: boolean | undefined;
  readonly allows: (workload: Workload, location: Location, snapshot: PlacementSnapshot) => RuleAnswer;
}

/**
 * Defines a rule.
 *
 * @throws InputError that names the field
 * @example
 * const noGpuForTests = definePlacementRule({
 *   id: 'no-gpu-for-tests', severity: 'low', title: 'Tests do not take GPU hosts',
 *   allows: (workload, { labels }) =>
 *     workload.labels?.['stage'] !== 'test' || labels?.['gpu'] === undefined ? 'yes' : no('it has GPUs'),
 * });
 */
export function definePlacementRule(rule: PlacementRule): PlacementRule {
  parseArguments('definePlacementRule', ruleSchema, rule);
  return rule;
}

const ruleSchema = z.strictObject({
  id: z.string().regex(/^\S+$/, 'must be a word without blanks'),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  title: z.string().trim().min(1),
  standing: z.boolean().optional(),
  allows: aFunction,
});

/** Tells whether a workload can run at a location. Pure; a no outweighs an unknown. */
export function canRun(
  workload: Workload,
  location: Location,
  snapshot: PlacementSnapshot,
  rules: readonly PlacementRule[],
): PlacementAnswer {
  const noes: Reason[] = [];
  const unknowns: Reason[] = [];
  for (const rule of rules) {
    const said = ask(rule, workload, location, snapshot);
    if (said === 'yes') continue;
    if ('no' in said) noes.push({ rule: rule.id, why: said.no });
    else unknowns.push({ rule: rule.id, why: said.unknown });
  }
  if (noes.length > 0) return { answer: 'no', because: noes };
  return unknowns.length > 0 ? { answer: 'unknown', because: unknowns } : { answer: 'yes' };
}

/** A user's rule that throws says nothing: that is no yes. */
export function ask(
  rule: PlacementRule,
  workload: Workload,
  location: Location,
  snapshot: PlacementSnapshot,
): RuleAnswer {
  try {
    return rule.allows(workload, location, snapshot);
  } catch (error) {
    return { unknown: `the rule failed: ${messageOf(error)}` };
  }
}
