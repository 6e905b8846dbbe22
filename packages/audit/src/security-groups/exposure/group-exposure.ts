import { type ExposureCriteria, type OpenPort, openPorts, type WideOpen, wideOpen } from './exposure.ts';
import { type Family, families } from '../addresses/address-family.ts';
import type { SecurityGroup } from '../snapshot/snapshot.ts';
import { worstCase, type Direction, type RuleReach, reachOfRule } from '../reach/rule-reach.ts';
import type { ExposureBasis } from './exposure-basis.ts';

/** The reach that some rules give in one family. */
export interface Exposure {
  readonly family: Family;
  readonly rules: readonly RuleReach[];
  readonly wide: WideOpen | undefined;
  readonly ports: readonly OpenPort[];
  /** Reasons why it may be more: only those that could change the verdict. */
  readonly doubts: readonly string[];
}

/** A security group with what it lets in, family by family: rules of one do not touch the other. */
export interface GroupExposure {
  readonly group: SecurityGroup;
  readonly exposures: readonly Exposure[];
  /** The reach of its rules to the outside. Empty if the policy does not ask for it. */
  readonly egress: readonly Exposure[];
}

/** Computes the reach that a group lets in, and the reach that it lets out if that is asked for. */
export const exposureOfGroup = (
  group: SecurityGroup,
  { index, criteria, egress }: Omit<ExposureBasis, 'snapshot'>,
): GroupExposure => {
  const exposures = (direction: Direction): Exposure[] =>
    families.map((family) => {
      const rules = group.security_group_rules.flatMap(
        // `?? []`: a rule of the other family or direction. A rule that is not understood has a reach with a doubt.
        (rule) => reachOfRule(rule, family, index.expansion, direction) ?? [],
      );
      return exposureOf(rules, family, criteria);
    });
  return { group, exposures: exposures('ingress'), egress: egress ? exposures('egress') : [] };
};

/** The exposure that rules make together. */
export function exposureOf(
  rules: readonly RuleReach[],
  family: Family,
  criteria: ExposureCriteria,
): Exposure {
  const wide = wideOpen(rules, family, criteria.isEveryone);
  const ports = openPorts(rules, family, criteria);
  return { family, rules, wide, ports, doubts: doubtsOf(rules, family, criteria, wide, ports) };
}

/** A rule that could not be expanded matters only if letting in everybody would make a difference. */
function doubtsOf(
  rules: readonly RuleReach[],
  family: Family,
  criteria: ExposureCriteria,
  wide: WideOpen | undefined,
  ports: readonly OpenPort[],
): string[] {
  const doubts = rules.flatMap((rule) => rule.doubt ?? []);
  if (doubts.length === 0) return [];
  const worst = worstCase(rules, family);
  const worse =
    (wide === undefined && wideOpen(worst, family, criteria.isEveryone) !== undefined) ||
    openPorts(worst, family, criteria).length > ports.length;
  return worse ? doubts : [];
}
