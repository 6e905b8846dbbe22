import type { Observed } from '@groundcrew/core';
import type { Finding } from '@groundcrew/runbook';
import {
  assessSecurityGroups,
  type SecurityGroupPolicy,
  type SecurityGroupSnapshot,
} from '../../src/security-groups.ts';
import type {
  FloatingIp,
  Port,
  SecurityGroup,
  SecurityGroupRule,
} from '../../src/security-groups/snapshot/snapshot.ts';

export const seen = <T>(value: readonly T[], source = 'test'): Observed<readonly T[]> => ({
  value,
  at: '2026-03-02T12:00:00.000Z',
  source,
  completeness: 'complete',
  gaps: [],
});
/** A list that was not read, or not to its end. */
export const cut = <T>(
  what: string,
  completeness: 'denied' | 'partial' | 'unsupported' | 'failed',
  value: readonly T[] = [],
): Observed<readonly T[]> => ({
  ...seen(value, what),
  completeness,
  gaps: [
    {
      what,
      kind: completeness === 'unsupported' ? 'unsupported' : 'denied',
      why: `403 for ${what}`,
      remedy: 'Ask as an administrator.',
      requestIds: [],
    },
  ],
});

let rules = 0;
/** A rule as Neutron shows it: one that says nothing lets everything in. */
export const rule = (parts: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  id: `rule-${++rules}`,
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: null,
  port_range_min: null,
  port_range_max: null,
  remote_ip_prefix: null,
  normalized_cidr: parts.remote_ip_prefix ?? null,
  remote_group_id: null,
  remote_address_group_id: null,
  ...parts,
});
/** A rule for ports. */
export const ports = (
  protocol: string,
  min: number,
  max: number,
  parts: Partial<SecurityGroupRule> = {},
): SecurityGroupRule => rule({ protocol, port_range_min: min, port_range_max: max, ...parts });

export const group = (
  id: string,
  security_group_rules: readonly SecurityGroupRule[],
  project_id = 'p1',
): SecurityGroup => ({
  id,
  name: `name-${id}`,
  project_id,
  security_group_rules,
});
export const port = (id: string, groups: readonly string[], parts: Partial<Port> = {}): Port => ({
  id,
  network_id: 'n1',
  name: '',
  project_id: 'p1',
  device_id: `server-of-${id}`,
  device_owner: 'compute:nova',
  fixed_ips: [],
  security_groups: [...groups],
  port_security_enabled: true,
  'binding:vnic_type': 'normal',
  'binding:vif_type': 'ovs',
  'binding:vif_details': { port_filter: true },
  allowed_address_pairs: [],
  ...parts,
});
export const floatingIp = (address: string, port_id: string | null): FloatingIp => ({
  id: `fip-${address}`,
  floating_ip_address: address,
  port_id,
});

export const snapshot = (parts: Partial<SecurityGroupSnapshot> = {}): SecurityGroupSnapshot => ({
  securityGroups: seen([]),
  addressGroups: seen([]),
  ports: seen([]),
  floatingIps: seen([]),
  projects: seen([{ id: 'p1', name: 'shop' }]),
  networks: seen([]),
  routers: seen([]),
  firewallGroups: seen([]),
  sharing: seen([]),
  defaultRules: cut('default security group rules', 'unsupported'),
  scope: 'all projects',
  ...parts,
});

/** The findings of one rule of ours. */
export const judged = (
  id: string,
  parts: Partial<SecurityGroupSnapshot>,
  policy: SecurityGroupPolicy = {},
): Finding[] => assessSecurityGroups(snapshot(parts), policy).filter((entry) => entry.id === id);
/** The snapshot of one group with these rules. */
export const ofRules = (
  id: string,
  some: readonly SecurityGroupRule[],
  parts: Partial<SecurityGroupSnapshot> = {},
): Finding[] => judged(id, { securityGroups: seen([group('g', some)]), ...parts });

export const statements = (findings: readonly Finding[]): string =>
  findings.flatMap((finding) => finding.because.map((reason) => reason.statement)).join('\n');
