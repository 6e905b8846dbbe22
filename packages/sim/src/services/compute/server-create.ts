import { accepted } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { badRequest, forbidden, notFound, ServiceFault } from '../../fault.ts';
import { flag, type Json, list, metadata, number, record, str, text, texts } from '../../wire.ts';
import type { World } from '../../world.ts';
import { attach } from '../block-storage/volume-actions.ts';
import { addVolume, place } from '../block-storage/volumes.ts';
import { isVisible } from '../image/image.ts';
import { visibleNetwork } from '../network/networks.ts';
import { addPort } from '../network/ports.ts';
import { zoneOf } from './hosts.ts';
import { busy, failed, started } from './lifecycle.ts';
import { claim, NO_VALID_HOST, schedule } from './scheduler.ts';
import { linksOf } from './server-view.ts';
import type { Flavor, Server } from './server.ts';

/** Accepts a server, and has it built. */
export function create(call: Call) {
  const given = call.envelope('server');
  const { world } = call;
  const { compute, clock, settings, ids } = world;
  const name = text(given['name']) ?? '';
  const flavor = flavorOf(call, str(given['flavorRef'] ?? ''));
  const image = text(given['imageRef']) || null;
  const devices = list(given['block_device_mapping_v2']).map((one) => record(one));
  const boot = devices.find((one) => number(one['boot_index']) === 0);
  if (image === null && boot === undefined)
    throw badRequest(
      'Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.',
    );
  if (image !== null) {
    const found = world.image.images.get(image);
    if (!isVisible(call, found)) throw badRequest(`Can not find requested image`);
    if (found.status !== 'active') throw badRequest(`Image ${image} is not active.`);
    if (flavor.disk > 0 && found.min_disk > flavor.disk)
      throw badRequest("Flavor's disk is too small for requested image.");
    if (found.min_ram > flavor.ram) throw badRequest("Flavor's memory is too small for requested image.");
  }
  const count = number(given['min_count']) ?? number(given['max_count']) ?? 1;
  charge(call, flavor, count);
  const key = text(given['key_name']) ?? null;
  if (
    key !== null &&
    compute.keypairs.find((one) => one.name === key && one.user_id === call.userId) === undefined
  ) {
    throw badRequest('Invalid key_name provided.');
  }
  const hints = record(
    record(call.body)['os:scheduler_hints'] ?? record(call.body)['OS-SCH-HNT:scheduler_hints'],
  );
  const group = text(hints['group']) ?? null;
  if (group !== null && !call.owns(compute.groups.get(group)?.project_id))
    throw badRequest(`Instance group ${group} could not be found.`);
  const [zone = null, forced] = (text(given['availability_zone']) ?? '')
    .split(':')
    .map((part) => part || null);
  if (forced && !call.admin) throw forbidden('os_compute_api:servers:create:forced_host', 'policy');
  if (zone !== null && !zones(world).has(zone))
    throw badRequest('The requested availability zone is not available');
  const connect = networksOf(call, given['networks']);
  const password = text(given['adminPass']) ?? ids.password();
  const groups = list(given['security_groups']).map((one) => text(record(one)['name']) ?? '');
  for (const one of groups) {
    if (groupIds(world, call.projectId, one).length === 0)
      throw badRequest(`Unable to find security_group with name or id '${one}'`);
  }
  checkDevices(call, devices);
  const made: Server[] = [];
  for (let index = 0; index < count; index += 1) {
    const server = blank(world, {
      name: count === 1 ? name : `${name}-${index + 1}`,
      project_id: call.projectId,
      user_id: call.userId,
      flavor: { ...flavor, extra_specs: { ...flavor.extra_specs } },
      image,
      description: text(given['description']) ?? null,
      metadata: metadata(given['metadata']),
      pinned_zone: zone,
      key_name: key,
      config_drive: flag(given['config_drive']) ?? false,
      user_data: text(given['user_data']) ?? null,
      tags: texts(given['tags']),
      group,
      scheduler_hints: hints,
      security_groups: groups.length === 0 ? ['default'] : groups,
    });
    made.push(compute.servers.add(server));
    const action = compute.began(server, 'create', call);
    const host = schedule(world, server, { only: forced ?? text(given['host']) });
    const step = Math.min(1000, settings.timing.build / 4);
    if (host !== undefined) claim(world, server, host);
    clock.after(step, () => {
      if (server.task_state !== 'scheduling') return;
      if (host === undefined) {
        failed(world, server, NO_VALID_HOST);
        action.finish = clock.now();
        action.message = 'Error';
        return;
      }
      server.host = host;
      server.availability_zone = zoneOf(world, host);
      try {
        connect(server);
        connectVolumes(world, server, devices);
      } catch (error) {
        failed(
          world,
          server,
          `Build of instance ${server.id} aborted: ${error instanceof Error ? error.message : ''}`,
        );
        return;
      }
      busy(world, server, 'spawning', settings.timing.build - step, () => started(world, server), action);
    });
  }
  const [first] = made as [Server];
  return accepted(
    {
      server: {
        id: first.id,
        links: linksOf(call, 'servers', first.id),
        'OS-DCF:diskConfig': text(given['OS-DCF:diskConfig']) ?? 'MANUAL',
        security_groups: first.security_groups.map((one) => ({ name: one })),
        adminPass: password,
      },
    },
    { Location: `${call.base}/servers/${first.id}` },
  );
}

