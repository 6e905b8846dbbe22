import type { Listed, Observed } from '@groundcrew/core';
import type { InventoryFloatingIp, InventoryPort } from '@groundcrew/monitoring';

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
/** The fields that tell which networks lead outside. */
export type AuditedNetwork = Pick<
  Listed<'network', 'networks'>,
  'id' | 'name' | 'project_id' | 'router:external' | 'port_security_enabled'
> & {
  /** The physical network of a flat or VLAN network; only administrators are told. */
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
/** A firewall group of FWaaS v2, which filters on ports of servers and of routers. */
export type FirewallGroup = Pick<
  Listed<'network', 'firewallGroups'>,
  'id' | 'admin_state_up' | 'status' | 'ingress_firewall_policy_id' | 'ports'
> & {
  readonly egress_firewall_policy_id?: string | null | undefined;
  /** The rules of its ingress policy, in their order; `undefined` if not all of them were seen. */
  readonly ingress_rules?: readonly FirewallRule[] | undefined;
};
/** The projects that may use a group of another project. */
export type SharingPolicy = Pick<
  Listed<'network', 'rbacPolicies'>,
  'id' | 'object_type' | 'object_id' | 'action' | 'target_tenant'
>;
/** The rules with which new groups begin (Neutron 23, 2023.2, on). */
export type DefaultRule = Listed<'network', 'defaultSecurityGroupRules'>;
/** A project, for its name. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

/** The security groups of a cloud, the ports that they concern, and everything that leads to those. */
export interface SecurityGroupSnapshot {
  readonly securityGroups: Observed<readonly SecurityGroup[]>;
  readonly addressGroups: Observed<readonly AddressGroup[]>;
  readonly ports: Observed<readonly Port[]>;
  readonly floatingIps: Observed<readonly FloatingIp[]>;
  readonly projects: Observed<readonly Project[]>;
  readonly networks: Observed<readonly AuditedNetwork[]>;
  readonly routers: Observed<readonly Router[]>;
  readonly firewallGroups: Observed<readonly FirewallGroup[]>;
  readonly sharing: Observed<readonly SharingPolicy[]>;
  readonly defaultRules: Observed<readonly DefaultRule[]>;
  /**
   * Aliases of what this Neutron has beyond its core, read where a port does not tell what an extension would show: is
   * it missing, or hidden? `undefined`: not read.
   */
  readonly extensions?: Observed<readonly string[]> | undefined;
  /** Describes the projects whose things this user is told of. */
  readonly scope: string;
}
