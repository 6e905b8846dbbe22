import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import type { SimState } from '../../sim-state.ts';
import { metadata, record, text } from '../../wire.ts';
import { backupRecordRoutes } from './backup-records.ts';
import { GIB } from './contents.ts';
import { findBackup } from './find-backup.ts';
import { createBackup, requireBackupService } from './new-backup.ts';
import type { Backup, Volume } from './state.ts';
import { backupView as view } from './views.ts';
import { addVolume, choosePool, findVolume, isMine, sortOf } from './volumes.ts';

export const backupRoutes: Routes = {
  'GET backups': (call) => list(call, false),
  'GET backups/detail': (call) => list(call, true),
  'POST backups': createBackup,
  'GET backups/{id}': (call) => ok({ backup: view(call, findBackup(call)) }),
  'PUT backups/{id}': (call) => {
    const backup = findBackup(call);
    const given = call.envelope('backup');
    backup.name = text(given['name']) ?? backup.name;
    backup.description = text(given['description']) ?? backup.description;
    if (given['metadata'] !== undefined) backup.metadata = metadata(given['metadata']);
    return ok({ backup: view(call, backup, false) });
  },
  'DELETE backups/{id}': (call) => {
    const backup = findBackup(call);
    if (backup.status !== 'available' && backup.status !== 'error')
      throw badRequest('Invalid backup: Backup status must be available or error');
    if (call.state.blockStorage.backups.values().some((other) => other.parent === backup.id)) {
      throw badRequest('Invalid backup: Incremental backups exist for this backup.');
    }
    deleteBackup(call, backup);
    return accepted();
  },
  'POST backups/{id}/restore': restore,
  'POST backups/{id}/action#os-reset_status': admin(
    'volume_extension:backup_admin_actions:reset_status',
    (call) => {
      findBackup(call).status = text(record(record(call.body)['os-reset_status'])['status']) ?? 'error';
      return accepted();
    },
  ),
  'POST backups/{id}/action#os-force_delete': admin(
    'volume_extension:backup_admin_actions:force_delete',
    (call) => {
      deleteBackup(call, findBackup(call));
      return accepted();
    },
  ),
  ...backupRecordRoutes,
};

function restore(call: Call) {
  const backup = findBackup(call);
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
          description: 'auto-created_from_restore_from_backup',
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
  requireBackupService(call);
  target.host ??= choosePool(call.state, target) ?? null;
  target.status = 'restoring-backup';
  backup.status = 'restoring';
  clock.after(settings.timing.backup, () => {
    const failed = blockStorage.failures.take('restore') !== undefined;
    const isWhole = !failed && overwrite(call.state, target, backup);
    Object.assign(target, { status: isWhole ? 'available' : 'error_restoring', updated: clock.now() });
    if (backup.status === 'restoring') Object.assign(backup, { status: 'available', updated: clock.now() });
  });
  return accepted({ restore: { backup_id: backup.id, volume_id: target.id, volume_name: target.name } });
}

/** Writes a backup over a volume, zeros included; what the volume has behind it stays. Tells whether the bytes were there. */
function overwrite(state: SimState, target: Volume, backup: Backup): boolean {
  const { volumes, contents, backupStore } = state.blockStorage;
  const bytes = backupStore.restored(backup.id);
  if (bytes === undefined) return false;
  if (volumes.get(target.id) === target) {
    const content = contents.open(target.id);
    for (const piece of bytes.cover({ from: 0, to: backup.size * GIB })) content.write(piece);
  }
  bytes.dispose();
  return true;
}

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

function deleteBackup(call: Call, backup: Backup): void {
  const { blockStorage, clock, settings } = call.state;
  backup.status = 'deleting';
  clock.after(settings.timing.volume, () => void blockStorage.backups.delete(backup.id));
}
