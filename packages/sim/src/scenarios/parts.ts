import { InputError } from '@groundcrew/ground';
import type { Volume } from '../services/block-storage/state.ts';
import { addVolume } from '../services/block-storage/volumes.ts';
import { blankServer } from '../services/compute/blank-server.ts';
import { attachTo } from '../services/compute/block-devices.ts';
import { zoneOf } from '../services/compute/hosts.ts';
import { allocate } from '../services/compute/scheduler.ts';
import type { Server } from '../services/compute/server.ts';
import { addPort, bind } from '../services/network/ports.ts';
import type { NetworkEntity } from '../services/network/state.ts';
import type { SimState } from '../sim-state.ts';

export interface ServerWish {
  readonly name: string;
  readonly project: string;
  readonly user: string;
  readonly flavor: string;
  /** The name of the image. A server without one is booted from a volume. */
  readonly image?: string;
  readonly network: NetworkEntity | undefined;
  readonly host: string;
  readonly groups?: readonly NetworkEntity[];
  readonly metadata?: Record<string, string>;
  /** The time since the server was made, in milliseconds. */
  readonly age?: number;
}

/** Adds a server that has existed for a while. */
export function addServer(state: SimState, wish: ServerWish): Server {
  const flavor = state.compute.flavors.find((candidate) => candidate.name === wish.flavor);
  if (flavor === undefined)
    throw new InputError(`addServer: flavor: there is no ${wish.flavor}`, {
      field: 'flavor',
      operation: 'addServer',
    });
  const born = state.clock.now() - (wish.age ?? 86_400_000);
  const server = state.compute.servers.add(
    blankServer(state, {
      name: wish.name,
      project_id: wish.project,
      user_id: wish.user,
      flavor,
      image: state.image.images.find((image) => image.name === wish.image)?.id ?? null,
      created: born,
      updated: born + 8000,
      launched: born + 8000,
      vm_state: 'active',
      task_state: null,
      power_state: 1,
      host: wish.host,
      availability_zone: zoneOf(state, wish.host),
      metadata: wish.metadata ?? {},
      security_groups:
        (wish.groups ?? []).length === 0
          ? ['default']
          : (wish.groups ?? []).map((group) => String(group['name'])),
    }),
  );
  allocate(state, server, wish.host);
  if (wish.network !== undefined) {
    const port = addPort(state, wish.network, wish.project, {
      device_id: server.id,
      device_owner: `compute:${server.availability_zone}`,
      ...(wish.groups === undefined ? {} : { security_groups: wish.groups.map((group) => group.id) }),
    });
    bind(port, wish.host);
  }
  return server;
}

/** Adds a volume that is ready for use, attached if a server is given. */
export function addReadyVolume(
  state: SimState,
  owner: { project: string; user: string },
  name: string,
  size: number,
  pool: string,
  server?: Server,
): Volume {
  const volume = addVolume(state, {
    project_id: owner.project,
    user_id: owner.user,
    name,
    size,
    status: 'available',
    host: pool,
    created: state.clock.now() - 40 * 86_400_000,
    updated: state.clock.now() - 40 * 86_400_000,
    bootable: server?.image === null,
  });
  if (server !== undefined) attachTo(state, server, volume.id);
  return volume;
}

/** Adds a security group that lets everything in from everywhere. */
export function openToAll(
  state: SimState,
  project: string,
  name: string,
  protocol: string | null = null,
): NetworkEntity {
  const group = state.network.addGroup(project, name, 'temporary, for debugging');
  state.network.addRule(group, {
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol,
    remote_ip_prefix: '0.0.0.0/0',
    normalized_cidr: '0.0.0.0/0',
    description: '',
  });
  state.network.addRule(group, {
    direction: 'ingress',
    ethertype: 'IPv6',
    protocol,
    remote_ip_prefix: '::/0',
    normalized_cidr: '::/0',
    description: '',
  });
  return group;
}
