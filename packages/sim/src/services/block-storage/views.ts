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

/** What everybody sees of a volume, then what the owner and administrators see besides. */
export function volume(call: Call, one: Volume, full = true): Json {
  if (!full) return { id: one.id, name: one.name, links: linksOf(call, 'volumes', one.id) };
  const backend = call.state.blockStorage.services.find((each) => each.host === one.host?.split('#')[0]);
  const type = call.state.blockStorage.types.get(one.type);
  return {
    id: one.id,
    status: one.status,
    size: one.size,
    availability_zone: one.availability_zone,
    created_at: micros(one.created),
    updated_at: when(one.updated),
    name: one.name,
    description: one.description,
    volume_type: type?.name ?? null,
    snapshot_id: one.snapshot_id,
    source_volid: one.source_volid,
    metadata: one.metadata,
    links: linksOf(call, 'volumes', one.id),
    user_id: one.user_id,
    bootable: str(one.bootable),
    encrypted: one.encrypted,
    replication_status: one.replication_status,
    consistencygroup_id: null,
    multiattach: one.multiattach,
    attachments: one.attachments.map((attachment) => ({
      id: one.id,
      attachment_id: attachment.attachment_id,
      volume_id: one.id,
      server_id: attachment.server_id,
      host_name: call.admin ? attachment.host : null,
      device: attachment.device,
      attached_at: micros(attachment.attached_at),
    })),
    group_id: null,
    shared_targets: false,
    service_uuid: backend?.id ?? null,
    volume_type_id: one.type,
    consumes_quota: true,
    ...(Object.keys(one.imageMetadata).length === 0 ? {} : { volume_image_metadata: one.imageMetadata }),
    'os-vol-tenant-attr:tenant_id': one.project_id,
    ...(call.admin
      ? {
          migration_status: one.migration_status,
          provider_id: null,
          cluster_name: null,
          'os-vol-mig-status-attr:migstat': one.migration_status,
          'os-vol-mig-status-attr:name_id': null,
          'os-vol-host-attr:host': one.host,
        }
      : {}),
  };
}

export function snapshot(one: Snapshot, full = true): Json {
  return {
    id: one.id,
    created_at: micros(one.created),
    updated_at: when(one.updated),
    name: one.name,
    description: one.description,
    volume_id: one.volume_id,
    status: one.status,
    size: one.size,
    metadata: one.metadata,
    ...(full
      ? {
          group_snapshot_id: null,
          user_id: one.user_id,
          consumes_quota: true,
          'os-extended-snapshot-attributes:project_id': one.project_id,
          'os-extended-snapshot-attributes:progress': one.status === 'available' ? '100%' : '0%',
        }
      : {}),
  };
}

export function backup(call: Call, one: Backup, full = true): Json {
  const links = linksOf(call, 'backups', one.id);
  if (!full) return { id: one.id, name: one.name, links };
  const dependent = call.state.blockStorage.backups.values().some((each) => each.parent === one.id);
  return {
    id: one.id,
    status: one.status,
    size: one.size,
    object_count: one.status === 'available' ? 22 : 0,
    availability_zone: one.availability_zone,
    container: one.container,
    created_at: micros(one.created),
    updated_at: when(one.updated),
    name: one.name,
    description: one.description,
    fail_reason: one.fail_reason,
    volume_id: one.volume_id,
    links,
    is_incremental: one.incremental,
    has_dependent_backups: dependent,
    snapshot_id: one.snapshot_id,
    data_timestamp: micros(one.created),
    metadata: one.metadata,
    encryption_key_id: null,
    ...(call.admin ? { 'os-backup-project-attr:project_id': one.project_id, user_id: one.user_id } : {}),
  };
}

export function volumeType(call: Call, one: VolumeType): Json {
  // Members see of the extra specs only what Cinder calls user-visible.
  const visible = Object.entries(one.extra_specs).filter(
    ([name]) => call.admin || /^(multiattach|RESKEY:availability_zones|replication_enabled)$/.test(name),
  );
  return {
    id: one.id,
    name: one.name,
    is_public: one.is_public,
    description: one.description,
    extra_specs: Object.fromEntries(visible),
    'os-volume-type-access:is_public': one.is_public,
    ...(call.admin ? { qos_specs_id: one.qos_specs_id } : {}),
  };
}

export function service(call: Call, one: VolumeService): Json {
  const beat = lastReport(call.now, one);
  const state = call.now - beat < SERVICE_DOWN ? 'up' : 'down';
  return {
    binary: one.binary,
    host: one.host,
    zone: one.zone,
    status: one.disabled ? 'disabled' : 'enabled',
    state,
    updated_at: micros(beat),
    cluster: null,
    disabled_reason: one.disabled_reason,
    ...(one.binary === 'cinder-volume'
      ? { backend_state: state, replication_status: 'disabled', active_backend_id: null, frozen: one.frozen }
      : {}),
  };
}

/** Cinder's services report every ten seconds; a dead one's last report stays. */
export function lastReport(now: number, one: VolumeService): number {
  const until = one.deadSince ?? now;
  return until - ((until - one.since) % REPORT);
}
