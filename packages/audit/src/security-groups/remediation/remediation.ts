import type { Family } from '../addresses/address-family.ts';
import type { ExposureCondition } from '../exposure/conditions.ts';
import type { RuleReach } from '../reach/rule-reach.ts';
import { ruleEdits } from './rule-edits.ts';
import type { RuleEdit } from './rule-edit.ts';

/** One of the rules that cause it; together they are as few as can be. */
export interface ExposureCause {
  readonly rule_id: string;
  readonly security_group_id: string;
  readonly via: 'any' | 'prefix' | 'address_group' | 'remote_group';
}

/** The rules that cause an exposure, and the edits that end it. */
export interface Remediation {
  readonly cause: readonly ExposureCause[];
  /** The edits after which the exposure is gone, and nothing else is closed that need not be. */
  readonly fix: readonly RuleEdit[];
}

/** Names the rules that cause an exposure, and computes the edits that end it. */
export function remediationOf(
  groupOf: (rule: RuleReach['rule']) => string,
  rules: readonly RuleReach[],
  cause: readonly RuleReach[],
  conditions: readonly ExposureCondition[],
  family: Family,
  keep: readonly string[],
): Remediation {
  return {
    cause: cause.map(({ rule }) => ({
      rule_id: rule.id,
      security_group_id: groupOf(rule),
      via: viaOf(rule),
    })),
    fix: ruleEdits(rules, { family, conditions, keep, groupOf }),
  };
}

const viaOf = (rule: RuleReach['rule']): ExposureCause['via'] =>
  rule.remote_address_group_id !== null && rule.remote_address_group_id !== undefined
    ? 'address_group'
    : rule.remote_group_id !== null
      ? 'remote_group'
      : (rule.remote_ip_prefix ?? rule.normalized_cidr ?? null) === null
        ? 'any'
        : 'prefix';
