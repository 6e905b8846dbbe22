import { type Evidence, finding } from '@groundcrew/ground';
import {
  type Family,
  publicShare,
  describeShareOfSpace,
  describeSources,
} from '../addresses/address-family.ts';
import { union } from '../addresses/address-set.ts';
import type { Assessment } from '../assessment.ts';
import { describePort } from '../exposure/admin-ports.ts';
import { causeOf } from '../exposure/causes.ts';
import { openPortCondition, wideOpenConditions } from '../exposure/conditions.ts';
import type { WideOpen } from '../exposure/exposure.ts';
import { openPortsClaim, wideOpenClaim } from '../exposure/exposure-claim.ts';
import type { Exposure } from '../exposure/group-exposure.ts';
import { describeRule, listed } from '../reach/describe-rule.ts';
import type { RuleReach } from '../reach/rule-reach.ts';
import { remediationOf } from '../remediation/remediation.ts';
import type { SecurityGroupSnapshot } from '../snapshot/snapshot.ts';
import type { ExposureFinding } from './exposure-finding.ts';
import type { GroupSet } from './group-set.ts';
import { usageOf } from './usage.ts';

/** Findings on what rules let in: at most one of each kind for each family. */
export function exposureFindings(
  groupSet: GroupSet,
  exposure: Exposure,
  assessment: Assessment,
): ExposureFinding[] {
  const { wide, ports } = exposure;
  return [
    ...(wide === undefined ? [] : [wideOpenFinding(groupSet, exposure, wide, assessment)]),
    ...(ports.length === 0 ? [] : [openPortsFinding(groupSet, exposure, assessment)]),
  ];
}

function wideOpenFinding(
  groupSet: GroupSet,
  { family, rules }: Exposure,
  wide: WideOpen,
  assessment: Assessment,
): ExposureFinding {
  const { snapshot, criteria } = assessment;
  const { isEveryone } = criteria;
  const who = describeSources(wide.sources, family);
  const what =
    wide.protocols === 'all'
      ? 'every port of every protocol'
      : 'all of TCP, UDP and ICMP, so in effect everything';
  const conditions = wideOpenConditions(family, isEveryone);
  const claim = wideOpenClaim(wide, family, isEveryone);
  const usage = usageOf(groupSet.ports, claim, family, assessment);
  const cause = causeOf(rules, conditions[wide.protocols === 'all' ? 0 : 1], family);
  const coverage = {
    family: family.name,
    direction: 'ingress' as const,
    sources: publicShare(wide.sources, family),
    protocols: wide.protocols === 'all' ? ('any' as const) : [6, 17, family.icmp],
    ports: '1-65535',
  };
  const base = finding({
    id: 'audit.allow-all',
    verdict: 'fail',
    severity: usage.exposed === undefined ? 'high' : 'critical',
    title: `${groupSet.title} lets ${who} reach everything${usage.exposed === undefined ? '' : `, and is in use ${usage.exposed}`}`,
    subject: groupSet.subject,
    because: [
      told(snapshot, `${who} may reach ${what}: ${describeShareOfSpace(wide.sources, family)}`),
      ...describeCauses(snapshot, cause, family),
      ...describeSharing(groupSet, assessment),
      ...usage.because,
    ],
    remedy: `Remove ${cause.length === 1 ? `rule ${cause[0]?.rule.id ?? ''}` : 'one or more of these rules'} and let in only what is served, from where it is used.`,
  });
  return {
    ...base,
    coverage,
    ...remediationOf(groupSet.groupOf, rules, cause, conditions, family, assessment.keep),
    effective: usage.effective,
  };
}

function openPortsFinding(
  groupSet: GroupSet,
  { family, rules, ports }: Exposure,
  assessment: Assessment,
): ExposureFinding {
  const { snapshot, criteria } = assessment;
  const { isEveryone } = criteria;
  const names = ports.map((port) => describePort(port.port)).join(', ');
  const claim = openPortsClaim(ports, family, criteria);
  const usage = usageOf(groupSet.ports, claim, family, assessment);
  const conditions = ports.map(({ port }) => openPortCondition(port, family, isEveryone));
  const cause = new Set(conditions.flatMap((condition) => causeOf(rules, condition, family)));
  const all = union(ports.map((port) => port.sources));
  const who = describeSources(all, family);
  // Ports that the same addresses may reach are one statement.
  const alike = Map.groupBy(
    ports,
    ({ sources }) => `${describeSources(sources, family)}: ${describeShareOfSpace(sources, family)}`,
  );
  const coverage = {
    family: family.name,
    direction: 'ingress' as const,
    sources: publicShare(all, family),
    protocols: [...new Set(ports.map((port) => port.port.protocol))],
    ports: [...new Set(ports.map((port) => port.port.port))].join(','),
  };
  const base = finding({
    id: 'audit.admin-port-open',
    verdict: 'fail',
    severity: 'medium',
    title: `${groupSet.title} lets ${who} reach ${names}`,
    subject: groupSet.subject,
    because: [
      ...[...alike].map(([from, some]) =>
        told(snapshot, `${some.map((open) => describePort(open.port)).join(', ')} may be reached by ${from}`),
      ),
      ...describeCauses(snapshot, [...cause], family),
      ...describeSharing(groupSet, assessment),
      ...usage.because,
    ],
    remedy: 'Let in only the addresses that administrators come from, or a bastion host.',
  });
  return {
    ...base,
    coverage,
    ...remediationOf(groupSet.groupOf, rules, [...cause], conditions, family, assessment.keep),
    effective: usage.effective,
  };
}

/** Describes the projects that may use these rules as well. */
function describeSharing({ groups }: GroupSet, { snapshot: { sharing }, index }: Assessment): Evidence[] {
  return groups.flatMap((id) => {
    const projects = index
      .sharedWith(id)
      .map((project) => (project === '*' ? 'every project' : index.projectName(project)));
    if (projects.length === 0) return [];
    const statement = `group ${id} is shared with ${listed(projects)}, by RBAC`;
    return [{ statement, source: sharing.source, at: sharing.at }];
  });
}

/** The first ten; a group may have hundreds of rules. */
function describeCauses(
  snapshot: SecurityGroupSnapshot,
  cause: readonly RuleReach[],
  family: Family,
): Evidence[] {
  const shown = cause.slice(0, 10).map((rule) => told(snapshot, describeRule(rule, family)));
  return cause.length > shown.length
    ? [...shown, told(snapshot, `and ${cause.length - shown.length} more rules`)]
    : shown;
}

const told = ({ securityGroups }: SecurityGroupSnapshot, statement: string): Evidence => ({
  statement,
  source: securityGroups.source,
  at: securityGroups.at,
});