/** A server as it is when it has just been accepted. */
export function blank(
  world: World,
  fields: Partial<Server> & Pick<Server, 'name' | 'project_id' | 'user_id' | 'flavor'>,
): Server {
  const now = world.clock.now();
  return {
    id: world.ids.uuid(),
    serial: world.compute.row('instances'),
    created: now,
    updated: now,
    description: null,
    hostname: fields.name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-'),
    vm_state: 'building',
    task_state: 'scheduling',
    power_state: 0,
    host: null,
    image: null,
    metadata: {},
    availability_zone: null,
    pinned_zone: null,
    key_name: null,
    config_drive: false,
    user_data: null,
    tags: [],
    locked: false,
    locked_reason: null,
    volumes: [],
    preservedPorts: new Set(),
    launched: null,
    fault: null,
    group: null,
    scheduler_hints: {},
    security_groups: ['default'],
    before: null,
    ...fields,
  };
}

export function flavorOf(call: Call, reference: string): Flavor {
  const id = reference.split('/').at(-1) ?? '';
  const flavor = call.world.compute.flavors.get(id);
  if (flavor === undefined) throw badRequest(`Flavor ${id} could not be found.`);
  return flavor;
}

const zones = (world: World): Set<string> =>
  new Set(world.compute.hypervisors.values().map((one) => zoneOf(world, one.host)));

/** Refuses what would go over the project's quota (`nova/compute/utils.py` `check_num_instances_quota`). */
export function charge(call: Call, flavor: Flavor, count: number, replaces?: Flavor): void {
  const limit = call.world.compute.quota(call.projectId);
  const used = call.world.compute.used(call.projectId);
  const asked = {
    instances: replaces === undefined ? count : 0,
    cores: (flavor.vcpus - (replaces?.vcpus ?? 0)) * count,
    ram: (flavor.ram - (replaces?.ram ?? 0)) * count,
  };
  const over = (['cores', 'instances', 'ram'] as const).filter(
    (name) => (limit[name] ?? -1) >= 0 && asked[name] > 0 && used[name] + asked[name] > (limit[name] ?? 0),
  );
  if (over.length === 0) return;
  const say = (of: (name: (typeof over)[number]) => unknown): string => over.map(of).join(', ');
  throw new ServiceFault(
    403,
    `Quota exceeded for ${over.join(', ')}: Requested ${say((name) => asked[name])}, but already used ${say((name) => used[name])} of ${say((name) => limit[name])} ${over.join(', ')}`,
  );
}

