import { type SecurityGroupSnapshot, isExposure } from '../../src/security-groups.ts';
import type { FirewallGroup, FirewallRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { floatingIp, group, judged, port, rule, seen } from './snapshot.ts';

let count = 0;
export const allow = (parts: Partial<FirewallRule> = {}): FirewallRule => ({
  id: `fw-${(count += 1)}`,
  action: 'allow',
  enabled: true,
  ip_version: 4,
  protocol: null,
  source_ip_address: null,
  destination_ip_address: null,
  source_port: null,
  destination_port: null,
  ...parts,
});
export const deny = (parts: Partial<FirewallRule> = {}): FirewallRule => allow({ action: 'deny', ...parts });
export const https = { protocol: 'tcp', destination_port: '443' };
export const office = { source_ip_address: '198.51.100.0/24' };

export const filters = (
  ingress_rules: readonly FirewallRule[] | undefined,
  on: readonly string[],
): FirewallGroup => ({
  id: 'f',
  admin_state_up: true,
  status: 'ACTIVE',
  ingress_firewall_policy_id: 'policy',
  egress_firewall_policy_id: null,
  ports: [...on],
  ingress_rules,
});

/** A server with a floating IP behind a router, whose group lets everyone in; and a firewall group. */
export const site = (
  firewall: FirewallGroup,
  parts: Partial<SecurityGroupSnapshot> = {},
): Partial<SecurityGroupSnapshot> => ({
  securityGroups: seen([group('g', [rule()])]),
  ports: seen([
    port('p', ['g'], { fixed_ips: [{ ip_address: '10.0.0.5', subnet_id: 's' }] }),
    port('door', [], {
      device_id: 'r',
      device_owner: 'network:router_interface',
      fixed_ips: [{ ip_address: '10.0.0.1', subnet_id: 's' }],
    }),
  ]),
  floatingIps: seen([{ ...floatingIp('203.0.113.7', 'p'), router_id: 'r' }]),
  routers: seen([{ id: 'r', distributed: false, external_gateway_info: { network_id: 'ext' } as never }]),
  firewallGroups: seen([firewall]),
  ...parts,
});

export const judgedAs = (parts: Partial<SecurityGroupSnapshot>, id = 'audit.allow-all') =>
  judged(id, parts).flatMap((finding) =>
    isExposure(finding)
      ? finding.effective
          .filter(({ port_id }) => port_id === 'p')
          .map(({ exposed_by: by, lets }) => ({ by, lets, severity: finding.severity }))
      : [],
  );
