import type { Finding } from '@groundcrew/runbook';
import { assessmentOf } from './assessment.ts';
import { combinations } from './exposure/combinations.ts';
import { exposuresOf } from './exposure/exposures.ts';
import { type JudgedGroup, judgeGroup } from './exposure/group-exposure.ts';
import { ofGroups } from './findings/group-findings.ts';
import { ofSnapshot } from './findings/snapshot-findings.ts';
import type { AuditPolicy } from './policy.ts';
import type { AuditSnapshot } from './snapshot/snapshot.ts';

/**
 * Judges what security groups let in, by the union of their rules and not by what a rule looks like: groups that let
 * everyone reach everything or an administrators' port, alone or together on a port, and ports to which no rule applies.
 * Letting everything out is Neutron's default and no finding.
 *
 * @throws InputError that names the field of the policy
 */
export function assess(snapshot: AuditSnapshot, policy: AuditPolicy = {}): Finding[] {
  const assessment = assessmentOf(snapshot, policy);
  return ofSnapshot(assessment, exposuresOf(assessment));
}

/**
 * The findings of one group, and of combinations with it, for who has heard that it changed: what `assess` says of it,
 * in a moment. Nothing passes by itself.
 *
 * @example
 * const findings = assessGroup(withGroup(snapshot, await cloud.network.securityGroups.get({ id })), id);
 */
export function assessGroup(snapshot: AuditSnapshot, id: string, policy: AuditPolicy = {}): Finding[] {
  const assessment = assessmentOf(snapshot, policy);
  const users = assessment.world.portsOf(id);
  // These ports show their groups: they were found by one.
  const partners = new Set([id, ...users.flatMap((port) => port.security_groups ?? [])]);
  const groups = new Map<string, JudgedGroup>();
  for (const group of snapshot.securityGroups.value)
    if (partners.has(group.id)) groups.set(group.id, judgeGroup(group, assessment));
  const own = groups.get(id);
  if (own === undefined) return [];
  return ofGroups([own], combinations(groups, users, assessment.measure), assessment);
}
