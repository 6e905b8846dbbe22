import { parseArguments } from '@groundcrew/ground';
import { InputError } from '@groundcrew/core';
import { type Finding, finding, unseen } from '@groundcrew/runbook';
import { z } from 'zod';
import { type AdminPort, adminPorts } from './exposure/admin-ports.ts';
import { parsePrefix } from './addresses/cidr.ts';
import { type Combination, combinations } from './exposure/combinations.ts';
import { ofEgress } from './findings/egress-findings.ts';
import { isNeutronsOwn } from './exposure/enforcement.ts';
import { everyoneFrom } from './exposure/exposure.ts';
import { type Context, type Holder, ofDoubts, ofExposure } from './findings/exposure-findings.ts';
import { judgeGroup, type JudgedGroup } from './exposure/group-exposure.ts';
import type { AuditSnapshot, SecurityGroup } from './observe.ts';
import { doubtfulPorts, ofDoubtfulPorts, ofOpenNetworks } from './findings/port-findings.ts';
import { ofProjects } from './findings/project-findings.ts';
import { counted } from './reach/describe-rule.ts';
import { ofStrangers } from './findings/unlisted-groups.ts';
import { ofTemplates } from './findings/template-findings.ts';
import { type World, worldOf } from './index/snapshot-index.ts';

export interface AuditPolicy {
  /**
   * From which share of the public addresses on, 0 to 1, somebody is everyone. Below 1, since a rule set that leaves
   * out a sliver is open all the same. @default 0.99
   */
  readonly everyone?: number | undefined;
  /**
   * Prefixes that keep their access in a fix: an office, a bastion host. If they are so many that it would be as open with
   * them as before, they are not let in again. @default none
   */
  readonly keep?: readonly string[] | undefined;
  /** Ports that everyone may not reach. What passes names them. @default adminPorts */
  readonly ports?: readonly AdminPort[] | undefined;
  /** Judge what groups let out as well. Neutron's default lets everything out. @default false */
  readonly egress?: boolean | undefined;
}

/**
 * Judges what security groups let in, by the union of their rules and not by what a rule looks like: groups that let
 * everyone reach everything or an administrators' port, alone or together on a port, and ports to which no rule applies.
 * Letting everything out is Neutron's default and no finding.
 *
 * @throws InputError that names the field of the policy
 */
export function assess(snapshot: AuditSnapshot, policy: AuditPolicy = {}): Finding[] {
  const context = contextOf(snapshot, policy);
  const { world, measure } = context;
  const judged = new Map(
    snapshot.securityGroups.value.map((group) => [group.id, judgeGroup(group, world, measure)]),
  );
  const shared = combinations(judged, snapshot.ports.value, measure);
  const doubtful = doubtfulPorts(snapshot);
  return [
    ...unseenOf(snapshot),
    ...ofStrangers(snapshot),
    scope(snapshot, [...judged.values()]),
    ...[...judged.values()].flatMap((one) => ofGroup(one, context)),
    ...shared.flatMap((one) => ofCombination(one, context)),
    ...ofTemplates(snapshot, context),
    ...ofDoubtfulPorts(snapshot, world, doubtful),
    ...ofOpenNetworks(snapshot, world),
    ...ofProjects(snapshot, world, judged, shared, doubtful, measure.ports),
  ];
}

/**
 * The findings of one group, and of combinations with it, for who has heard that it changed: what `assess` says of it,
 * in a moment. Nothing passes by itself.
 *
 * @example
 * const findings = assessGroup(withGroup(snapshot, await cloud.network.securityGroups.get({ id })), id);
 */
export function assessGroup(snapshot: AuditSnapshot, id: string, policy: AuditPolicy = {}): Finding[] {
  const context = contextOf(snapshot, policy);
  const { world, measure } = context;
  const users = world.portsOf(id);
  // These ports show their groups: they were found by one.
  const partners = new Set([id, ...users.flatMap((port) => port.security_groups ?? [])]);
  const judged = new Map<string, JudgedGroup>();
  for (const one of snapshot.securityGroups.value)
    if (partners.has(one.id)) judged.set(one.id, judgeGroup(one, world, measure));
  const own = judged.get(id);
  if (own === undefined) return [];
  return [
    ...ofGroup(own, context),
    ...combinations(judged, users, measure).flatMap((one) => ofCombination(one, context)),
  ];
}

