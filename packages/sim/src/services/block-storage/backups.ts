import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound, ServiceFault } from '../../fault.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, metadata, record, str, text } from '../../wire.ts';
import type { Backup, Volume } from './state.ts';
import { backupView as view, lastReport } from './views.ts';
import { addVolume, choosePool, findVolume, isMine, sortOf } from './volumes.ts';

export const backupRoutes: Routes = {
  'GET backups': (call) => list(call, false),
  'GET backups/detail': (call) => list(call, true),
  'POST backups': (call) => {
    const given = call.envelope('backup');
    const { blockStorage, clock, settings } = call.state;
    const volume = findVolume(call, text(given['volume_id']) ?? '');
    const snapshot = text(given['snapshot_id']) ?? null;
    if (volume.status === 'in-use' && snapshot === null && flag(given['force']) !== true) {
      throw badRequest('Invalid volume: Backing up an in-use volume must use the force flag.');
    }
    if (!['available', 'in-use'].includes(volume.status)) {
      throw badRequest(
        `Invalid volume: Volume to be backed up must be available or in-use, but the current status is "${volume.status}".`,
      );
    }
    const incremental = flag(given['incremental']) === true;
    const parents = [...blockStorage.backups.by('volume', volume.id)].filter(
      (backup) => backup.status === 'available',
    );
    const parent = incremental ? parents.at(-1) : undefined;
    if (incremental && parent === undefined) {
      throw badRequest('Invalid backup: No backups available to do an incremental backup.');
    }
    serviceUp(call);
    blockStorage.charge(call.projectId, 'backups', volume.size);
    const backup = addBackup(call.state, volume, {
      name: text(given['name']) ?? null,
      description: text(given['description']) ?? null,
      metadata: metadata(given['metadata']),
      incremental,
      parent: parent?.id ?? null,
      snapshot_id: snapshot,
      ...(text(given['container']) === undefined ? {} : { container: text(given['container']) as string }),
    });
    const before = volume.status;
    if (snapshot === null) volume.status = 'backing-up';
    clock.after(settings.timing.backup, () => {
      if (volume.status === 'backing-up') volume.status = before;
      if (backup.status === 'creating') Object.assign(backup, { status: 'available', updated: clock.now() });
    });
    return accepted({ backup: view(call, backup, false) });
  },
  'GET backups/{id}': (call) => ok({ backup: view(call, find(call)) }),
  'PUT backups/{id}': (call) => {
    const backup = find(call);
    const given = call.envelope('backup');
    backup.name = text(given['name']) ?? backup.name;
    backup.description = text(given['description']) ?? backup.description;
    if (given['metadata'] !== undefined) backup.metadata = metadata(given['metadata']);
    return ok({ backup: view(call, backup, false) });
  },
  'DELETE backups/{id}': (call) => {
    const backup = find(call);
    if (backup.status !== 'available' && backup.status !== 'error')
      throw badRequest('Invalid backup: Backup status must be available or error');
    if (call.state.blockStorage.backups.values().some((other) => other.parent === backup.id)) {
      throw badRequest('Invalid backup: Incremental backups exist for this backup.');
    }
    deleteBackup(call, backup);
    return accepted();
  },
  'POST backups/{id}/restore': (call) => {
    const backup = find(call);
    const given = call.envelope('restore');
    const { blockStorage, clock, settings } = call.state;
    if (backup.status !== 'available') throw badRequest('Invalid backup: Backup status must be available');
    const into = text(given['volume_id']);
    const target =
      into === undefined
        ? addVolume(call.state, {
            project_id: call.projectId,
            user_id: call.userId,
            name: text(given['name']) ?? `restore_backup_${backup.id}`,
            size: backup.size,
          })
        : findVolume(call, into);
    if (into === undefined) blockStorage.charge(call.projectId, 'volumes', backup.size);
    else if (target.status !== 'available')
      throw badRequest('Invalid volume: Volume to be restored to must be available');
    if (target.size < backup.size) {
      throw badRequest(
        `Invalid volume: volume size ${target.size} is too small to restore backup of size ${backup.size}.`,
      );
    }
    serviceUp(call);
    target.host ??= choosePool(call.state, target) ?? null;
    target.status = 'restoring-backup';
    backup.status = 'restoring';
    clock.after(settings.timing.backup, () => {
      Object.assign(target, { status: 'available', updated: clock.now() });
      if (backup.status === 'restoring') Object.assign(backup, { status: 'available', updated: clock.now() });
    });
    return accepted({ restore: { backup_id: backup.id, volume_id: target.id, volume_name: target.name } });
  },
  'POST backups/{id}/action#os-reset_status': admin(
    'volume_extension:backup_admin_actions:reset_status',
    (call) => {
      find(call).status = text(record(record(call.body)['os-reset_status'])['status']) ?? 'error';
      return accepted();
    },
  ),
  'POST backups/{id}/action#os-force_delete': admin(
    'volume_extension:backup_admin_actions:force_delete',
    (call) => {
      deleteBackup(call, find(call));
      return accepted();
    },
  ),
  'GET backups/{id}/export_record': admin('backup:export-import', (call) => {
    const backup = find(call);
    const url = Buffer.from(
      JSON.stringify({
        id: backup.id,
        volume_id: backup.volume_id,
        size: backup.size,
        display_name: backup.name,
      }),
    ).toString('base64');
    return ok({
      'backup-record': { backup_service: 'cinder.backup.drivers.ceph.CephBackupDriver', backup_url: url },
    });
  }),
  'POST backups/import_record': admin('backup:export-import', (call) => {
    const given = call.envelope('backup-record');
    const known = record(JSON.parse(Buffer.from(text(given['backup_url']) ?? '', 'base64').toString()));
    const backup = call.state.blockStorage.backups.add({
      ...blankBackup(call.state),
      id: str(known['id']),
      project_id: call.projectId,
      user_id: call.userId,
      volume_id: str(known['volume_id']),
      size: Number(known['size']),
      name: text(known['display_name']) ?? null,
      status: 'available',
    });
    return { status: 201, body: { backup: view(call, backup, false) } };
  }),
};

