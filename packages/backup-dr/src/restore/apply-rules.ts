import type { Cloud } from '@groundcrew/core';
import type { StepContext } from '@groundcrew/runbook';
import type { Wire } from '../point/tenant-point.ts';
import { textOf, toWire } from '../point/wire.ts';
import { idOf } from './resolve-body.ts';
import type { RestoredRule } from './restore-actions.ts';
import { ruleKey } from './rules.ts';

/** Rules in one call: Neutron makes them in one transaction, and a body of 5,000 is none that every proxy lets through. */
const RULES_A_CALL = 200;

/** Rules that are asked to be deleted at a time. */
const DELETED_AT_A_TIME = 8;

/** The rules of a group as they are, each with its key. */
async function rulesNow(
  cloud: Cloud,
  group: string,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<ReadonlyMap<string, Wire>> {
  const rules = new Map<string, Wire>();
  for await (const rule of cloud.network.securityGroupRules.list({ security_group_id: group }, { signal })) {
    const wire = toWire(rule);
    rules.set(ruleKey(wire, rule.remote_group_id), wire);
  }
  return rules;
}

const keyed = (
  rules: readonly RestoredRule[],
  context: StepContext,
): ReadonlyMap<string, { readonly rule: RestoredRule; readonly remote: string | null }> =>
  new Map(
    rules.map((rule) => {
      const remote = rule.remote_group === null ? null : idOf(rule.remote_group, context);
      return [ruleKey(rule, remote), { rule, remote }];
    }),
  );

/** Whether a group has exactly these rules. */
export async function hasRules(
  cloud: Cloud,
  group: string,
  rules: readonly RestoredRule[],
  context: StepContext,
): Promise<boolean> {
  const [now, wanted] = [await rulesNow(cloud, group, context), keyed(rules, context)];
  return now.size === wanted.size && [...wanted.keys()].every((key) => now.has(key));
}

/** Gives a group exactly these rules: what it has already stays, so that doing it again goes on where it was. */
export async function applyRules(
  cloud: Cloud,
  group: string,
  rules: readonly RestoredRule[],
  context: StepContext,
): Promise<void> {
  const { signal, progress } = context;
  const { securityGroupRules } = cloud.network;
  const [now, wanted] = [await rulesNow(cloud, group, context), keyed(rules, context)];
  const surplus = [...now]
    .filter(([key]) => !wanted.has(key))
    .flatMap(([, rule]) => textOf(rule['id']) ?? []);
  for (let from = 0; from < surplus.length; from += DELETED_AT_A_TIME)
    await Promise.all(
      surplus
        .slice(from, from + DELETED_AT_A_TIME)
        .map((id) => securityGroupRules.delete({ id }, { signal, missingOk: true })),
    );
  const missing = [...wanted]
    .filter(([key]) => !now.has(key))
    .map(([, { rule, remote }]) => ({ rule, remote }));
  for (let from = 0; from < missing.length; from += RULES_A_CALL) {
    const some = missing.slice(from, from + RULES_A_CALL);
    await securityGroupRules.createMany(
      { security_group_rules: some.map(({ rule, remote }) => bodyOf(group, rule, remote)) },
      { signal },
    );
    progress('rules', { made: from + some.length, of: missing.length });
  }
}

const bodyOf = (group: string, rule: RestoredRule, remote: string | null) => ({
  security_group_id: group,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_ip_prefix: rule.remote_ip_prefix,
  remote_group_id: remote,
  description: rule.description,
});
