import type { SimState } from '../../../sim-state.ts';
import { type Json, seconds, str } from '../../../wire.ts';
import type { Flavor, Server } from '../server.ts';
import type { InstanceAction } from '../state.ts';

/** Nova's words for its power states (`nova/objects/fields.py`, `InstancePowerState`). */
const POWER: Readonly<Record<number, string>> = {
  0: 'pending',
  1: 'running',
  3: 'paused',
  4: 'shutdown',
  6: 'crashed',
  7: 'suspended',
};

/** Whose request an event belongs to; Nova does some things by itself. */
export type Initiator = Pick<InstanceAction, 'request_id' | 'user_id' | 'project_id'>;

const object = (name: string, version: string, data: Json): Json => ({
  'nova_object.name': name,
  'nova_object.namespace': 'nova',
  'nova_object.version': version,
  'nova_object.data': data,
});

/** The minor version of each payload in Ussuri; from 2025.1 on each is one higher, and has the field `shares`. */
const PAYLOADS = {
  create: ['InstanceCreatePayload', 12],
  rebuild: ['InstanceActionRebuildPayload', 9],
  rescue: ['InstanceActionRescuePayload', 3],
  snapshot: ['InstanceActionSnapshotPayload', 9],
} as const satisfies Record<string, readonly [string, number]>;

/**
 * The payload of a versioned notification about an action on a server, with the fields of Nova's own samples
 * (`doc/notification_samples/common_payloads`). The devices are `null`, as by default (`bdms_in_notifications`).
 */
export function instancePayload(
  state: SimState,
  server: Server,
  event: string,
  by: Initiator | undefined,
): Json {
  const kind = event.split('.')[0] ?? '';
  const [name, minor] = PAYLOADS[kind as keyof typeof PAYLOADS] ?? ['InstanceActionPayload', 8];
  const hasShares = state.release.number >= '2025.1';
  return object(name, `1.${hasShares ? minor + 1 : minor}`, {
    ...instanceFields(state, server, by),
    fault: null,
    ...(hasShares ? { shares: [] } : {}),
    ...ownFields(state, server, kind),
  });
}

function instanceFields(state: SimState, server: Server, by: Initiator | undefined): Json {
  const deleted = server.vm_state === 'deleted' ? seconds(server.updated) : null;
  return {
    uuid: server.id,
    user_id: server.user_id,
    tenant_id: server.project_id,
    reservation_id: reservationOf(server),
    display_name: server.name,
    display_description: server.description,
    host_name: server.hostname,
    host: server.host,
    node: server.host,
    os_type: null,
    architecture: null,
    availability_zone: server.availability_zone,
    flavor: flavorPayload(server.flavor),
    image_uuid: server.image ?? '',
    key_name: server.key_name,
    kernel_id: '',
    ramdisk_id: '',
    created_at: seconds(server.created),
    launched_at: server.launched === null ? null : seconds(server.launched),
    terminated_at: deleted,
    deleted_at: deleted,
    updated_at: seconds(server.updated),
    state: server.vm_state,
    power_state: POWER[server.power_state] ?? 'pending',
    task_state: server.task_state,
    progress: 0,
    ip_addresses: addressPayloads(state, server),
    block_devices: null,
    metadata: { ...server.metadata },
    locked: server.locked,
    auto_disk_config: 'MANUAL',
    request_id: by?.request_id ?? null,
    action_initiator_user: by?.user_id ?? null,
    action_initiator_project: by?.project_id ?? null,
    locked_reason: server.locked_reason,
  };
}

export const reservationOf = ({ id }: Server): string => `r-${id.slice(0, 8)}`;

/** What only the payload of one kind has. */
function ownFields(state: SimState, server: Server, kind: string): Json {
  if (kind === 'rebuild') return { trusted_image_certificates: null };
  if (kind === 'rescue') return { rescue_image_ref: server.image };
  if (kind === 'snapshot') {
    const made = state.image.images.filter(({ properties }) => properties['instance_uuid'] === server.id);
    return { snapshot_image_id: made.at(-1)?.id ?? null };
  }
  if (kind !== 'create') return {};
  const key = state.compute.keypairs.get(`${server.user_id}/${server.key_name ?? ''}`);
  const { fingerprint = '', public_key = '', type = 'ssh' } = key ?? {};
  return {
    keypairs:
      key === undefined
        ? []
        : [
            object('KeypairPayload', '1.0', {
              user_id: key.user_id,
              name: key.name,
              fingerprint,
              public_key,
              type,
            }),
          ],
    tags: [...server.tags],
    trusted_image_certificates: null,
    instance_name: `instance-${server.serial.toString(16).padStart(8, '0')}`,
  };
}

const flavorPayload = (flavor: Flavor): Json =>
  object('FlavorPayload', '1.4', {
    flavorid: flavor.id,
    name: flavor.name,
    memory_mb: flavor.ram,
    vcpus: flavor.vcpus,
    root_gb: flavor.disk,
    ephemeral_gb: flavor.ephemeral,
    swap: flavor.swap,
    rxtx_factor: 1,
    vcpu_weight: 0,
    disabled: flavor.disabled,
    is_public: flavor.is_public,
    extra_specs: { ...flavor.extra_specs },
    projects: null,
    description: flavor.description,
  });

function addressPayloads({ network }: SimState, server: Server): Json[] {
  const ports = [...network.ports.by('project', server.project_id)].filter(
    (port) => port.device_id === server.id,
  );
  return ports.flatMap((port) =>
    port.fixed_ips.map(({ ip_address: address }) =>
      object('IpPayload', '1.0', {
        mac: port.mac_address,
        address,
        port_uuid: port.id,
        meta: {},
        version: address.includes(':') ? 6 : 4,
        label: str(network.entities.networks.get(port.network_id)?.['name'] ?? ''),
        device_name: `tap${port.id.slice(0, 11)}`,
      }),
    ),
  );
}