/** The snapshot with one group as it is now; without it, if it is gone. */
export function withGroup(
  snapshot: AuditSnapshot,
  group: SecurityGroup | { readonly gone: string },
): AuditSnapshot {
  const { securityGroups } = snapshot;
  const id = 'gone' in group ? group.gone : group.id;
  const { value: before } = securityGroups;
  const found = before.findIndex((one) => one.id === id);
  const at = found === -1 ? before.length : found;
  // A copy of a hundred thousand, and no more than one: this is done for every event.
  const value = before.slice();
  value.splice(at, 1, ...('gone' in group ? [] : [group]));
  return { ...snapshot, securityGroups: { ...securityGroups, value } };
}

interface Judging extends Context {
  readonly egress: boolean;
}

/** What a policy may say; a misspelt key would judge by something else than was meant. */
const policySchema = z.strictObject({
  everyone: z.number().optional(),
  keep: z.array(z.string()).readonly().optional(),
  ports: z
    .array(
      z.strictObject({
        port: z.int().min(1).max(65_535),
        protocol: z.union([z.literal(6), z.literal(17)]),
        name: z.string().trim().min(1),
      }),
    )
    .readonly()
    .optional(),
  egress: z.boolean().optional(),
});

function contextOf(snapshot: AuditSnapshot, policy: AuditPolicy): Judging {
  const {
    everyone = 0.99,
    keep = [],
    ports = adminPorts,
    egress = false,
  } = parseArguments('assess', policySchema, policy);
  // Out of its bounds it would find nothing, or everything.
  if (!(everyone > 0 && everyone <= 1)) throw wrong('everyone', `${everyone} is no share above 0, up to 1`);
  for (const [index, text] of keep.entries())
    // Not to understand it would lock out whom it names.
    if (parsePrefix(text) === undefined)
      throw wrong(`keep.${index}`, `${JSON.stringify(text)} is no address and no prefix`);
  return {
    snapshot,
    world: worldOf(snapshot),
    measure: { isEveryone: everyoneFrom(everyone), ports },
    keep,
    egress,
  };
}

const wrong = (field: string, message: string): InputError =>
  new InputError(`${field}: ${message}`, { field, operation: 'assess' });

function ofGroup(one: JudgedGroup, context: Judging): Finding[] {
  const holder = holderOf(one, context.world);
  const open = one.exposures.flatMap((exposure) => ofExposure(holder, exposure, context));
  return [
    ...open,
    ...ofDoubts(holder, one.exposures, context.snapshot),
    ...(context.egress ? ofEgress(one.group, holder, context) : []),
  ];
}

function ofCombination({ groups, ports, exposures }: Combination, context: Judging): Finding[] {
  const holder = holderOfSeveral(groups, ports, context.world);
  return [
    ...exposures.flatMap((exposure) => ofExposure(holder, exposure, context)),
    ...ofDoubts(holder, exposures, context.snapshot),
  ];
}

const holderOf = ({ group }: JudgedGroup, world: World): Holder => ({
  subject: { kind: 'security group', id: group.id, name: group.name },
  groups: [group.id],
  groupOf: () => group.id,
  title: `Security group ${group.name} of project ${world.projectName(group.project_id)}`,
  ports: world.portsOf(group.id),
});

const holderOfSeveral = (groups: readonly JudgedGroup[], ports: Holder['ports'], world: World): Holder => {
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

/** How many were judged, and of how much. */
function scope(
  { securityGroups, ports, scope: words }: AuditSnapshot,
  judged: readonly JudgedGroup[],
): Finding {
  const complete = securityGroups.completeness === 'complete';
  const some = complete || judged.length > 0;
  const projects = new Set(judged.map(({ group }) => group.project_id)).size;
  const own = ports.value.filter(isNeutronsOwn).length;
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
function unseenOf(snapshot: AuditSnapshot): Finding[] {
  const { securityGroups, addressGroups, ports, floatingIps, projects } = snapshot;
  const { networks, routers, firewallGroups, sharing, defaultRules } = snapshot;
  const optional: readonly unknown[] = [addressGroups, firewallGroups, sharing, defaultRules];
  return [
    securityGroups,
    addressGroups,
    ports,
    floatingIps,
    projects,
    networks,
    routers,
    firewallGroups,
    sharing,
    defaultRules,
    ...(snapshot.extensions === undefined ? [] : [snapshot.extensions]),
  ]
    .filter((observed) => !optional.includes(observed) || observed.completeness !== 'unsupported')
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
