import type { Subject } from '@groundcrew/ground';
import type { CombinedExposure } from '../exposure/combined-exposures.ts';
import type { GroupExposure } from '../exposure/group-exposure.ts';
import type { SnapshotIndex } from '../snapshot/snapshot-index.ts';
import type { RuleReach } from '../reach/rule-reach.ts';
import type { Port } from '../snapshot/snapshot.ts';

/** The groups whose rules are judged together: a group, or several that a port uses. */
export interface GroupSet {
  /** The group of one of their rules. */
  readonly groupOf: (rule: RuleReach['rule']) => string;
  readonly groups: readonly string[];
  readonly subject: Subject;
  /** `Security group web of project shop`. */
  readonly title: string;
  readonly ports: readonly Port[];
}

/** A group by itself. */
export const singleGroup = ({ group }: GroupExposure, index: SnapshotIndex): GroupSet => ({
  subject: { kind: 'security group', id: group.id, name: group.name },
  groups: [group.id],
  groupOf: () => group.id,
  title: `Security group ${group.name} of project ${index.projectName(group.project_id)}`,
  ports: index.portsOf(group.id),
});

/** The sets of groups that ports use together. */
export const combinedGroups = ({ groups, ports }: CombinedExposure, index: SnapshotIndex): GroupSet => {
  const names = groups.map(({ group }) => group.name).join(' + ');
  const projects = new Set(groups.map(({ group }) => index.projectName(group.project_id)));
  const owners = new Map(
    groups.flatMap(({ group }) => group.security_group_rules.map((rule) => [rule.id, group.id] as const)),
  );
  return {
    groups: groups.map(({ group }) => group.id),
    groupOf: (rule) => owners.get(rule.id) ?? '',
    subject: { kind: 'security groups', id: groups.map(({ group }) => group.id).join('+'), name: names },
    title: `The combination of security groups ${names} of project ${[...projects].join(', ')}`,
    ports,
  };
};
