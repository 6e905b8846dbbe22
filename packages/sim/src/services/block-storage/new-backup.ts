import { accepted } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { badRequest, notFound, ServiceFault } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, metadata, text } from '../../wire.ts';
import type { Backup, Snapshot, Volume } from './state.ts';
import { backupView as view, lastReport } from './views.ts';
import { findVolume } from './volumes.ts';

/** Accepts a backup in the order of `API.create` of `cinder/backup/api.py`, and makes it of what the volume holds now. */
export function createBackup(call: Call) {
  const given = call.envelope('backup');
  const { blockStorage } = call.state;
  const volume = findVolume(call, text(given['volume_id']) ?? '');
  const snapshot = snapshotOf(call, given, volume);
  const incremental = flag(given['incremental']) === true;
  const parent = incremental ? parentOf(call, volume, snapshot) : undefined;
  requireBackupService(call);
  blockStorage.charge(call.projectId, 'backups', volume.size);
  const backup = addBackup(call.state, volume, {
    project_id: call.projectId,
    user_id: call.userId,
    name: text(given['name']) ?? null,
    description: text(given['description']) ?? null,
    metadata: metadata(given['metadata']),
    incremental,
    parent: parent?.id ?? null,
    snapshot_id: snapshot?.id ?? null,
    ...(snapshot === undefined ? {} : { data_timestamp: snapshot.created }),
    ...(text(given['container']) === undefined ? {} : { container: text(given['container']) as string }),
  });
  make(call.state, backup, { volume, snapshot, parent });
  return accepted({ backup: view(call, backup, false) });
}

/** The snapshot to be backed up; a volume that can be backed up by itself needs none. */
function snapshotOf(call: Call, given: Json, volume: Volume): Snapshot | undefined {
  const id = text(given['snapshot_id']);
  if (id === undefined) {
    if (!['available', 'in-use'].includes(volume.status)) {
      throw badRequest(
        `Invalid volume: Volume to be backed up must be available or in-use, but the current status is "${volume.status}".`,
      );
    }
    if (volume.status === 'in-use' && flag(given['force']) !== true)
      throw badRequest('Invalid volume: Backing up an in-use volume must use the force flag.');
    return undefined;
  }
  const snapshot = call.state.blockStorage.snapshots.get(id);
  if (snapshot === undefined || !call.owns(snapshot.project_id))
    throw notFound(`Snapshot ${id} could not be found.`);
  if (snapshot.volume_id !== volume.id) {
    throw badRequest(
      `Invalid volume: Volume ${volume.id} does not match with snapshot.volume_id ${snapshot.volume_id}.`,
    );
  }
  if (snapshot.status !== 'available') {
    throw badRequest(
      `Invalid snapshot: Snapshot to be backed up must be available, but the current status is "${snapshot.status}".`,
    );
  }
  return snapshot;
}

/** The backup with the youngest data; for a snapshot, of those whose data is older than the snapshot. */
function parentOf(call: Call, volume: Volume, snapshot: Snapshot | undefined): Backup {
  const own = [...call.state.blockStorage.backups.by('volume', volume.id)].filter(
    ({ project_id }) => project_id === call.projectId,
  );
  const ageOf = ({ data_timestamp }: Backup): number =>
    snapshot === undefined || data_timestamp < snapshot.created ? data_timestamp : 0;
  const [first, ...others] = own;
  if (first === undefined)
    throw badRequest('Invalid backup: No backups available to do an incremental backup.');
  const parent = others.reduce((best, backup) => (ageOf(backup) >= ageOf(best) ? backup : best), first);
  if (parent.status !== 'available')
    throw badRequest('Invalid backup: The parent backup must be available for incremental backup.');
  return parent;
}

interface Made {
  readonly volume: Volume;
  readonly snapshot: Snapshot | undefined;
  readonly parent: Backup | undefined;
}

function make(state: SimState, backup: Backup, { volume, snapshot, parent }: Made): void {
  const { blockStorage, clock, settings } = state;
  const { backupStore, contents, failures } = blockStorage;
  const bytes = contents.freeze(snapshot?.id ?? volume.id);
  const before = volume.status;
  if (snapshot === undefined) volume.status = 'backing-up';
  else snapshot.status = 'backing-up';
  const keep = (): string | undefined => {
    if (parent === undefined) backupStore.addFull(backup.id, bytes, backup.size);
    else if (backup.size > parent.size)
      return 'Invalid backup: Volume size increased since the last backup. Do a full backup.';
    else if (!backupStore.addChanges(backup.id, bytes, backup.size, parent.id))
      return `Objects of the parent backup ${parent.id} are missing.`;
    return undefined;
  };
  clock.after(settings.timing.backup, () => {
    if (volume.status === 'backing-up') volume.status = before;
    if (snapshot?.status === 'backing-up') snapshot.status = 'available';
    if (backup.status === 'creating') {
      const reason = failures.take('backup') ?? keep();
      Object.assign(backup, {
        status: reason === undefined ? 'available' : 'error',
        fail_reason: reason ?? null,
        updated: clock.now(),
      });
    }
    bytes.dispose();
  });
}

/** Adds a backup. One that is ready has what its volume holds. */
export function addBackup(state: SimState, volume: Volume, fields: Partial<Backup> = {}): Backup {
  const { backups, backupStore, contents } = state.blockStorage;
  const backup = backups.add({
    ...blankBackup(state),
    project_id: volume.project_id,
    user_id: volume.user_id,
    volume_id: volume.id,
    size: volume.size,
    ...(fields.created === undefined ? {} : { data_timestamp: fields.created }),
    ...fields,
  });
  if (backup.status === 'available') {
    const bytes = contents.freeze(volume.id);
    backupStore.addFull(backup.id, bytes, backup.size);
    bytes.dispose();
  }
  return backup;
}

export const blankBackup = (state: SimState) => ({
  id: state.ids.uuid(),
  snapshot_id: null,
  created: state.clock.now(),
  data_timestamp: state.clock.now(),
  incremental: false,
  parent: null,
  updated: null,
  name: null,
  description: null,
  status: 'creating',
  fail_reason: null,
  availability_zone: 'nova',
  container: 'backups',
  metadata: {},
});

/** Refuses what needs the backup service if none is up. */
export function requireBackupService(call: Call): void {
  const up = call.state.blockStorage.services.filter(
    (service) =>
      service.binary === 'cinder-backup' &&
      !service.disabled &&
      call.now - lastReport(call.now, service) < 60_000,
  );
  if (up.length === 0)
    throw new ServiceFault(500, 'Service cinder-backup could not be found.', { type: 'computeFault' });
}
