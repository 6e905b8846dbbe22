import { type Cloud, isConflict, unlessGone } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import { newRule, type NewRule } from '../security-groups/remediation/rule-edit.ts';
import { families } from '../security-groups/addresses/address-family.ts';
import { protocolOf } from '../security-groups/reach/protocols.ts';
import { editRulesOf } from './actions.ts';
import { changed } from './before-act.ts';

type RuleWithId = NewRule & { readonly id: string };

/** The description of rules that are added: by it an attempt after a crash knows its own. */
const MARK = 'Let in again by groundcrew; see its audit trail';

/** Rules cannot change in Neutron, they come and go: a rule of that id is still the one that was judged. */
export function ruleImplementations(cloud: Cloud): Implementation[] {
  const { network } = cloud;

  async function rulesOf(group: string, signal: AbortSignal): Promise<readonly RuleWithId[]> {
    const found = await network.securityGroups.get({ id: group }, { signal });
    return found.security_group_rules.map((security_group_rule) => ({
      ...bodyOf({ ...security_group_rule, security_group_id: group }),
      id: security_group_rule.id,
    }));
  }

  /** Makes a rule; tells whether it was there, of an earlier attempt or anybody's, which is 409 to Neutron. */
  async function create(
    rule: NewRule,
    signal: AbortSignal,
  ): Promise<{ readonly rule: RuleWithId; readonly isNew: boolean }> {
    const body = bodyOf(rule);
    try {
      const { id } = await network.securityGroupRules.create(given(body) as never, { signal });
      return { rule: { ...body, id }, isNew: true };
    } catch (error) {
      if (!isConflict(error)) throw error;
      const same = (await rulesOf(body.security_group_id, signal)).find((existing) => isSame(existing, body));
      if (same === undefined) throw error;
      return { rule: same, isNew: false };
    }
  }

  /** Tells whether it was there. */
  const remove = async (id: string, signal: AbortSignal): Promise<boolean> => {
    const removed = await unlessGone(async () => {
      await network.securityGroupRules.delete({ id }, { signal });
      return true;
    });
    return removed === true;
  };

  return [
    implement(editRulesOf, {
      async precondition({ group, edits }, { signal, attempt }): Promise<Refusal | undefined> {
        // After a crash some of it may be done.
        if (attempt > 1) return undefined;
        const there = new Map((await rulesOf(group, signal)).map((rule) => [rule.id, rule]));
        for (const edit of edits) {
          if (edit.edit !== 'remove') continue;
          const now = there.get(edit.rule.id);
          if (now === undefined)
            return changed(`rule ${edit.rule.id} of group ${group} is gone: somebody was here`);
          if (!isSame(now, bodyOf(edit.rule)))
            return changed(`rule ${edit.rule.id} of group ${group} is not the one that was judged`);
        }
        return undefined;
      },
      async perform({ group, edits }, { signal, attempt }) {
        // As they are now, with what a plan does not say of them: an undo brings them back as they were.
        const there = new Map((await rulesOf(group, signal)).map((rule) => [rule.id, rule]));
        const added: RuleWithId[] = [];
        const removed: RuleWithId[] = [];
        for (const edit of edits) {
          if (edit.edit !== 'add') continue;
          const { rule, isNew } = await create({ description: MARK, ...edit.rule }, signal);
          // One that was there before is somebody's, and stays when this is undone.
          if (isNew || (attempt > 1 && rule.description === MARK)) added.push(rule);
        }
        for (const edit of edits) {
          if (edit.edit !== 'remove') continue;
          const wasThere = await remove(edit.rule.id, signal);
          // One that somebody else took away does not come back by our undo; of an earlier attempt it is ours.
          if (wasThere || attempt > 1)
            removed.push(there.get(edit.rule.id) ?? { ...bodyOf(edit.rule), id: edit.rule.id });
        }
        return { added, removed };
      },
      async verify({ group, edits }, _, { signal }): Promise<Refusal | undefined> {
        const there = await rulesOf(group, signal);
        const wrong = edits.find((edit) =>
          edit.edit === 'remove'
            ? there.some(({ id }) => id === edit.rule.id)
            : !there.some((other) => isSame(other, bodyOf(edit.rule))),
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
        // An attempt that died while it acted may have removed any of them.
        const removed =
          output?.removed ?? edits.flatMap((edit) => (edit.edit === 'remove' ? [edit.rule] : []));
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
  'port_range_min',
  'port_range_max',
  'remote_ip_prefix',
  'remote_group_id',
  'remote_address_group_id',
] as const;

const bodyOf = (rule: NewRule): NewRule => ({
  ...newRule(rule, rule.security_group_id),
  description: rule.description ?? null,
});

/** Neutron without address groups refuses their field. */
const given = (rule: NewRule): Partial<NewRule> =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null));

/** Neutron keeps protocols by other names than they are given: `icmp` of IPv6 is answered as `ipv6-icmp`. */
const isSame = (rule: NewRule, other: NewRule): boolean =>
  FIELDS.every((field) => (rule[field] ?? null) === (other[field] ?? null)) &&
  protocolIn(rule) === protocolIn(other);

function protocolIn({ protocol, ethertype }: NewRule): unknown {
  const family = families.find(({ name }) => name === ethertype);
  return family === undefined ? protocol : (protocolOf(protocol, family) ?? protocol);
}
