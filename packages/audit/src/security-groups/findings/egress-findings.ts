import { type Finding, finding } from '@groundcrew/ground';
import { publicShare, describeSources } from '../addresses/address-family.ts';
import type { Assessment } from '../assessment.ts';
import { causeOf } from '../exposure/causes.ts';
import { wideOpenConditions } from '../exposure/conditions.ts';
import type { WideOpen } from '../exposure/exposure.ts';
import { wideOpenClaim } from '../exposure/exposure-claim.ts';
import type { Exposure } from '../exposure/group-exposure.ts';
import { describeRule } from '../reach/describe-rule.ts';
import { worstCase } from '../reach/rule-reach.ts';
import { remediationOf } from '../remediation/remediation.ts';
import type { ExposureFinding } from './exposure-finding.ts';
import type { GroupSet } from './group-set.ts';
import { usageOf } from './usage.ts';

/**
 * Findings on groups that let everything out to everyone: Neutron's default, so only a policy that asks for it has
 * them.
 */
export const egressFindings = (groupSet: GroupSet, exposure: Exposure, assessment: Assessment): Finding[] =>
  exposure.wide === undefined
    ? doubtfulEgressFindings(groupSet, exposure, assessment)
    : [openEgressFinding(groupSet, exposure, exposure.wide, assessment)];

function openEgressFinding(
  groupSet: GroupSet,
  { family, rules }: Exposure,
  wide: WideOpen,
  assessment: Assessment,
): ExposureFinding {
  const { snapshot, criteria, keep } = assessment;
  const { source, at } = snapshot.securityGroups;
  const conditions = wideOpenConditions(family, criteria.isEveryone);
  const cause = causeOf(rules, conditions[wide.protocols === 'all' ? 0 : 1], family);
  const base = finding({
    id: 'audit.egress-open',
    verdict: 'fail',
    severity: 'low',
    title: `${groupSet.title} lets its ports reach ${describeSources(wide.sources, family)} on every port`,
    subject: groupSet.subject,
    because: cause
      .slice(0, 10)
      .map((rule) => ({ statement: outwards(describeRule(rule, family)), source, at })),
    remedy: 'Let out only what is needed: names, updates, the services that it uses.',
  });
  // Paths out are not judged: the finding tells the paths in, for readers that look at the ports.
  const { effective } = usageOf(
    groupSet.ports,
    wideOpenClaim(wide, family, criteria.isEveryone),
    family,
    assessment,
  );
  return {
    ...base,
    coverage: {
      family: family.name,
      direction: 'egress',
      sources: publicShare(wide.sources, family),
      protocols: wide.protocols === 'all' ? 'any' : [6, 17, family.icmp],
      ports: '1-65535',
    },
    ...remediationOf(groupSet.groupOf, rules, cause, conditions, family, keep),
    effective,
  };
}

/** Not open by what was seen; is it, if what was not seen is everybody? */
function doubtfulEgressFindings(
  groupSet: GroupSet,
  { family, rules }: Exposure,
  { snapshot, criteria: { isEveryone } }: Assessment,
): Finding[] {
  const [, condition] = wideOpenConditions(family, isEveryone);
  if (!condition.holds(worstCase(rules, family))) return [];
  const { source, at } = snapshot.securityGroups;
  return [
    finding({
      id: 'audit.egress-open',
      verdict: 'unknown',
      severity: 'low',
      title: `${groupSet.title} may let its ports reach everyone by ${family.name} rules that could not be followed`,
      subject: groupSet.subject,
      because: rules
        .flatMap(({ doubt }) => doubt ?? [])
        .slice(0, 10)
        .map((statement) => ({ statement: outwards(statement), source, at })),
      remedy: snapshot.ports.gaps[0]?.remedy ?? 'Look at these rules themselves.',
    }),
  ];
}

const outwards = (statement: string): string =>
  statement.replace(' lets in ', ' lets out ').replace(' from ', ' to ');
