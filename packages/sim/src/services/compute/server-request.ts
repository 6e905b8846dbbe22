import type { Call } from '../../call.ts';
import { badRequest, forbidden } from '../../fault.ts';
import { flag, type Json, list, metadata, number, record, str, text, texts } from '../../wire.ts';
import { isVisible } from '../image/image.ts';
import { checkDevices } from './block-devices.ts';
import { charge, flavorOf } from './flavor-quota.ts';
import { zoneOf } from './hosts.ts';
import { groupIds, networksOf } from './server-networks.ts';
import type { Flavor, Server } from './server.ts';

/** A request for servers, with what it refers to looked up. */
export interface ServerRequest {
  readonly name: string;
  readonly count: number;
  /** The fields that the servers have in common. */
  readonly fields: Partial<Server> & Pick<Server, 'project_id' | 'user_id' | 'flavor'>;
  readonly devices: readonly Json[];
  /** The host that an administrator names. */
  readonly host: string | undefined;
  readonly password: string;
  /** Connects a server to the networks that were asked for. */
  readonly connect: (server: Server) => void;
}

/**
 * Reads a request for servers, and refuses it in the order in which Nova looks: what a client hears first is part of the
 * API.
 */
export function readServerRequest(call: Call): ServerRequest {
  const given = call.envelope('server');
  const flavor = flavorOf(call, str(given['flavorRef'] ?? ''));
  const devices = list(given['block_device_mapping_v2']).map((device) => record(device));
  const image = imageOf(call, given, { devices, flavor });
  const count = number(given['min_count']) ?? number(given['max_count']) ?? 1;
  charge(call, flavor, count);
  const key = keyOf(call, given);
  const hints = record(
    record(call.body)['os:scheduler_hints'] ?? record(call.body)['OS-SCH-HNT:scheduler_hints'],
  );
  const group = groupOf(call, hints);
  const [zone, forced] = zoneAndHost(call, given);
  const connect = networksOf(call, given['networks']);
  const password = text(given['adminPass']) ?? call.state.ids.password();
  const groups = securityGroupsOf(call, given);
  checkDevices(call, devices);
  return {
    name: text(given['name']) ?? '',
    count,
    fields: {
      project_id: call.projectId,
      user_id: call.userId,
      flavor,
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
      security_groups: groups,
    },
    devices,
    host: forced ?? text(given['host']),
    password,
    connect,
  };
}

/** The image, if the server starts from one; a server without it needs a device to start from. */
function imageOf(
  call: Call,
  given: Json,
  { devices, flavor }: { readonly devices: readonly Json[]; readonly flavor: Flavor },
): string | null {
  const image = text(given['imageRef']) || null;
  if (image === null) {
    if (devices.some((device) => number(device['boot_index']) === 0)) return null;
    throw badRequest(
      'Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.',
    );
  }
  const found = call.state.image.images.get(image);
  if (!isVisible(call, found)) throw badRequest(`Can not find requested image`);
  if (found.status !== 'active') throw badRequest(`Image ${image} is not active.`);
  if (flavor.disk > 0 && found.min_disk > flavor.disk)
    throw badRequest("Flavor's disk is too small for requested image.");
  if (found.min_ram > flavor.ram) throw badRequest("Flavor's memory is too small for requested image.");
  return image;
}

function keyOf(call: Call, given: Json): string | null {
  const key = text(given['key_name']) ?? null;
  const mine = call.state.compute.keypairs.find((pair) => pair.name === key && pair.user_id === call.userId);
  if (key !== null && mine === undefined) throw badRequest('Invalid key_name provided.');
  return key;
}

function groupOf(call: Call, hints: Json): string | null {
  const group = text(hints['group']) ?? null;
  if (group !== null && !call.owns(call.state.compute.groups.get(group)?.project_id))
    throw badRequest(`Instance group ${group} could not be found.`);
  return group;
}

/** `ZONE`, or `ZONE:HOST`, which only an administrator may ask for. */
function zoneAndHost(call: Call, given: Json): readonly [zone: string | null, host: string | undefined] {
  const [zone = null, forced] = (text(given['availability_zone']) ?? '')
    .split(':')
    .map((part) => part || null);
  if (forced && !call.admin) throw forbidden('os_compute_api:servers:create:forced_host', 'policy');
  const { hypervisors } = call.state.compute;
  if (zone !== null && !hypervisors.values().some(({ host }) => zoneOf(call.state, host) === zone))
    throw badRequest('The requested availability zone is not available');
  return [zone, forced ?? undefined];
}

function securityGroupsOf(call: Call, given: Json): string[] {
  const names = list(given['security_groups']).map((group) => text(record(group)['name']) ?? '');
  for (const name of names) {
    if (groupIds(call.state, call.projectId, name).length === 0)
      throw badRequest(`Unable to find security_group with name or id '${name}'`);
  }
  return names.length === 0 ? ['default'] : names;
}
