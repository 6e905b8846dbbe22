import { anInventory, type CloudInventory, readInventory } from '@groundcrew/monitoring';
import { optionsSchema, parseArguments, readOptions, type ReadOptions } from '@groundcrew/ground';
import {
  type Cloud,
  type Gap,
  observeAllProjects,
  type Observed,
  observeList,
  visibilityOf,
} from '@groundcrew/core';
import { isInDownCell, whyUnknown } from './instances/down-cell.ts';
import { isHostHidden } from './instances/told-server.ts';

/** A worker of a service, as its heartbeat tells: `nova-scheduler`, `cinder-volume`, a network agent. */
export interface Worker {
  readonly service: 'compute' | 'block-storage' | 'network';
  /** Binary, `nova-compute`; for a network agent its type, `L3 agent`. */
  readonly kind: string;
  /** Name of the host; for cinder-volume with its backend: `host@backend`. */
  readonly host: string;
  readonly zone: string | undefined;
  /** `false` also while that is not known: see `unknown`. */
  readonly alive: boolean;
  /** The reason why it is not known whether it is alive and enabled: its cell does not respond, or its row has no state. */
  readonly unknown?: string | undefined;
  /** `false` if an administrator disabled it. */
  readonly enabled: boolean;
  readonly disabledReason: string | undefined;
  /** Last heartbeat; ISO 8601, UTC. */
  readonly heartbeat: string | undefined;
}

/** A server, with the host that carries it. */
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
  /** An inventory that was read before. @default it is read */
  readonly inventory?: CloudInventory | undefined;
}

const observeOptions = optionsSchema<ObserveHaOptions>({
  ...readOptions,
  inventory: anInventory.optional(),
});

/**
 * Reads the workers of a cloud's management stack, and what depends on each. It needs the administrator's role for all
 * of it; what is denied becomes a gap. What is in a cell of Nova that does not respond is unknown, and makes the list partial.
 */
export async function observe(cloud: Cloud, options: ObserveHaOptions = {}): Promise<HaSnapshot> {
  parseArguments('ha.observe', observeOptions, options);
  const { inventory, ...read } = options;
  const clock = { now: () => cloud.clock.now() };
  const sight = await visibilityOf(cloud, read);
  const [compute, blockStorage, network, { servers }, routers] = await Promise.all([
    computeServices(cloud, read, clock),
    observeList('block storage services', cloud.blockStorage.services.list({}, read), clock),
    // To a user without the role Neutron shows an empty list of agents.
    observeAllProjects(cloud, 'network agents', sight, cloud.network.agents.list({}, read)),
    inventory ?? readInventory(cloud, read),
    observeAllProjects(cloud, 'routers', sight, cloud.network.routers.list({}, read)),
  ]);
  return {
    compute: map(compute, (service) => ({
      service: 'compute',
      kind: service.binary,
      host: service.host,
      zone: service.zone,
      alive: service.state === 'up',
      unknown: whyUnknown(service),
      enabled: service.status === 'enabled',
      disabledReason: service.disabled_reason ?? undefined,
      heartbeat: service.updated_at ?? undefined,
    })),
    blockStorage: map(blockStorage, (service) => ({
      service: 'block-storage',
      kind: service.binary,
      host: service.host,
      zone: service.zone ?? undefined,
      alive: service.state === 'up',
      unknown: whyUnknown(service),
      enabled: service.status === 'enabled',
      disabledReason: service.disabled_reason ?? undefined,
      heartbeat: service.updated_at ?? undefined,
    })),
    network: map(network, (agent) => ({
      service: 'network',
      kind: agent.agent_type,
      host: agent.host,
      zone: agent.availability_zone ?? undefined,
      alive: agent.alive,
      enabled: agent.admin_state_up,
      disabledReason: undefined,
      heartbeat: agent.heartbeat_timestamp ?? undefined,
    })),
    servers: map(withHiddenHosts(servers), (server) => ({
      id: server.id,
      name: server.name,
      host: server['OS-EXT-SRV-ATTR:host'] ?? undefined,
      status: server.status,
    })),
    routers: map(routers, (router) => ({
      id: router.id,
      name: router.name,
      ha: router.ha ?? undefined,
      distributed: router.distributed ?? undefined,
    })),
  };
}

/**
 * The parts that a cell that does not respond leaves out: from 2.69 on Nova answers UNKNOWN for its services, before it keeps
 * silent (nova `compute/rest_api_version_history.rst`, 2.69). A Nova that is older than that cannot be asked.
 */
async function computeServices(
  cloud: Cloud,
  read: ReadOptions,
  clock: { readonly now: () => number },
): Promise<Observed<ComputeRow[]>> {
  const what = 'compute services';
  const { compute } = cloud;
  const newer = await observeList<ComputeRow>(what, compute.at('2.69').services.list({}, read), clock);
  const services =
    newer.completeness === 'unsupported'
      ? await observeList<ComputeRow>(what, compute.services.list({}, read), clock)
      : newer;
  const dark = services.value.filter(isInDownCell).map(({ host }) => host);
  const [first] = dark;
  if (first === undefined) return services;
  const gap: Gap = {
    what: `${what} in cells that do not respond`,
    kind: 'failed',
    why: `Nova answered UNKNOWN for ${dark.length}, ${first} among them`,
    remedy: 'Look at the database and the message bus of the cell.',
    requestIds: [],
  };
  return { ...services, completeness: 'partial', gaps: [...services.gaps, gap] };
}

/** Where policy hides the hosts of servers, which of them a host carries is not known, and no host is empty. */
function withHiddenHosts(servers: CloudInventory['servers']): CloudInventory['servers'] {
  const hidden = servers.value.filter(isHostHidden);
  const [first] = hidden;
  if (first === undefined) return servers;
  const gap: Gap = {
    what: 'hosts of servers',
    kind: 'denied',
    why: `Nova does not tell on which host ${hidden.length} servers are, ${first.id} among them`,
    remedy: 'Ask as an administrator, or allow os_compute_api:os-extended-server-attributes.',
    requestIds: [],
  };
  const completeness = servers.completeness === 'complete' ? 'partial' : servers.completeness;
  return { ...servers, completeness, gaps: [...servers.gaps, gap] };
}

/** A row of `os-services`, of whatever microversion. */
interface ComputeRow {
  readonly binary: string;
  readonly host: string;
  readonly status: string;
  readonly state?: string | undefined;
  readonly zone?: string | undefined;
  readonly disabled_reason?: string | null | undefined;
  readonly updated_at?: string | null | undefined;
}

const map = <A, B>(observed: Observed<readonly A[]>, make: (item: A) => B): Observed<readonly B[]> => ({
  ...observed,
  value: observed.value.map(make),
});
