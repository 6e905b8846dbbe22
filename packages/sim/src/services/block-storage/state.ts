import { ServiceFault } from '../../fault.ts';
import { Store } from '../../store.ts';
import type { Json } from '../../wire.ts';
import { SimulatedBackupStore } from './backup-store.ts';
import { Contents } from './contents.ts';
import { JobFailures } from './job-failures.ts';
import { LogProcesses } from './log-processes.ts';

export interface VolumeAttachment {
  readonly attachment_id: string;
  /** Empty if no server has it: a host that attached the volume by itself. */
  readonly server_id: string;
  readonly device: string | null;
  attached_at: number;
  host: string | null;
  /** `reserved` before there is a connector, `attaching` until the host says that it has connected. */
  status: 'reserved' | 'attaching' | 'attached';
  /** `null` as text if nobody has said one. */
  mode: string;
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
  group_id: string | null;
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
  /** Of a snapshot that was taken with those of a group. */
  readonly group_snapshot_id: string | null;
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
  /** When the data was as the backup has it: earlier than its own making if that was from a snapshot. */
  readonly data_timestamp: number;
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
  /** `undefined`: its driver has no replicas. */
  replication: Replication | undefined;
}

/** The replication of a backend, as its `replication_device` says. */
export interface Replication {
  /** The ids of its replicas; the first is what its driver chooses. */
  readonly targets: readonly string[];
  /** `enabled`, `failing-over`, `failed-over`. */
  status: string;
  /** The replica in use; empty after it was led back, null before. */
  active: string | null;
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

export interface GroupType {
  readonly id: string;
  name: string;
  description: string | null;
  is_public: boolean;
  readonly group_specs: Record<string, string>;
}

export interface Group {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly created: number;
  readonly availability_zone: string | null;
  readonly group_type: string;
  readonly volume_types: readonly string[];
  readonly group_snapshot_id: string | null;
  readonly source_group_id: string | null;
  name: string | null;
  description: string | null;
  status: string;
}

export interface GroupSnapshot {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly created: number;
  readonly group_id: string;
  readonly group_type_id: string;
  readonly name: string | null;
  readonly description: string | null;
  status: string;
}

/** The state of Cinder. */
export class VolumeState {
  /** The bytes of volumes and snapshots, which are freed with them. */
  readonly contents = new Contents();
  readonly backupStore: SimulatedBackupStore;
  readonly failures = new JobFailures();
  readonly volumes = new Store<Volume>({ project: (volume) => volume.project_id }, ({ id }) =>
    this.contents.delete(id),
  );
  readonly snapshots = new Store<Snapshot>(
    {
      project: (snapshot) => snapshot.project_id,
      volume: (snapshot) => snapshot.volume_id,
    },
    ({ id }) => this.contents.delete(id),
  );
  readonly backups = new Store<Backup>(
    {
      project: (backup) => backup.project_id,
      volume: (backup) => backup.volume_id,
    },
    ({ id }) => this.backupStore.delete(id),
  );
  readonly groupTypes = new Store<GroupType>();
  readonly groups = new Store<Group>({ project: (group) => group.project_id });
  readonly groupSnapshots = new Store<GroupSnapshot>({ group: (snapshot) => snapshot.group_id });
  readonly types = new Store<VolumeType>();
  readonly services = new Store<VolumeService>();
  /** The processes whose log levels can be told and set. */
  readonly logProcesses: LogProcesses;
  readonly pools = new Map<string, Pool>();
  readonly transfers = new Store<Transfer>();
  readonly qosSpecs = new Store<Json & { readonly id: string }>();
  readonly quotas = new Map<string, Record<string, number>>();

  constructor(apiWorkers: number, backupStore = new SimulatedBackupStore()) {
    this.backupStore = backupStore;
    this.logProcesses = new LogProcesses(apiWorkers);
  }

  /** Tells whether this is the id of anything behind which a page may begin. */
  has(id: string): boolean {
    const { volumes, snapshots, backups, groups, groupSnapshots } = this;
    return [volumes, snapshots, backups, groups, groupSnapshots].some((store) => store.get(id) !== undefined);
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
      groups: [...this.groups.by('project', project)].length,
    };
  }

  /** Refuses a request that would exceed the project's quota, with Cinder's 413. */
  charge(project: string, kind: 'volumes' | 'snapshots' | 'backups', gigabytes: number, count = 1): void {
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
    if (over(kind, count)) {
      const name = { volumes: 'Volume', snapshots: 'Snapshot', backups: 'Backup' }[kind];
      throw refuse(
        `${name}LimitExceeded: Maximum number of ${kind} allowed (${limit[kind]}) exceeded for quota '${kind}'.`,
      );
    }
  }

  groupType(nameOrId: string): GroupType | undefined {
    return this.groupTypes.get(nameOrId) ?? this.groupTypes.find(({ name }) => name === nameOrId);
  }

  /** The volumes of a group, in the order in which they were made. */
  volumesOf(group: string): Volume[] {
    return this.volumes.filter(({ group_id }) => group_id === group);
  }

  type(nameOrId: string): VolumeType | undefined {
    return this.types.get(nameOrId) ?? this.types.find((volumeType) => volumeType.name === nameOrId);
  }
}

const sum = (of: readonly { readonly size: number }[]): number =>
  of.reduce((total, item) => total + item.size, 0);

const refuse = (message: string): ServiceFault =>
  new ServiceFault(413, message, { headers: { 'Retry-After': '0' } });