/** Reads what a request says of networks, and gives back what connects a server to them. */
function networksOf(call: Call, networks: unknown): (server: Server) => void {
  const { network } = call.world;
  if (networks === 'none') return () => {};
  const mine = (): string[] =>
    network.entities.networks
      .filter((one) => one.project_id === call.projectId && one['router:external'] !== true)
      .map((one) => one.id);
  const own = networks === 'auto' || networks === undefined ? mine() : [];
  if (networks === undefined && own.length > 1) {
    throw new ServiceFault(409, 'Multiple possible networks found, use a Network ID to be more specific.');
  }
  const asked =
    networks === undefined || networks === 'auto'
      ? own.slice(0, 1).map((uuid): Json => ({ uuid }))
      : list(networks).map((one) => record(one));
  for (const one of asked) {
    const [uuid, port] = [text(one['uuid']), text(one['port'])];
    if (port !== undefined && !call.owns(network.ports.get(port)?.project_id))
      throw badRequest(`Port id ${port} could not be found.`);
    if (port !== undefined && network.ports.get(port)?.device_id !== '')
      throw new ServiceFault(409, `Port ${port} is still in use.`);
    if (port === undefined && visibleNetwork(call, uuid ?? '') === undefined)
      throw badRequest(`Network ${uuid} could not be found.`);
  }
  return (server) => {
    for (const one of asked) {
      const existing = network.ports.get(text(one['port']) ?? '');
      if (existing !== undefined) {
        server.preservedPorts.add(existing.id);
        Object.assign(existing, {
          device_id: server.id,
          device_owner: `compute:${server.availability_zone ?? 'nova'}`,
        });
        continue;
      }
      const parent = network.entities.networks.get(text(one['uuid']) ?? '');
      if (parent === undefined) continue;
      const fixed = text(one['fixed_ip']);
      network.charge(server.project_id, 'port');
      addPort(call.world, parent, server.project_id, {
        device_id: server.id,
        device_owner: `compute:${server.availability_zone ?? 'nova'}`,
        dns_name: server.hostname,
        security_groups: server.security_groups.flatMap((name) =>
          groupIds(call.world, server.project_id, name),
        ),
        ...(fixed === undefined ? {} : { fixed_ips: [{ ip_address: fixed }] }),
      });
    }
  };
}

export function groupIds(world: World, project: string, nameOrId: string): string[] {
  if (nameOrId === 'default') return [world.network.defaultGroup(project).id];
  const groups = [...world.network.entities.security_groups.by('project', project)];
  const found = groups.find((one) => one.id === nameOrId || one['name'] === nameOrId);
  return found === undefined ? [] : [found.id];
}

/** Refuses what names volumes and snapshots that the caller has not. */
function checkDevices(call: Call, devices: readonly Json[]): void {
  const { volumes, snapshots } = call.world.blockStorage;
  for (const device of devices) {
    const id = str(device['uuid']);
    if (device['source_type'] === 'volume' && !call.owns(volumes.get(id)?.project_id))
      throw badRequest(`Block Device Mapping is Invalid: failed to get volume ${id}.`);
    if (device['source_type'] === 'snapshot' && !call.owns(snapshots.get(id)?.project_id))
      throw badRequest(`Snapshot ${id} could not be found.`);
  }
}

/** Volumes that were named, and those that are made for the occasion. */
function connectVolumes(world: World, server: Server, devices: readonly Json[]): void {
  for (const [index, device] of devices.entries()) {
    if (device['destination_type'] !== 'volume' && device['source_type'] !== 'volume') continue;
    const named =
      device['source_type'] === 'volume'
        ? world.blockStorage.volumes.get(text(device['uuid']) ?? '')
        : undefined;
    if (device['source_type'] === 'volume' && named === undefined)
      throw notFound(`Volume ${str(device['uuid'])} could not be found.`);
    const volume =
      named ??
      addVolume(world, {
        project_id: server.project_id,
        user_id: server.user_id,
        size: number(device['volume_size']) ?? Math.max(1, server.flavor.disk),
        bootable: true,
        name: '',
      });
    volume.host ??= place(world, volume) ?? null;
    attachTo(
      world,
      server,
      volume.id,
      `/dev/vd${LETTERS[index] ?? 'z'}`,
      flag(device['delete_on_termination']) ?? false,
    );
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Enters an attachment in Nova and in Cinder. */
export function attachTo(
  world: World,
  server: Server,
  volumeId: string,
  device?: string,
  deleteToo = false,
  tag: string | null = null,
) {
  const volume = world.blockStorage.volumes.get(volumeId);
  if (volume === undefined) throw notFound(`Volume ${volumeId} could not be found.`);
  const path = device ?? `/dev/vd${LETTERS[server.volumes.length + (server.image === null ? 0 : 1)] ?? 'z'}`;
  const attached = {
    volume_id: volumeId,
    device: path,
    attachment_id: attach(world, volume, server.id, path, server.host),
    bdm_uuid: world.ids.uuid(),
    delete_on_termination: deleteToo,
    tag,
  };
  server.volumes.push(attached);
  return attached;
}
