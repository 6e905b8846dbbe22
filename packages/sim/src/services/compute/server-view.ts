import { createHash } from 'node:crypto';
import type { Call } from '../../call.ts';
import { type Json, micros, seconds, str } from '../../wire.ts';
import { isUp, serviceOf } from './hosts.ts';
import type { Flavor, Server } from './server.ts';

/** The status that users see, by the states that Nova keeps (`nova/api/openstack/common.py`). */
export function statusOf(server: Server): string {
  const { vm_state: vm, task_state: task } = server;
  const byTask: Record<string, string> = {
    rebooting: 'REBOOT',
    rebooting_hard: 'HARD_REBOOT',
    updating_password: 'PASSWORD',
    rebuilding: 'REBUILD',
    migrating: 'MIGRATING',
    resize_prep: 'RESIZE',
    resize_migrating: 'RESIZE',
    resize_finish: 'RESIZE',
    resize_reverting: 'REVERT_RESIZE',
  };
  return (task === null ? undefined : byTask[task]) ?? BY_STATE[vm] ?? 'UNKNOWN';
}

const BY_STATE: { readonly [state: string]: string } = {
  active: 'ACTIVE',
  building: 'BUILD',
  stopped: 'SHUTOFF',
  resized: 'VERIFY_RESIZE',
  paused: 'PAUSED',
  suspended: 'SUSPENDED',
  rescued: 'RESCUE',
  error: 'ERROR',
  deleted: 'DELETED',
  'soft-delete': 'SOFT_DELETED',
  shelved: 'SHELVED',
  shelved_offloaded: 'SHELVED_OFFLOADED',
};

export const linksOf = (call: Call, kind: string, id: string): Json[] => [
  { rel: 'self', href: `${call.base}/${kind}/${id}` },
  { rel: 'bookmark', href: `${call.root}/${kind}/${id}` },
];
const bookmark = (call: Call, kind: string, id: string): Json[] => [
  { rel: 'bookmark', href: `${call.root}/${kind}/${id}` },
];

/** The image in the view of a server; empty if the server was booted from a volume. */
export const imageIn = (call: Call, { image }: Server): Json | '' =>
  image === null
    ? ''
    : {
        id: image,
        links: bookmark(call, 'images', image),
        ...(call.atLeast('2.98') ? { properties: {} } : {}),
      };

/** The flavor in the view of a server: a reference before 2.47, its numbers since then. */
export const flavorIn = (call: Call, flavor: Flavor): Json =>
  call.atLeast('2.47')
    ? {
        vcpus: flavor.vcpus,
        ram: flavor.ram,
        disk: flavor.disk,
        ephemeral: flavor.ephemeral,
        swap: flavor.swap,
        original_name: flavor.name,
        extra_specs: flavor.extra_specs,
      }
    : { id: flavor.id, links: bookmark(call, 'flavors', flavor.id) };

/** The addresses by network, each fixed one followed by its floating ones. */
export function addressesOf(call: Call, server: Server, full = true): Json {
  const { network } = call.state;
  const addresses: Record<string, Json[]> = {};
  for (const port of portsOf(call, server)) {
    const parent = network.entities.networks.get(port.network_id);
    const list = (addresses[str(parent?.['name'] ?? '')] ??= []);
    const add = (addr: string, type: string): void => {
      const version = addr.includes(':') ? 6 : 4;
      list.push(
        full
          ? { version, addr, 'OS-EXT-IPS:type': type, 'OS-EXT-IPS-MAC:mac_addr': port.mac_address }
          : { version, addr },
      );
    };
    for (const ip of port.fixed_ips) add(ip.ip_address, 'fixed');
    for (const fip of network.entities.floatingips.by('project', server.project_id)) {
      if (fip['port_id'] === port.id) add(str(fip['floating_ip_address']), 'floating');
    }
  }
  return addresses;
}

export const portsOf = (call: Call, server: Server) =>
  [...call.state.network.ports.by('project', server.project_id)].filter(
    (port) => port.device_id === server.id,
  );

