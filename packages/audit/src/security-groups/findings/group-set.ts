import type { Subject } from '@groundcrew/runbook';
import type { Combination } from '../exposure/combinations.ts';
import type { JudgedGroup } from '../exposure/group-exposure.ts';
import type { World } from '../snapshot/snapshot-index.ts';
import type { Opening } from '../reach/rule-reach.ts';
import type { Port } from '../snapshot/snapshot.ts';

/** Of whose rules findings are made: a group, or several that a port uses together. */
export interface Holder {
  /** Of a rule of theirs, the group. */
  readonly groupOf: (rule: Opening['rule']) => string;
  readonly groups: readonly string[];
  readonly subject: Subject;
  /** `Security group web of project shop`. */
  readonly title: string;
  readonly ports: readonly Port[];
}

/** A group by itself. */
export const holderOf = ({ group }: JudgedGroup, world: World): Holder => ({
  subject: { kind: 'security group', id: group.id, name: group.name },
  groups: [group.id],
  groupOf: () => group.id,
  title: `Security group ${group.name} of project ${world.projectName(group.project_id)}`,
  ports: world.portsOf(group.id),
});

/** Groups that ports use together. */
export const holderOfSeveral = ({ groups, ports }: Combination, world: World): Holder => {
  const names = groups.map(({ group }) => group.name).join(' + ');
  const projects = new Set(groups.map(({ group }) => world.projectName(group.project_id)));
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
