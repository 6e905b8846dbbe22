import { type Json, seconds } from '../../../wire.ts';
import type { Server } from '../server.ts';
import { reservationOf } from './instance-payload.ts';

/** Nova's older format writes what is not set as an empty text (`nova/notifications/base.py`, `info_from_instance`). */
const orEmpty = (value: string | null): string => value ?? '';

/** The payload of an unversioned notification about a server. It tells no power state. */
export function unversionedPayload(server: Server): Json {
  const { flavor } = server;
  const deleted = server.vm_state === 'deleted' ? seconds(server.updated) : '';
  return {
    tenant_id: server.project_id,
    user_id: server.user_id,
    instance_id: server.id,
    display_name: server.name,
    reservation_id: reservationOf(server),
    hostname: server.hostname,
    instance_type: flavor.name,
    instance_type_id: flavor.row,
    instance_flavor_id: flavor.id,
    architecture: null,
    memory_mb: flavor.ram,
    disk_gb: flavor.disk + flavor.ephemeral,
    vcpus: flavor.vcpus,
    root_gb: flavor.disk,
    ephemeral_gb: flavor.ephemeral,
    host: server.host,
    node: server.host,
    availability_zone: server.availability_zone,
    cell_name: '',
    created_at: new Date(server.created).toISOString().slice(0, 19).replace('T', ' ') + '+00:00',
    terminated_at: deleted,
    deleted_at: deleted,
    launched_at: server.launched === null ? '' : seconds(server.launched),
    image_ref_url: server.image,
    os_type: null,
    kernel_id: '',
    ramdisk_id: '',
    state: server.vm_state,
    state_description: orEmpty(server.task_state),
    progress: '',
    access_ip_v4: null,
    access_ip_v6: null,
    metadata: { ...server.metadata },
  };
}