export function addBackup(state: SimState, volume: Volume, fields: Partial<Backup> = {}): Backup {
  return state.blockStorage.backups.add({
    ...blankBackup(state),
    project_id: volume.project_id,
    user_id: volume.user_id,
    volume_id: volume.id,
    size: volume.size,
    ...fields,
  });
}

const blankBackup = (state: SimState) => ({
  id: state.ids.uuid(),
  snapshot_id: null,
  created: state.clock.now(),
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

function list(call: Call, full: boolean) {
  const limit = limitOf(call);
  const { backups } = call.state.blockStorage;
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && backups.get(marker) === undefined)
    throw notFound(`Backup ${marker} could not be found.`);
  const filters = ['name', 'status', 'volume_id'] as const;
  const filter = (backup: Backup): boolean =>
    isMine(call, backup) &&
    filters.every((name) => call.query.get(name) === null || call.query.get(name) === backup[name]);
  const page = paginate(backups, { filter, marker, limit, sort: sortOf(call) });
  return ok(
    withNextLink(
      call,
      'backups',
      page,
      page.map((backup) => view(call, backup, full)),
      limit,
    ),
  );
}

function find(call: Call): Backup {
  const backup = call.state.blockStorage.backups.get(call.param('id'));
  if (backup === undefined || !call.owns(backup.project_id))
    throw notFound(`Backup ${call.param('id')} could not be found.`);
  return backup;
}

function deleteBackup(call: Call, backup: Backup): void {
  const { blockStorage, clock, settings } = call.state;
  backup.status = 'deleting';
  clock.after(settings.timing.volume, () => void blockStorage.backups.delete(backup.id));
}

function serviceUp(call: Call): void {
  const up = call.state.blockStorage.services.filter(
    (service) =>
      service.binary === 'cinder-backup' &&
      !service.disabled &&
      call.now - lastReport(call.now, service) < 60_000,
  );
  if (up.length === 0)
    throw new ServiceFault(500, 'Service cinder-backup could not be found.', { type: 'computeFault' });
}
