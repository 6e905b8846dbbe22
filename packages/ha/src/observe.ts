import { type Cloud, observeList, type Observed } from '@groundcrew/core';
import { type Inventory, readAll, readInventory, type ReadOptions, scopeOf } from '@groundcrew/monitoring';

/** A worker of a service, as its heartbeat tells: `nova-scheduler`, `cinder-volume`, a network agent. */
export interface Worker {
  readonly service: 'compute' | 'block-storage' | 'network';
  /** `nova-compute`; of a network agent its type, `L3 agent`. */
  readonly kind: string;
  /** Of cinder-volume with its backend: `host@backend`. */
  readonly host: string;
  readonly zone: string | undefined;
  readonly alive: boolean;
  /** Not switched off by an administrator. */
  readonly enabled: boolean;
  readonly disabledReason: string | undefined;
  /** Last heartbeat; ISO 8601, UTC. */
  readonly heartbeat: string | undefined;
}

/** A server, as far as it matters who carries it. */
export interface CarriedServer {
  readonly id: string;
  readonly name: string;
  readonly host: string | undefined;
  readonly status: string;
}

export interface VirtualRouter {
  readonly id: string;
  readonly name: string;
  /** Redundant over several L3 agents by VRRP; `undefined` if this user is not told. */
  readonly ha: boolean | undefined;
  readonly distributed: boolean | undefined;
}

export interface HaSnapshot {
  readonly compute: Observed<readonly Worker[]>;
  readonly blockStorage: Observed<readonly Worker[]>;
  readonly network: Observed<readonly Worker[]>;
  readonly servers: Observed<readonly CarriedServer[]>;
  readonly routers: Observed<readonly VirtualRouter[]>;
}

export interface ObserveHaOptions extends ReadOptions {
  /** Read before; without it, it is read. */
  readonly inventory?: Inventory | undefined;
}

/**
 * Reads who works in a cloud's management stack, and what depends on whom. It needs the administrator's role for all
 * of it; what is denied becomes a gap.
 */
export async function observe(cloud: Cloud, options: ObserveHaOptions = {}): Promise<HaSnapshot> {
  const { inventory, ...read } = options;
  const clock = { now: () => cloud.clock.now() };
  const sight = await scopeOf(cloud, read);
  const [compute, blockStorage, network, { servers }, routers] = await Promise.all([
    observeList('compute services', cloud.compute.services.list({}, read), clock),
    observeList('block storage services', cloud.blockStorage.services.list({}, read), clock),
    // To a user without the role Neutron shows an empty list of agents.
    readAll(cloud, 'network agents', sight, cloud.network.agents.list({}, read)),
    inventory ?? readInventory(cloud, read),
    readAll(cloud, 'routers', sight, cloud.network.routers.list({}, read)),
  ]);
  return {
    compute: map(compute, (one) => ({
      service: 'compute',
      kind: one.binary,
      host: one.host,
      zone: one.zone,
      alive: one.state === 'up',
      enabled: one.status === 'enabled',
      disabledReason: one.disabled_reason ?? undefined,
      heartbeat: one.updated_at ?? undefined,
    })),
    blockStorage: map(blockStorage, (one) => ({
      service: 'block-storage',
      kind: one.binary,
      host: one.host,
      zone: one.zone ?? undefined,
      alive: one.state === 'up',
      enabled: one.status === 'enabled',
      disabledReason: one.disabled_reason ?? undefined,
      heartbeat: one.updated_at ?? undefined,
    })),
    network: map(network, (one) => ({
      service: 'network',
      kind: one.agent_type,
      host: one.host,
      zone: one.availability_zone ?? undefined,
      alive: one.alive,
      enabled: one.admin_state_up,
      disabledReason: undefined,
      heartbeat: one.heartbeat_timestamp ?? undefined,
    })),
    servers: map(servers, (one) => ({
      id: one.id,
      name: one.name,
      host: one['OS-EXT-SRV-ATTR:host'] ?? undefined,
      status: one.status,
    })),
    routers: map(routers, (one) => ({
      id: one.id,
      name: one.name,
      ha: one.ha ?? undefined,
      distributed: one.distributed ?? undefined,
    })),
  };
}

const map = <A, B>(observed: Observed<readonly A[]>, make: (one: A) => B): Observed<readonly B[]> => ({
  ...observed,
  value: observed.value.map(make),
});
