import type { Finding } from '@groundcrew/ground';
import { assessmentOf } from './assessment.ts';
import { combinedExposures } from './exposure/combined-exposures.ts';
import { exposuresOf } from './exposure/exposures.ts';
import { type GroupExposure, exposureOfGroup } from './exposure/group-exposure.ts';
import { groupFindings } from './findings/group-findings.ts';
import { snapshotFindings } from './findings/snapshot-findings.ts';
import type { SecurityGroupPolicy } from './policy.ts';
import type { SecurityGroupSnapshot } from './snapshot/snapshot.ts';

/**
 * Judges what security groups let in, by the union of their rules and not by what a rule looks like: groups that let
 * everyone reach everything or an administrators' port, alone or together on a port, and ports to which no rule applies.
 * Letting everything out is Neutron's default and no finding.
 *
 * @throws InputError that names the field of the policy
 */
export function assessSecurityGroups(
  snapshot: SecurityGroupSnapshot,
  policy: SecurityGroupPolicy = {},
): Finding[] {
  const assessment = assessmentOf(snapshot, policy);
  return snapshotFindings(assessment, exposuresOf(assessment));
}

/**
 * The findings of one group, and of combinations with it, for who has heard that it changed: what `assessSecurityGroups` says of it,
 * in a moment. Nothing passes by itself.
 *
 * @example
 * const findings = assessSecurityGroup(withSecurityGroup(snapshot, await cloud.network.securityGroups.get({ id })), id);
 */
export function assessSecurityGroup(
  snapshot: SecurityGroupSnapshot,
  id: string,
  policy: SecurityGroupPolicy = {},
): Finding[] {
  const assessment = assessmentOf(snapshot, policy);
  const users = assessment.index.portsOf(id);
  // These ports show their groups: they were found by one.
  const partners = new Set([id, ...users.flatMap((port) => port.security_groups ?? [])]);
  const groups = new Map<string, GroupExposure>();
  for (const group of snapshot.securityGroups.value)
    if (partners.has(group.id)) groups.set(group.id, exposureOfGroup(group, assessment));
  const own = groups.get(id);
  if (own === undefined) return [];
  return groupFindings([own], combinedExposures(groups, users, assessment.criteria), assessment);
}
