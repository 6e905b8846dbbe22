import { type Finding, finding } from '@groundcrew/runbook';
import { families, words } from '../addresses/address-family.ts';
import { portWords } from '../exposure/admin-ports.ts';
import type { Context } from './exposure-findings.ts';
import { exposureOf } from '../exposure/group-exposure.ts';
import type { AuditSnapshot, DefaultRule } from '../observe.ts';
import { openingOf } from '../reach/rule-reach.ts';
import { ofOpening } from '../reach/describe-rule.ts';

const kinds = [
  { field: 'used_in_default_sg', id: 'default', words: "every new project's default group" },
  { field: 'used_in_non_default_sg', id: 'other', words: 'every new group' },
] as const;

/**
 * What new groups begin with (`default-security-group-rules`, Neutron 23 on). In a template the remote group `PARENT` is
 * the group itself, which lets in nobody but its own.
 */
export function ofTemplates(snapshot: AuditSnapshot, { world, measure }: Context): Finding[] {
  const { value, source, at } = snapshot.defaultRules;
  return kinds.flatMap((kind) =>
    families.flatMap((family) => {
      const rules = value.filter((rule) => rule[kind.field] === true && rule.remote_group_id !== 'PARENT');
      const openings = rules.flatMap((rule) => openingOf(ruleOf(rule), family, world.expansion) ?? []);
      const { wide, ports, doubts } = exposureOf(openings, family, measure);
      const name = `${kind.words[0]?.toUpperCase() ?? ''}${kind.words.slice(1)}`;
      const subject = { kind: 'default security group rules', id: kind.id };
      if (wide === undefined && ports.length === 0)
        return doubts.length === 0
          ? []
          : [
              finding({
                id: 'audit.default-template-open',
                verdict: 'unknown',
                severity: 'high',
                title: `${name} may begin open, by ${family.name} rules that could not be followed`,
                subject,
                because: doubts.slice(0, 10).map((statement) => ({ statement, source, at })),
                remedy: 'Look at these default rules themselves.',
              }),
            ];
      const what =
        wide === undefined
          ? ports.map(({ port }) => portWords(port)).join(', ')
          : `everything from ${words(wide.sources, family)}`;
      return [
        finding({
          id: 'audit.default-template-open',
          verdict: 'fail',
          severity: 'high',
          title: `${name} begins open: ${what}`,
          subject,
          because: openings.slice(0, 10).map((one) => ({ statement: ofOpening(one, family), source, at })),
          remedy: 'Remove these default rules; groups that exist keep their own.',
        }),
      ];
    }),
  );
}

const ruleOf = (rule: DefaultRule) => ({
  id: rule.id,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_ip_prefix: rule.remote_ip_prefix,
  normalized_cidr: rule.remote_ip_prefix,
  remote_group_id: rule.remote_group_id,
  remote_address_group_id: rule.remote_address_group_id ?? null,
});
