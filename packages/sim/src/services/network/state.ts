import type { VirtualClock } from '../../clock.ts';
import { ServiceFault } from '../../fault.ts';
import type { Ids } from '../../ids.ts';
import { Store } from '../../store.ts';
import { type Json, seconds, texts } from '../../wire.ts';
import { formatAddress, parseAddress } from './addresses.ts';

/** An entity of Neutron, with every field that an administrator sees. */
export interface NetworkEntity {
  readonly id: string;
  project_id: string;
  [field: string]: unknown;
}

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

export interface Port extends NetworkEntity {
  network_id: string;
  device_id: string;
  device_owner: string;
  status: string;
  mac_address: string;
  fixed_ips: FixedIp[];
  security_groups: string[];
}

export interface Rule extends NetworkEntity {
  readonly security_group_id: string;
}

export interface Agent {
  readonly id: string;
  readonly agent_type: string;
  readonly binary: string;
  readonly host: string;
  readonly topic: string;
  readonly availability_zone: string | null;
  readonly configurations: Json;
  admin_state_up: boolean;
  description: string | null;
  /** The time at which it stopped reporting; `undefined` while it reports. */
  deadSince: number | undefined;
  readonly created: number;
}

const kinds = [
  'networks',
  'subnets',
  'routers',
  'floatingips',
  'security_groups',
  'subnetpools',
  'address_scopes',
  'trunks',
  'policies',
  'rbac_policies',
  'address_groups',
  'segments',
  'port_forwardings',
] as const;
export type Kind = (typeof kinds)[number];

export const QUOTAS: Readonly<Record<string, number>> = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: 500,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
  trunk: -1,
};

/** The state of Neutron. */
export class NetworkState {
  readonly entities = Object.fromEntries(
    kinds.map((kind) => [kind, new Store<NetworkEntity>({ project: (entity) => entity.project_id })]),
  ) as unknown as Readonly<Record<Kind, Store<NetworkEntity>>>;
  readonly ports = new Store<Port>({
    network: (port) => port.network_id,
    project: (port) => port.project_id,
  });
  readonly rules = new Store<Rule>({
    group: (rule) => rule.security_group_id,
    project: (rule) => rule.project_id,
  });
  readonly agents = new Store<Agent>();
  readonly quotas = new Map<string, Record<string, number>>();
  /** The agents that host a network (DHCP) or a router (L3). */
  readonly hosting = new Map<string, Set<string>>();
  readonly #taken = new Map<string, Set<string>>();
  readonly #cursor = new Map<string, bigint>();
  readonly #ids: Ids;
  readonly #clock: VirtualClock;
  readonly #vlan = new Map<string, number>();

  constructor(ids: Ids, clock: VirtualClock) {
    this.#ids = ids;
    this.#clock = clock;
  }

  /** The fields that every entity has. */
  stamp(project: string, fields: Json = {}): NetworkEntity {
    const now = seconds(this.#clock.now());
    return {
      id: this.#ids.uuid(),
      tenant_id: project,
      project_id: project,
      description: '',
      tags: [],
      created_at: now,
      updated_at: now,
      revision_number: 1,
      ...fields,
    };
  }

  touch(entity: NetworkEntity): void {
    entity['updated_at'] = seconds(this.#clock.now());
    entity['revision_number'] = Number(entity['revision_number'] ?? 0) + 1;
  }

  segment(type: string): number {
    const next = (this.#vlan.get(type) ?? 100) + 1;
    this.#vlan.set(type, next);
    return next;
  }

  quota(project: string): Record<string, number> {
    return { ...QUOTAS, ...this.quotas.get(project) };
  }

  used(project: string, resource: string): number {
    if (resource === 'port') return count(this.ports.by('project', project));
    if (resource === 'security_group_rule') return count(this.rules.by('project', project));
    const kind = `${resource.replace(/y$/, 'ie')}s` as Kind;
    return kind in this.entities ? count(this.entities[kind].by('project', project)) : 0;
  }

  /** Refuses a request that would exceed the project's quota. */
  charge(project: string, resource: string, amount = 1): void {
    const limit = this.quota(project)[resource];
    if (limit === undefined || limit < 0 || this.used(project, resource) + amount <= limit) return;
    throw new ServiceFault(409, `Quota exceeded for resources: ['${resource}'].`, { type: 'OverQuota' });
  }

  // --- addresses ---------------------------------------------------------------------------------------------

  isTaken(subnet: string, address: string): boolean {
    return this.#taken.get(subnet)?.has(address) === true;
  }

  take(subnet: string, address: string): void {
    this.#taken.set(subnet, (this.#taken.get(subnet) ?? new Set()).add(address));
  }

  release(ips: readonly FixedIp[]): void {
    for (const { subnet_id, ip_address } of ips) this.#taken.get(subnet_id)?.delete(ip_address);
  }

  takenCount(subnet: string): number {
    return this.#taken.get(subnet)?.size ?? 0;
  }

  /** The next free address of a subnet's pools. */
  allocate(subnet: NetworkEntity): string | undefined {
    const version = subnet['ip_version'] === 6 ? 6 : 4;
    const pools = (subnet['allocation_pools'] as { start: string; end: string }[]).map(({ start, end }) => ({
      first: parseAddress(start) as bigint,
      last: parseAddress(end) as bigint,
    }));
    const begin = this.#cursor.get(subnet.id) ?? pools[0]?.first;
    // The search goes from the last address to the end, and then from the start, so that released addresses are found.
    for (const from of [begin, pools[0]?.first]) {
      for (const pool of pools) {
        const start = from !== undefined && from > pool.first ? from : pool.first;
        for (let value = start; value <= pool.last; value += 1n) {
          const address = formatAddress(version, value);
          if (this.isTaken(subnet.id, address)) continue;
          this.take(subnet.id, address);
          this.#cursor.set(subnet.id, value + 1n);
          return address;
        }
      }
    }
    return undefined;
  }

  // --- security groups ---------------------------------------------------------------------------------------

  /** The group `default` of a project, made at its first use. */
  defaultGroup(project: string): NetworkEntity {
    for (const group of this.entities.security_groups.by('project', project))
      if (group['name'] === 'default') return group;
    return this.addGroup(project, 'default', 'Default security group');
  }

  addGroup(project: string, name: string, description = ''): NetworkEntity {
    const group = this.entities.security_groups.add(
      this.stamp(project, { name, description, stateful: true, shared: false }),
    );
    for (const ethertype of ['IPv4', 'IPv6']) {
      if (name === 'default')
        this.addRule(group, {
          direction: 'ingress',
          ethertype,
          remote_group_id: group.id,
          description: null,
        });
      this.addRule(group, { direction: 'egress', ethertype, description: null });
    }
    return group;
  }

  addRule(group: NetworkEntity, fields: Json): Rule {
    const prefix = fields['remote_ip_prefix'];
    return this.rules.add({
      ...this.stamp(group.project_id),
      revision_number: 0,
      security_group_id: group.id,
      ethertype: 'IPv4',
      direction: 'ingress',
      protocol: null,
      port_range_min: null,
      port_range_max: null,
      remote_ip_prefix: null,
      remote_address_group_id: null,
      normalized_cidr: typeof prefix === 'string' ? prefix : null,
      remote_group_id: null,
      standard_attr_id: this.#ids.serial(),
      belongs_to_default_sg: group['name'] === 'default',
      ...fields,
    });
  }

  groupsOf(port: Port): string[] {
    return texts(port.security_groups);
  }
}

const count = (of: Iterable<unknown>): number => [...of].length;
