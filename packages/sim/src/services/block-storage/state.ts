import { ServiceFault } from '../../fault.ts';
import { Store } from '../../store.ts';
import type { Json } from '../../wire.ts';
import { LogProcesses } from './log-processes.ts';

export interface VolumeAttachment {
  readonly attachment_id: string;
  readonly server_id: string;
  readonly device: string | null;
  readonly attached_at: number;
  readonly host: string | null;
}

export interface Volume {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly created: number;
  updated: number | null;
  name: string | null;
  description: string | null;
  status: string;
  size: number;
  availability_zone: string;
  type: string;
  /** `controller-1@ceph#ceph` */
  host: string | null;
  metadata: Record<string, string>;
  imageMetadata: Record<string, string>;
  snapshot_id: string | null;
  source_volid: string | null;
  bootable: boolean;
  encrypted: boolean;
  multiattach: boolean;
  readonly: boolean;
  attachments: VolumeAttachment[];
  migration_status: string | null;
  replication_status: string | null;
  /** The status before an action that may fail. */
  previous_status: string | null;
}

export interface Snapshot {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly volume_id: string;
  readonly created: number;
  readonly size: number;
  updated: number | null;
  name: string | null;
  description: string | null;
  status: string;
  metadata: Record<string, string>;
}

export interface Backup {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly volume_id: string;
  readonly snapshot_id: string | null;
  readonly created: number;
  readonly size: number;
  readonly incremental: boolean;
  readonly parent: string | null;
  updated: number | null;
  name: string | null;
  description: string | null;
  status: string;
  fail_reason: string | null;
  availability_zone: string | null;
  container: string;
  metadata: Record<string, string>;
}

export interface VolumeType {
  readonly id: string;
  name: string;
  description: string | null;
  is_public: boolean;
  extra_specs: Record<string, string>;
  qos_specs_id: string | null;
  readonly access: Set<string>;
}

export interface VolumeService {
  readonly id: string;
  readonly binary: string;
  readonly host: string;
  readonly zone: string;
  disabled: boolean;
  disabled_reason: string | null;
  frozen: boolean;
  /** The time at which it stopped reporting; `undefined` while it reports. */
  deadSince: number | undefined;
  readonly since: number;
}

export interface Pool {
  /** `controller-1@ceph#ceph` */
  readonly name: string;
  readonly backend: string;
  readonly total: number;
  readonly protocol: string;
}

export interface Transfer {
  readonly id: string;
  readonly volume_id: string;
  readonly name: string | null;
  readonly auth_key: string;
  readonly created: number;
}

const VOLUME_QUOTAS: Readonly<Record<string, number>> = {
  volumes: 10,
  snapshots: 10,
  gigabytes: 1000,
  backups: 10,
  backup_gigabytes: 1000,
  per_volume_gigabytes: -1,
  groups: 10,
};

/** The state of Cinder. */
export class VolumeState {
  readonly volumes = new Store<Volume>({ project: (volume) => volume.project_id });
  readonly snapshots = new Store<Snapshot>({
    project: (snapshot) => snapshot.project_id,
    volume: (snapshot) => snapshot.volume_id,
  });
  readonly backups = new Store<Backup>({
    project: (backup) => backup.project_id,
    volume: (backup) => backup.volume_id,
  });
  readonly types = new Store<VolumeType>();
  readonly services = new Store<VolumeService>();
  /** The processes whose log levels can be told and set. */
  readonly logProcesses: LogProcesses;
  readonly pools = new Map<string, Pool>();
  readonly transfers = new Store<Transfer>();
  readonly qosSpecs = new Store<Json & { readonly id: string }>();
  readonly quotas = new Map<string, Record<string, number>>();

  constructor(apiWorkers: number) {
    this.logProcesses = new LogProcesses(apiWorkers);
  }

  /** Tells whether this is the id of anything behind which a page may begin. */
  has(id: string): boolean {
    return [this.volumes, this.snapshots, this.backups].some((store) => store.get(id) !== undefined);
  }

  quota(project: string): Record<string, number> {
    return { ...VOLUME_QUOTAS, ...this.quotas.get(project) };
  }

  used(project: string): Record<string, number> {
    const volumes = [...this.volumes.by('project', project)];
    const snapshots = [...this.snapshots.by('project', project)];
    const backups = [...this.backups.by('project', project)];
    return {
      volumes: volumes.length,
      snapshots: snapshots.length,
      gigabytes: sum(volumes) + sum(snapshots),
      backups: backups.length,
      backup_gigabytes: sum(backups),
      per_volume_gigabytes: 0,
      groups: 0,
    };
  }

  /** Refuses a request that would exceed the project's quota, with Cinder's 413. */
  charge(project: string, kind: 'volumes' | 'snapshots' | 'backups', gigabytes: number): void {
    const limit = this.quota(project);
    const used = this.used(project);
    const space = kind === 'backups' ? 'backup_gigabytes' : 'gigabytes';
    const over = (name: string, amount: number): boolean =>
      (limit[name] ?? -1) >= 0 && (used[name] ?? 0) + amount > (limit[name] ?? 0);
    if (over(space, gigabytes)) {
      throw refuse(
        kind === 'backups'
          ? `BackupSizeExceedsAvailableQuota: Requested backup exceeds allowed Backup gigabytes quota. Requested ${gigabytes}G, quota is ${limit[space]}G and ${used[space]}G has been consumed.`
          : `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested ${gigabytes}G, quota is ${limit[space]}G and ${used[space]}G has been consumed.`,
      );
    }
    if (over(kind, 1)) {
      const name = { volumes: 'Volume', snapshots: 'Snapshot', backups: 'Backup' }[kind];
      throw refuse(
        `${name}LimitExceeded: Maximum number of ${kind} allowed (${limit[kind]}) exceeded for quota '${kind}'.`,
      );
    }
  }

  type(nameOrId: string): VolumeType | undefined {
    return this.types.get(nameOrId) ?? this.types.find((volumeType) => volumeType.name === nameOrId);
  }
}

const sum = (of: readonly { readonly size: number }[]): number =>
  of.reduce((total, item) => total + item.size, 0);

const refuse = (message: string): ServiceFault =>
  new ServiceFault(413, message, { headers: { 'Retry-After': '0' } });
