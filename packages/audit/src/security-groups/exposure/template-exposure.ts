import { families } from '../addresses/address-family.ts';
import type { ExposureBasis } from './exposure-basis.ts';
import { reachOfRule } from '../reach/rule-reach.ts';
import type { DefaultRule } from '../snapshot/snapshot.ts';
import { exposureOf, type Exposure } from './group-exposure.ts';

const kinds = [
  { field: 'used_in_default_sg', id: 'default', words: "every new project's default group" },
  { field: 'used_in_non_default_sg', id: 'other', words: 'every new group' },
] as const;

/** The exposure that the default rules give the groups that begin with them, in one family. */
export interface TemplateExposure {
  readonly kind: (typeof kinds)[number];
  readonly exposure: Exposure;
}

/**
 * Measures what new groups begin with (`default-security-group-rules`, Neutron 23 on). In a template the remote group
 * `PARENT` is the group itself, which lets in nobody but its own.
 */
export const templateExposures = ({ snapshot, index, criteria }: ExposureBasis): TemplateExposure[] =>
  kinds.flatMap((kind) => {
    const rules = snapshot.defaultRules.value.filter(
      (rule) => rule[kind.field] === true && rule.remote_group_id !== 'PARENT',
    );
    return families.map((family) => {
      const reached = rules.flatMap((rule) => reachOfRule(ruleOf(rule), family, index.expansion) ?? []);
      return { kind, exposure: exposureOf(reached, family, criteria) };
    });
  });

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
