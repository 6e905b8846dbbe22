import type { Observed } from '@groundcrew/core';
import type { SecurityGroupSnapshot } from '../src/security-groups.ts';
import type { SecurityGroupRule } from '../src/security-groups/snapshot/snapshot.ts';
import type { Location, PlacementSnapshot, Workload } from '../src/placement.ts';

const at = '2026-11-23T12:00:00.000Z';
const seen = <T>(value: readonly T[]): Observed<readonly T[]> => ({
  value,
  at,
  source: 'bench',
  completeness: 'complete',
  gaps: [],
});

const snapshotOf = (groups: SecurityGroupSnapshot['securityGroups']['value']): SecurityGroupSnapshot => ({
  securityGroups: seen(groups),
  addressGroups: seen([]),
  ports: seen([]),
  floatingIps: seen([]),
  projects: seen([]),
  networks: seen([]),
  routers: seen([]),
  firewallGroups: seen([]),
  sharing: seen([]),
  defaultRules: seen([]),
  scope: 'all projects',
});

const rule = (id: string, prefix: string | null, port: number | null): SecurityGroupRule => ({
  id,
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: port === null ? null : 'tcp',
  port_range_min: port,
  port_range_max: port,
  remote_ip_prefix: prefix,
  normalized_cidr: prefix,
  remote_group_id: null,
  remote_address_group_id: null,
});

/** Groups of ten rules each, of which one in a hundred opens everything, in two halves. */
export const manyGroups = (count: number): SecurityGroupSnapshot =>
  snapshotOf(
    Array.from({ length: count }, (_, group) => ({
      id: `g-${group}`,
      name: `group ${group}`,
      project_id: `project-${group % 100}`,
      security_group_rules: Array.from({ length: 10 }, (_one, index) => {
        const id = `r-${group}-${index}`;
        if (group % 100 === 0 && index < 2) return rule(id, index === 0 ? '0.0.0.0/1' : '128.0.0.0/1', null);
        return rule(id, `10.${group % 250}.${index}.0/24`, 1_000 + index);
      }),
    })),
  );

export const oneHugeGroup = (rules: number): SecurityGroupSnapshot =>
  snapshotOf([
    {
      id: 'huge',
      name: 'huge',
      project_id: 'p',
      security_group_rules: [
        rule('half', '0.0.0.0/1', null),
        rule('other', '128.0.0.0/1', null),
        ...Array.from({ length: rules - 2 }, (_, index) =>
          rule(`r-${index}`, `${(index % 200) + 20}.${Math.floor(index / 200)}.0.0/24`, (index % 60_000) + 1),
        ),
      ],
    },
  ]);

/** What a scanner does with a rule. */
export const patternMatch = ({
  direction,
  protocol,
  remote_ip_prefix: prefix,
  port_range_min: min,
}: SecurityGroupRule): boolean =>
  direction === 'ingress' &&
  ((protocol === null && min === null) || min === 22) &&
  (prefix === null || prefix.endsWith('/0') || prefix.endsWith('/1'));

export function placementSite(hosts: number, servers: number): PlacementSnapshot {
  const stock = { total: 64, reserved: 0, allocation_ratio: 1, used: 20 };
  const memory = { ...stock, total: 262_144 };
  return {
    at,
    gaps: [],
    locations: Array.from({ length: hosts }, (_, index): Location => ({
      host: `h${index}`,
      zone: `az-${index % 4}`,
      aggregates: [],
      labels: { residency: index % 2 === 0 ? 'eu' : 'us' },
      traits: ['HW_CPU_X86_AVX2'],
      stock: { VCPU: stock, MEMORY_MB: memory },
      enabled: true,
      up: true,
    })),
    workloads: Array.from({ length: servers }, (_, index): Workload => ({
      id: `w${index}`,
      name: `w${index}`,
      project_id: `p${index % 100}`,
      host: `h${index % hosts}`,
      status: 'ACTIVE',
      vcpus: 2,
      ram: 4_096,
      disk: 20,
      extra_specs: {},
      image_properties: {},
      zone: undefined,
      labels: { residency: index % 1_000 === 1 ? 'eu' : index % 2 === 0 ? 'eu' : 'us' },
      group: undefined,
      volumes: [],
      onVolume: false,
    })),
  };
}
