import {
  anInventory,
  type Inventory,
  type InventoryFloatingIp,
  type InventoryPort,
  readInventory,
} from '@groundcrew/monitoring';
import { optionsSchema, parseArguments, readOptions, type ReadOptions } from '@groundcrew/ground';
import {
  type Cloud,
  type Listed,
  observeAllProjects,
  type Observed,
  observeList,
  visibilityOf,
} from '@groundcrew/core';
import { tellsNoForwardings, withForwardings } from './forwardings.ts';

type Group = Listed<'network', 'securityGroups'>;

export type SecurityGroupRule = Pick<
  Group['security_group_rules'][number],
  | 'id'
  | 'direction'
  | 'ethertype'
  | 'protocol'
  | 'port_range_min'
  | 'port_range_max'
  | 'remote_ip_prefix'
  | 'normalized_cidr'
  | 'remote_group_id'
  | 'remote_address_group_id'
>;
/** A set of rules, of a project, that ports use. */
export type SecurityGroup = Pick<Group, 'id' | 'name' | 'project_id'> & {
  readonly revision_number?: number | undefined;
  readonly security_group_rules: readonly SecurityGroupRule[];
};
export type AddressGroup = Pick<Listed<'network', 'addressGroups'>, 'id' | 'name' | 'addresses'>;
export type Port = Pick<
  InventoryPort,
  | 'id'
  | 'network_id'
  | 'name'
  | 'project_id'
  | 'device_id'
  | 'device_owner'
  | 'fixed_ips'
  | 'security_groups'
  | 'port_security_enabled'
  | 'allowed_address_pairs'
  | 'binding:vnic_type'
  | 'binding:vif_type'
  | 'binding:vif_details'
  | 'trunk_details'
>;
export type FloatingIp = Pick<
  InventoryFloatingIp,
  'id' | 'floating_ip_address' | 'port_id' | 'port_forwardings'
> &
  Partial<Pick<InventoryFloatingIp, 'router_id' | 'fixed_ip_address'>>;
/** For which of them lead outside. */
export type AuditedNetwork = Pick<
  Listed<'network', 'networks'>,
  'id' | 'name' | 'project_id' | 'router:external' | 'port_security_enabled'
> & {
  /** Of a flat or VLAN network; only administrators are told. */
  readonly 'provider:physical_network'?: string | null | undefined;
  /** In its place, of a network with more than one. */
  readonly segments?:
    | readonly { readonly 'provider:physical_network'?: string | null | undefined }[]
    | undefined;
};
export type Router = Pick<Listed<'network', 'routers'>, 'id' | 'external_gateway_info' | 'distributed'>;
/** A rule of FWaaS v2. */
export type FirewallRule = Pick<
  Listed<'network', 'firewallRules'>,
  | 'id'
  | 'action'
  | 'enabled'
  | 'ip_version'
  | 'protocol'
  | 'source_ip_address'
  | 'destination_ip_address'
  | 'source_port'
  | 'destination_port'
>;
/** FWaaS v2: what filters ports of servers and of routers. */
export type FirewallGroup = Pick<
  Listed<'network', 'firewallGroups'>,
  'id' | 'admin_state_up' | 'status' | 'ingress_firewall_policy_id' | 'ports'
> & {
  readonly egress_firewall_policy_id?: string | null | undefined;
  /** Those of its ingress policy, in their order; `undefined` if not all of them were seen. */
  readonly ingress_rules?: readonly FirewallRule[] | undefined;
};
/** Who may use a group of another project. */
export type Sharing = Pick<
  Listed<'network', 'rbacPolicies'>,
  'id' | 'object_type' | 'object_id' | 'action' | 'target_tenant'
>;
/** What new groups begin with (Neutron 23, 2023.2, on). */
export type DefaultRule = Listed<'network', 'defaultSecurityGroupRules'>;
/** A project, for its name. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

/** Who lets what in, and whom it concerns. */
export interface AuditSnapshot {
  readonly securityGroups: Observed<readonly SecurityGroup[]>;
  readonly addressGroups: Observed<readonly AddressGroup[]>;
  readonly ports: Observed<readonly Port[]>;
  readonly floatingIps: Observed<readonly FloatingIp[]>;
  readonly projects: Observed<readonly Project[]>;
  readonly networks: Observed<readonly AuditedNetwork[]>;
  readonly routers: Observed<readonly Router[]>;
  readonly firewallGroups: Observed<readonly FirewallGroup[]>;
  readonly sharing: Observed<readonly Sharing[]>;
  readonly defaultRules: Observed<readonly DefaultRule[]>;
  /**
   * Aliases of what this Neutron has beyond its core, read where a port does not tell what an extension would show: is it
   * missing, or hidden? `undefined`: not read.
   */
  readonly extensions?: Observed<readonly string[]> | undefined;
  /** Whose things this user is told of, in words. */
  readonly scope: string;
}

export interface ObserveAuditOptions extends ReadOptions {
  /** Read before; without it, it is read. */
  readonly inventory?: Inventory | undefined;
}

const observeOptions = optionsSchema<ObserveAuditOptions>({
  ...readOptions,
  inventory: anInventory.optional(),
});

/**
 * Reads the security groups of all projects, what they refer to, and who uses them. To a user who is no
 * administrator Neutron shows his own project's groups without a word about others, which becomes a gap.
 */
export async function observe(cloud: Cloud, options: ObserveAuditOptions = {}): Promise<AuditSnapshot> {
  parseArguments('audit.observe', observeOptions, options);
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
    ports.value.some((one) => one.port_security_enabled === undefined) ||
    known.floatingIps.value.some(tellsNoForwardings);
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
  if (!groups.value.some((one) => one.ingress_firewall_policy_id !== null)) return groups;
  const [policies, rules] = await Promise.all([
    all('firewall policies', network.firewallPolicies.list({}, read)),
    all('firewall rules', network.firewallRules.list({}, read)),
  ]);
  const order = new Map(policies.value.map((one) => [one.id, one.firewall_rules]));
  const byId = new Map(rules.value.map((one) => [one.id, one]));
  const rulesOf = (policy: string | null): FirewallRule[] | undefined => {
    const ids = policy === null ? undefined : order.get(policy);
    const known = ids?.flatMap((id) => byId.get(id) ?? []);
    return known?.length === ids?.length ? known : undefined;
  };
  return {
    ...groups,
    value: groups.value.map((one) => ({ ...one, ingress_rules: rulesOf(one.ingress_firewall_policy_id) })),
    gaps: [...groups.gaps, ...policies.gaps, ...rules.gaps],
  };
}

/** All projects; where that is denied, at least one's own, which the token names. */
async function readProjects(cloud: Cloud, read: ReadOptions): Promise<Observed<readonly Project[]>> {
  const clock = { now: () => cloud.clock.now() };
  const all = await observeList('projects', cloud.identity.projects.list({}, read), clock);
  const own = (await cloud.token(read))?.project;
  if (own?.name === undefined || all.value.some((one) => one.id === own.id)) return all;
  return { ...all, value: [...all.value, { id: own.id, name: own.name }], completeness: 'partial' };
}
