import type { Call } from '../../call.ts';
import { type Json, micros, str } from '../../wire.ts';
import type { Backup, Snapshot, Volume, VolumeService, VolumeType } from './state.ts';

/** `service_down_time` */
const SERVICE_DOWN = 60_000;
/** `report_interval` */
const REPORT = 10_000;

const when = (moment: number | null): string | null => (moment === null ? null : micros(moment));

function linksOf(call: Call, kind: string, id: string): Json[] {
  const project = call.projectId;
  return [
    { rel: 'self', href: `${call.root}/v3/${project}/${kind}/${id}` },
    { rel: 'bookmark', href: `${call.root}/${project}/${kind}/${id}` },
  ];
}

/** The view of a volume: the fields for everybody, then those for the owner and for administrators. */
export function volumeView(call: Call, volume: Volume, full = true): Json {
  if (!full) return { id: volume.id, name: volume.name, links: linksOf(call, 'volumes', volume.id) };
  const backend = call.state.blockStorage.services.find(
    (service) => service.host === volume.host?.split('#')[0],
  );
  const type = call.state.blockStorage.types.get(volume.type);
  return {
    id: volume.id,
    status: volume.status,
    size: volume.size,
    availability_zone: volume.availability_zone,
    created_at: micros(volume.created),
    updated_at: when(volume.updated),
    name: volume.name,
    description: volume.description,
    volume_type: type?.name ?? null,
    snapshot_id: volume.snapshot_id,
    source_volid: volume.source_volid,
    metadata: volume.metadata,
    links: linksOf(call, 'volumes', volume.id),
    user_id: volume.user_id,
    bootable: str(volume.bootable),
    encrypted: volume.encrypted,
    replication_status: volume.replication_status,
    consistencygroup_id: null,
    multiattach: volume.multiattach,
    // Not those that are reserved or being made (`cinder/api/v2/views/volumes.py`, `_get_attachments`).
    attachments: volume.attachments
      .filter(({ status }) => status === 'attached')
      .map((attachment) => ({
        id: volume.id,
        attachment_id: attachment.attachment_id,
        volume_id: volume.id,
        server_id: attachment.server_id === '' ? null : attachment.server_id,
        host_name: call.admin ? attachment.host : null,
        device: attachment.device,
        attached_at: micros(attachment.attached_at),
      })),
    group_id: volume.group_id,
    shared_targets: false,
    service_uuid: backend?.id ?? null,
    volume_type_id: volume.type,
    consumes_quota: true,
    ...(Object.keys(volume.imageMetadata).length === 0
      ? {}
      : { volume_image_metadata: volume.imageMetadata }),
    'os-vol-tenant-attr:tenant_id': volume.project_id,
    ...(call.admin
      ? {
          migration_status: volume.migration_status,
          provider_id: null,
          cluster_name: null,
          'os-vol-mig-status-attr:migstat': volume.migration_status,
          'os-vol-mig-status-attr:name_id': null,
          'os-vol-host-attr:host': volume.host,
        }
      : {}),
  };
}

export function snapshotView(snapshot: Snapshot, full = true): Json {
  return {
    id: snapshot.id,
    created_at: micros(snapshot.created),
    updated_at: when(snapshot.updated),
    name: snapshot.name,
    description: snapshot.description,
    volume_id: snapshot.volume_id,
    status: snapshot.status,
    size: snapshot.size,
    metadata: snapshot.metadata,
    ...(full
      ? {
          group_snapshot_id: snapshot.group_snapshot_id,
          user_id: snapshot.user_id,
          consumes_quota: true,
          'os-extended-snapshot-attributes:project_id': snapshot.project_id,
          'os-extended-snapshot-attributes:progress': snapshot.status === 'available' ? '100%' : '0%',
        }
      : {}),
  };
}

export function backupView(call: Call, backup: Backup, full = true): Json {
  const links = linksOf(call, 'backups', backup.id);
  if (!full) return { id: backup.id, name: backup.name, links };
  const dependent = call.state.blockStorage.backups.values().some((other) => other.parent === backup.id);
  return {
    id: backup.id,
    status: backup.status,
    size: backup.size,
    object_count: objectsOf(call, backup),
    availability_zone: backup.availability_zone,
    container: backup.container,
    created_at: micros(backup.created),
    updated_at: when(backup.updated),
    name: backup.name,
    description: backup.description,
    fail_reason: backup.fail_reason,
    volume_id: backup.volume_id,
    links,
    is_incremental: backup.incremental,
    has_dependent_backups: dependent,
    snapshot_id: backup.snapshot_id,
    data_timestamp: micros(backup.data_timestamp),
    metadata: backup.metadata,
    encryption_key_id: null,
    ...(call.admin
      ? { 'os-backup-project-attr:project_id': backup.project_id, user_id: backup.user_id }
      : {}),
  };
}

/** While it is being made there are none that Cinder would know of. */
const objectsOf = (call: Call, { id, status }: Backup): number =>
  status === 'creating' || status === 'error' ? 0 : call.state.blockStorage.backupStore.objects(id);

export function volumeTypeView(call: Call, volumeType: VolumeType): Json {
  // Members see only the extra specs that Cinder calls user-visible.
  const visible = Object.entries(volumeType.extra_specs).filter(
    ([name]) => call.admin || /^(multiattach|RESKEY:availability_zones|replication_enabled)$/.test(name),
  );
  return {
    id: volumeType.id,
    name: volumeType.name,
    is_public: volumeType.is_public,
    description: volumeType.description,
    extra_specs: Object.fromEntries(visible),
    'os-volume-type-access:is_public': volumeType.is_public,
    ...(call.admin ? { qos_specs_id: volumeType.qos_specs_id } : {}),
  };
}

export function serviceView(call: Call, service: VolumeService): Json {
  const beat = lastReport(call.now, service);
  const state = isUp(call.now, service) ? 'up' : 'down';
  return {
    binary: service.binary,
    host: service.host,
    zone: service.zone,
    status: service.disabled ? 'disabled' : 'enabled',
    state,
    updated_at: micros(beat),
    cluster: null,
    disabled_reason: service.disabled_reason,
    ...(service.binary === 'cinder-volume'
      ? {
          backend_state: state,
          replication_status: service.replication?.status ?? 'disabled',
          active_backend_id: service.replication?.active ?? null,
          frozen: service.frozen,
        }
      : {}),
  };
}

/** The time of the last report of a service. Running ones report every ten seconds. */
export function lastReport(now: number, service: VolumeService): number {
  const until = service.deadSince ?? now;
  return until - ((until - service.since) % REPORT);
}

/** Tells whether Cinder counts the service as up. */
export const isUp = (now: number, service: VolumeService): boolean =>
  now - lastReport(now, service) < SERVICE_DOWN;
