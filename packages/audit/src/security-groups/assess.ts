import { type Finding, finding, unseen } from '@groundcrew/runbook';
import { combinations } from './combinations.ts';
import { everyoneFrom } from './exposure.ts';
import { type Holder, ofDoubts, ofExposure } from './groups.ts';
import { judgeGroup, type JudgedGroup } from './judged.ts';
import type { AuditSnapshot } from './observe.ts';
import { ofUnprotected } from './ports.ts';
import { ofProjects } from './projects.ts';
import { counted } from './statements.ts';
import { type World, worldOf } from './world.ts';

export interface AuditPolicy {
  /**
   * From which share of the public addresses on, 0 to 1, somebody is everyone. Below 1, since a rule set that leaves
   * out a sliver is open all the same. @default 0.99
   */
  readonly everyone?: number | undefined;
}

/**
 * Judges what security groups let in, by the union of their rules and not by what a rule looks like: groups that let
 * everyone reach everything or an administrators' port, alone or together on a port, and ports that no rule protects.
 * Letting everything out is Neutron's default and no finding.
 */
export function assess(snapshot: AuditSnapshot, policy: AuditPolicy = {}): Finding[] {
  const isEveryone = everyoneFrom(policy.everyone ?? 0.99);
  const world = worldOf(snapshot);
  const context = { snapshot, world, isEveryone };
  const judged = new Map(
    snapshot.securityGroups.value.map((group) => [group.id, judgeGroup(group, world, isEveryone)]),
  );
  const ofGroups = [...judged.values()].flatMap((one) => {
    const holder = holderOf(one, world);
    const open = one.exposures.flatMap((exposure) => ofExposure(holder, exposure, context));
    return [...open, ...ofDoubts(holder, one.exposures, snapshot)];
  });
  const shared = combinations(judged, snapshot.ports.value, isEveryone);
  const ofShared = shared.flatMap(({ groups, ports, exposures }) => {
    const holder = holderOfSeveral(groups, ports, world);
    return exposures.flatMap((exposure) => ofExposure(holder, exposure, context));
  });
  return [
    ...unseenOf(snapshot),
    scope(snapshot, [...judged.values()]),
    ...ofGroups,
    ...ofShared,
    ...ofUnprotected(snapshot, world),
    ...ofProjects(snapshot, world, judged, shared),
  ];
}

const holderOf = ({ group }: JudgedGroup, world: World): Holder => ({
  subject: { kind: 'security group', id: group.id, name: group.name },
  title: `Security group ${group.name} of project ${world.projectName(group.project_id)}`,
  ports: world.portsOf(group.id),
});

const holderOfSeveral = (groups: readonly JudgedGroup[], ports: Holder['ports'], world: World): Holder => {
  const names = groups.map(({ group }) => group.name).join(' + ');
  const projects = new Set(groups.map(({ group }) => world.projectName(group.project_id)));
  return {
    subject: { kind: 'security groups', id: groups.map(({ group }) => group.id).join('+'), name: names },
    title: `The combination of security groups ${names} of project ${[...projects].join(', ')}`,
    ports,
  };
};

/** How many were judged, and of how much. */
function scope(
  { securityGroups, ports, scope: words }: AuditSnapshot,
  judged: readonly JudgedGroup[],
): Finding {
  const complete = securityGroups.completeness === 'complete';
  const some = complete || judged.length > 0;
  const projects = new Set(judged.map(({ group }) => group.project_id)).size;
  const own = ports.value.filter((port) => port.device_owner.startsWith('network:')).length;
  const statement = `${counted(judged.length, 'security group')} of ${counted(projects, 'project')} ${judged.length === 1 ? 'was' : 'were'} judged; seen: ${words}`;
  const remedy = complete ? undefined : securityGroups.gaps[0]?.remedy;
  const { source, at } = securityGroups;
  return finding({
    id: 'audit.scope',
    verdict: complete ? 'pass' : 'unknown',
    severity: 'info',
    title: complete
      ? `All ${statement}`
      : some
        ? `${statement}; there may be more`
        : 'No security group could be seen',
    subject: { kind: 'cloud', id: 'security groups' },
    because: [
      ...(some ? [{ statement, source, at }] : []),
      ...securityGroups.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at })),
      ...(own > 0
        ? [
            {
              statement: `${counted(own, 'port')} of routers, DHCP servers and the like (network:…) have no port security by nature and are not judged`,
              source: ports.source,
              at: ports.at,
            },
          ]
        : []),
    ],
    remedy,
  });
}

/** A cloud without address groups (Neutron before Victoria) has none to miss. */
function unseenOf({ securityGroups, addressGroups, ports, floatingIps, projects }: AuditSnapshot): Finding[] {
  return [securityGroups, addressGroups, ports, floatingIps, projects]
    .filter((observed) => observed !== addressGroups || observed.completeness !== 'unsupported')
    .flatMap((observed) =>
      observed.gaps.map((gap) =>
        unseen(gap, {
          id: 'audit.unseen',
          title: `Not seen: ${gap.what}`,
          severity: observed === projects ? 'low' : 'medium',
          at: observed.at,
        }),
      ),
    );
}
