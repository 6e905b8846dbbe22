import { anInventory, type CloudInventory, readInventory } from '@groundcrew/monitoring';
import { optionsSchema, parseArguments, readOptions, type ReadOptions } from '@groundcrew/ground';
import { type Cloud, observeAllProjects, type Observed, observeList, visibilityOf } from '@groundcrew/core';
import { tellsNoForwardings, withForwardings } from './observe-port-forwardings.ts';
import type { SecurityGroupSnapshot, FirewallGroup, FirewallRule, Project } from '../snapshot/snapshot.ts';

export interface ObserveSecurityGroupsOptions extends ReadOptions {
  /** Read before; without it, it is read. */
  readonly inventory?: CloudInventory | undefined;
}

const observeOptions = optionsSchema<ObserveSecurityGroupsOptions>({
  ...readOptions,
  inventory: anInventory.optional(),
});

/**
 * Reads the security groups of all projects, the things that they refer to, and the ports that use them. To a user that is
 * no administrator Neutron shows the groups of the user's own project alone and does not say so, which becomes a gap.
 */
export async function observeSecurityGroups(
  cloud: Cloud,
  options: ObserveSecurityGroupsOptions = {},
): Promise<SecurityGroupSnapshot> {
  parseArguments('observeSecurityGroups', observeOptions, options);
  const { inventory, ...read } = options;
  const visibility = await visibilityOf(cloud, read);
  const { network } = cloud;
  const all = <T>(what: string, list: AsyncIterable<T>): Promise<Observed<T[]>> =>
    observeAllProjects(cloud, what, visibility, list);
  const [known, securityGroups, addressGroups, projects, networks, routers, firewallGroups, sharing] =
    await Promise.all([
      inventory ?? readInventory(cloud, read),
      all('security groups', network.securityGroups.list({}, read)),
      all('address groups', network.addressGroups.list({}, read)),
      readProjects(cloud, read),
      all('networks', network.networks.list({}, read)),
      all('routers', network.routers.list({}, read)),
      readFirewallGroups(cloud, all, read),
      all('RBAC policies', network.rbacPolicies.list({ object_type: 'security_group' }, read)),
    ]);
  // A template of the whole cloud: there is no project's own.
  const defaultRules = await observeList(
    'default security group rules',
    network.defaultSecurityGroupRules.list({}, read),
    { now: () => cloud.clock.now() },
  );
  const { ports } = known;
  const isUntold =
    ports.value.some((port) => port.port_security_enabled === undefined) ||
    known.floatingIps.value.some(tellsNoForwardings) ||
    (firewallGroups.value.length > 0 &&
      routers.value.some(({ distributed }) => distributed !== true && distributed !== false));
  const extensions = isUntold ? await readExtensions(cloud, read) : undefined;
  const floatingIps = await withForwardings(cloud, known.floatingIps, extensions, read);
  const paths = { networks, routers, firewallGroups, sharing, defaultRules };
  return {
    securityGroups,
    addressGroups,
    ports,
    floatingIps,
    projects,
    ...paths,
    extensions,
    scope: visibility.words,
  };
}

async function readExtensions(
  { network, clock }: Cloud,
  read: ReadOptions,
): Promise<Observed<readonly string[]>> {
  const seen = await observeList('network extensions', network.extensions.list({}, read), {
    now: () => clock.now(),
  });
  return { ...seen, value: seen.value.map(({ alias }) => alias) };
}

type ReadList = <T>(what: string, list: AsyncIterable<T>) => Promise<Observed<T[]>>;

/** Firewall groups, with the rules that they let in by; where there are none, one request. */
async function readFirewallGroups(
  { network }: Cloud,
  all: ReadList,
  read: ReadOptions,
): Promise<Observed<readonly FirewallGroup[]>> {
  const groups = await all('firewall groups', network.firewallGroups.list({}, read));
  if (!groups.value.some((group) => group.ingress_firewall_policy_id !== null)) return groups;
  const [policies, rules] = await Promise.all([
    all('firewall policies', network.firewallPolicies.list({}, read)),
    all('firewall rules', network.firewallRules.list({}, read)),
  ]);
  const order = new Map(policies.value.map((policy) => [policy.id, policy.firewall_rules]));
  const byId = new Map(rules.value.map((rule) => [rule.id, rule]));
  const rulesOf = (policy: string | null): FirewallRule[] | undefined => {
    const ids = policy === null ? undefined : order.get(policy);
    const known = ids?.flatMap((id) => byId.get(id) ?? []);
    return known?.length === ids?.length ? known : undefined;
  };
  return {
    ...groups,
    value: groups.value.map((group) => ({
      ...group,
      ingress_rules: rulesOf(group.ingress_firewall_policy_id),
    })),
    gaps: [...groups.gaps, ...policies.gaps, ...rules.gaps],
  };
}

/** All projects; where that is denied, at least that of the token. */
async function readProjects(cloud: Cloud, read: ReadOptions): Promise<Observed<readonly Project[]>> {
  const clock = { now: () => cloud.clock.now() };
  const all = await observeList('projects', cloud.identity.projects.list({}, read), clock);
  const own = (await cloud.token(read))?.project;
  if (own?.name === undefined || all.value.some((project) => project.id === own.id)) return all;
  return { ...all, value: [...all.value, { id: own.id, name: own.name }], completeness: 'partial' };
}
