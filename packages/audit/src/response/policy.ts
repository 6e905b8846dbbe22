import { aFunction, type Finding, type Severity } from '@groundcrew/ground';
import { GroundcrewError } from '@groundcrew/core';
import { z } from 'zod';
import { parseStrictly } from '@groundcrew/ground';
import { bracketed } from '../field-path.ts';
import { type Response, responseSchema } from './response.ts';

/**
 * `off`: nothing. `audit`: says what it would do. `warn`: notifies and tags, and does nothing else. `enforce`: all of
 * it, once the plan is approved.
 */
export type ResponseMode = 'off' | 'audit' | 'warn' | 'enforce';

export interface ResponseRule {
  /** The ids of findings: `audit.allow-all`, or `audit.*`. */
  readonly finding: string;
  /** From this severity on. @default any */
  readonly from?: Severity | undefined;
  readonly when?: ((finding: Finding) => boolean) | undefined;
  readonly do: readonly Response[];
}

export interface ResponsePolicy {
  readonly mode: ResponseMode;
  /** The first that fits a finding counts. */
  readonly rules: readonly ResponseRule[];
  /** Things that one plan may touch at the most. @default 20 */
  readonly maxTargets: number;
}

const policySchema = z.strictObject({
  mode: z.enum(['off', 'audit', 'warn', 'enforce']),
  rules: z
    .array(
      z.strictObject({
        finding: z.string(),
        from: z.enum(['critical', 'high', 'medium', 'low', 'info']).optional(),
        when: aFunction.optional(),
        do: z.array(responseSchema).readonly(),
      }),
    )
    .readonly(),
  maxTargets: z.number().optional(),
});

/** A policy that means something else than it says. */
export class ResponsePolicyError extends GroundcrewError {
  readonly code = 'response-policy';
  /** `rules[0].do[1].delay` */
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`, { remedy: 'Correct the policy: nothing was done by it.' });
    this.field = field;
  }
}

/**
 * Checks a policy: a deadline needs a notice before it, since it counts from when somebody was told.
 *
 * Read strictly, since it may come from a file: an unknown field, or a value of the wrong kind, is refused.
 *
 * @throws ResponsePolicyError that names the field
 * @example
 * const policy = responsePolicy({
 *   mode: 'enforce',
 *   rules: [{ finding: 'audit.allow-all', do: [notify('owner'), after('72h', editRules())] }],
 * });
 */
export function responsePolicy(
  given: Omit<ResponsePolicy, 'maxTargets'> & { readonly maxTargets?: number | undefined },
): ResponsePolicy {
  parseStrictly(
    policySchema,
    given,
    ({ field, message }) => new ResponsePolicyError(bracketed(field), message),
  );
  const { mode, rules, maxTargets = 20 } = given;
  if (!Number.isInteger(maxTargets) || maxTargets < 1)
    throw new ResponsePolicyError('maxTargets', `${maxTargets} is no whole number above 0`);
  for (const [index, rule] of rules.entries()) {
    const field = `rules[${index}]`;
    if (!/^[\w.-]+(?:\.\*)?$|^\*$/.test(rule.finding))
      throw new ResponsePolicyError(`${field}.finding`, `${JSON.stringify(rule.finding)} is no finding's id`);
    if (rule.do.length === 0) throw new ResponsePolicyError(`${field}.do`, 'is empty');
    for (const [at, response] of rule.do.entries()) {
      if (response.do !== 'after') continue;
      if (response.respond.do === 'after')
        throw new ResponsePolicyError(`${field}.do[${at}]`, 'a deadline within a deadline');
      if (!rule.do.slice(0, at).some((earlier) => earlier.do === 'notify'))
        throw new ResponsePolicyError(
          `${field}.do[${at}]`,
          'nobody is told before its deadline: put a notify in front of it',
        );
    }
  }
  return { mode, rules, maxTargets };
}

/**
 * Refuses a policy that tells channels which are not there: it would be noticed when somebody is to be told.
 *
 * @throws ResponsePolicyError that names the rule
 */
export function checkChannels({ rules }: ResponsePolicy, names: readonly string[]): void {
  for (const [index, rule] of rules.entries())
    for (const [at, response] of rule.do.entries()) {
      const act = response.do === 'after' ? response.respond : response;
      const missing = act.do === 'notify' ? act.channels.find((name) => !names.includes(name)) : undefined;
      if (missing === undefined) continue;
      const there = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
      throw new ResponsePolicyError(`rules[${index}].do[${at}]`, `tells ${missing}; of channels ${there}`);
    }
}

const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** The responses that a policy names for a finding; none for a finding that did not fail. */
export function responsesTo(finding: Finding, { rules }: ResponsePolicy): readonly Response[] {
  if (finding.verdict !== 'fail') return [];
  const rule = rules.find(
    (candidate) =>
      (candidate.finding === '*' ||
        candidate.finding === finding.id ||
        (candidate.finding.endsWith('.*') && finding.id.startsWith(candidate.finding.slice(0, -1)))) &&
      severities.indexOf(finding.severity) >= severities.indexOf(candidate.from ?? 'info') &&
      (candidate.when?.(finding) ?? true),
  );
  return rule?.do ?? [];
}
