import { type Cloud, isConflict, isNotFound } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import type { NewRule } from '../security-groups/rule-edit.ts';
import { editRulesOf } from './actions.ts';

type RuleWithId = NewRule & { readonly id: string };

/** Rules cannot change in Neutron, they come and go: a rule of that id is still the one that was judged. */
export function ruleHands(cloud: Cloud): Implementation[] {
  const { network } = cloud;

  async function rulesOf(group: string, signal: AbortSignal): Promise<readonly RuleWithId[]> {
    const found = await network.securityGroups.get({ id: group }, { signal });
    return found.security_group_rules.map((one) => ({
      ...bodyOf({ ...one, security_group_id: group }),
      id: one.id,
    }));
  }

  async function create(rule: NewRule, signal: AbortSignal): Promise<RuleWithId> {
    const body = bodyOf(rule);
    try {
      const made = await network.securityGroupRules.create(given(body) as never, { signal });
      return { ...body, id: made.id };
    } catch (error) {
      // It is there: of an earlier attempt, or anybody's.
      if (!isConflict(error)) throw error;
      const same = (await rulesOf(body.security_group_id, signal)).find((one) => isSame(one, body));
      if (same === undefined) throw error;
      return same;
    }
  }

  const remove = (id: string, signal: AbortSignal): Promise<unknown> =>
    network.securityGroupRules.delete({ id }, { signal }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });

  return [
    implement(editRulesOf, {
      async precondition({ group, edits }, { signal, attempt }): Promise<Refusal | undefined> {
        // After a crash some of it may be done.
        if (attempt > 1) return undefined;
        const there = new Set((await rulesOf(group, signal)).map(({ id }) => id));
        const gone = edits.find((one) => one.edit === 'remove' && !there.has(one.rule.id));
        return gone === undefined || gone.edit === 'add'
          ? undefined
          : {
              code: 'audit.changed',
              reason: `rule ${gone.rule.id} of group ${group} is gone: somebody was here`,
              remedy: 'Judge the group again.',
            };
      },
      async perform({ edits }, { signal }) {
        const added: RuleWithId[] = [];
        const removed: RuleWithId[] = [];
        for (const one of edits) if (one.edit === 'add') added.push(await create(one.rule, signal));
        for (const one of edits) {
          if (one.edit !== 'remove') continue;
          await remove(one.rule.id, signal);
          removed.push({ ...bodyOf(one.rule), id: one.rule.id });
        }
        return { added, removed };
      },
      async verify({ group, edits }, _, { signal }): Promise<Refusal | undefined> {
        const there = await rulesOf(group, signal);
        const wrong = edits.find((one) =>
          one.edit === 'remove'
            ? there.some(({ id }) => id === one.rule.id)
            : !there.some((other) => isSame(other, bodyOf(one.rule))),
        );
        return wrong === undefined
          ? undefined
          : {
              code: 'audit.not-reached',
              reason: `group ${group}: a rule that was to be ${wrong.edit === 'add' ? 'added is not there' : 'removed is there'}`,
              remedy: 'Judge the group again.',
            };
      },
      async compensate({ edits }, output, { signal }) {
        // What died while it acted may have removed any of them.
        const removed = output?.removed ?? edits.flatMap((one) => (one.edit === 'remove' ? [one.rule] : []));
        for (const rule of removed) await create(rule, signal);
        for (const rule of output?.added ?? []) await remove(rule.id, signal);
      },
    }),
  ];
}

const FIELDS = [
  'security_group_id',
  'direction',
  'ethertype',
  'protocol',
  'port_range_min',
  'port_range_max',
  'remote_ip_prefix',
  'remote_group_id',
  'remote_address_group_id',
] as const;

const bodyOf = (rule: NewRule): NewRule => ({
  security_group_id: rule.security_group_id,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_ip_prefix: rule.remote_ip_prefix,
  remote_group_id: rule.remote_group_id,
  remote_address_group_id: rule.remote_address_group_id ?? null,
});

/** Neutron without address groups refuses their field. */
const given = (rule: NewRule): Partial<NewRule> =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null));

const isSame = (one: NewRule, other: NewRule): boolean =>
  FIELDS.every((field) => (one[field] ?? null) === (other[field] ?? null));