/** Status of the host a server is on, for administrators (`host_status`, since 2.16). */
function hostStatus(call: Call, server: Server): string {
  const service = server.host === null ? undefined : serviceOf(call.state, server.host);
  if (service === undefined) return '';
  if (service.forced_down) return 'DOWN';
  if (!isUp(call.now, service)) return 'UNKNOWN';
  return service.disabled ? 'MAINTENANCE' : 'UP';
}

export function brief(call: Call, server: Server): Json {
  return { id: server.id, name: server.name, links: linksOf(call, 'servers', server.id) };
}

/** All fields that Nova shows of a server; those that the microversion does not have are left out afterwards. */
export function detail(call: Call, server: Server, inList = false): Json {
  const status = statusOf(server);
  const admin = call.admin;
  const built = server.launched !== null;
  const hostId =
    server.host === null
      ? ''
      : createHash('sha224')
          .update(server.project_id + server.host)
          .digest('hex');
  return {
    id: server.id,
    name: server.name,
    status,
    tenant_id: server.project_id,
    user_id: server.user_id,
    metadata: server.metadata,
    hostId,
    image: imageIn(call, server),
    flavor: flavorIn(call, server.flavor),
    created: seconds(server.created),
    updated: seconds(server.updated),
    addresses: addressesOf(call, server),
    accessIPv4: '',
    accessIPv6: '',
    links: linksOf(call, 'servers', server.id),
    'OS-DCF:diskConfig': 'MANUAL',
    ...(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING'].includes(status)
      ? { progress: 0 }
      : {}),
    'OS-EXT-AZ:availability_zone': server.availability_zone ?? '',
    config_drive: server.config_drive ? 'True' : '',
    key_name: server.key_name,
    'OS-SRV-USG:launched_at': server.launched === null ? null : micros(server.launched),
    'OS-SRV-USG:terminated_at': null,
    ...(built ? { security_groups: server.security_groups.map((name) => ({ name })) } : {}),
    ...(admin
      ? {
          'OS-EXT-SRV-ATTR:host': server.host,
          'OS-EXT-SRV-ATTR:instance_name': `instance-${server.serial.toString(16).padStart(8, '0')}`,
          'OS-EXT-SRV-ATTR:hypervisor_hostname': server.host,
          'OS-EXT-SRV-ATTR:reservation_id': `r-${server.id.slice(0, 8)}`,
          'OS-EXT-SRV-ATTR:launch_index': 0,
          'OS-EXT-SRV-ATTR:kernel_id': '',
          'OS-EXT-SRV-ATTR:ramdisk_id': '',
          'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
          'OS-EXT-SRV-ATTR:user_data': server.user_data,
          host_status: hostStatus(call, server),
        }
      : {}),
    ...(admin || call.atLeast('2.90') ? { 'OS-EXT-SRV-ATTR:hostname': server.hostname } : {}),
    'OS-EXT-STS:task_state': server.task_state,
    'OS-EXT-STS:vm_state': server.vm_state,
    'OS-EXT-STS:power_state': server.power_state,
    'os-extended-volumes:volumes_attached': server.volumes.map((attachment) => ({
      id: attachment.volume_id,
      ...(call.atLeast('2.3') ? { delete_on_termination: attachment.delete_on_termination } : {}),
    })),
    locked: server.locked,
    locked_reason: server.locked_reason,
    description: server.description,
    tags: server.tags,
    trusted_image_certificates: null,
    ...(inList ? {} : { server_groups: server.group === null ? [] : [server.group] }),
    pinned_availability_zone: server.pinned_zone,
    scheduler_hints: server.scheduler_hints,
    ...(server.fault !== null && (status === 'ERROR' || status === 'DELETED')
      ? {
          fault: {
            code: server.fault.code,
            created: seconds(server.fault.created),
            message: server.fault.message,
            ...(admin ? { details: server.fault.details } : {}),
          },
        }
      : {}),
  };
}
