import type { Finding, Severity } from '@groundcrew/runbook';
import type { Response } from './response.ts';

/**
 * `off`: nothing. `audit`: says what it would do. `warn`: notifies and tags, and does nothing else. `enforce`: all of
 * it, once the plan is approved.
 */
export type ResponseMode = 'off' | 'audit' | 'warn' | 'enforce';

export interface ResponseRule {
  /** Of findings: `audit.allow-all`, or `audit.*`. */
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

/** A policy that means something else than it says. */
export class ResponsePolicyError extends Error {
  override readonly name = 'ResponsePolicyError';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}

/**
 * Checks a policy: a deadline needs a notice before it, since it counts from when somebody was told.
 *
 * @throws ResponsePolicyError that names the rule
 * @example
 * const policy = responsePolicy({
 *   mode: 'enforce',
 *   rules: [{ finding: 'audit.allow-all', do: [notify('owner'), after('72h', editRules())] }],
 * });
 */
export function responsePolicy({
  mode,
  rules,
  maxTargets = 20,
}: Omit<ResponsePolicy, 'maxTargets'> & { readonly maxTargets?: number | undefined }): ResponsePolicy {
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
      if (!rule.do.slice(0, at).some((one) => one.do === 'notify'))
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

/** What a policy says of a finding; nothing for one that did not fail. */
export function responsesTo(finding: Finding, { rules }: ResponsePolicy): readonly Response[] {
  if (finding.verdict !== 'fail') return [];
  const rule = rules.find(
    (one) =>
      (one.finding === '*' ||
        one.finding === finding.id ||
        (one.finding.endsWith('.*') && finding.id.startsWith(one.finding.slice(0, -1)))) &&
      severities.indexOf(finding.severity) >= severities.indexOf(one.from ?? 'info') &&
      (one.when?.(finding) ?? true),
  );
  return rule?.do ?? [];
}
