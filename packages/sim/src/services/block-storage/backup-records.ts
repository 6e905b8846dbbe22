import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { isRecord, type Json, metadata, micros, number, str, text } from '../../wire.ts';
import { findBackup } from './find-backup.ts';
import { blankBackup, requireBackupService } from './new-backup.ts';
import type { Backup } from './state.ts';
import { backupView as view } from './views.ts';

const SERVICE = 'cinder.backup.drivers.swift.SwiftBackupDriver';

/** What makes a backup known again where its record is lost, or in another cloud that reads the same store. */
export const backupRecordRoutes: Routes = {
  'GET backups/{id}/export_record': admin('backup:export-import', (call) => {
    const backup = findBackup(call);
    if (backup.status !== 'available')
      throw badRequest(`Invalid backup: Backup status must be available and not ${backup.status}.`);
    return ok({ 'backup-record': { backup_service: SERVICE, backup_url: encode(call, backup) } });
  }),
  'POST backups/import_record': admin('backup:export-import', (call) => {
    const given = decode(text(call.envelope('backup-record')['backup_url']) ?? '');
    const { blockStorage } = call.state;
    const [id, size] = [text(given['id']), number(given['size'])];
    if (id === undefined) throw badRequest('Invalid input received: Provided backup record is missing an id');
    if (size === undefined)
      throw badRequest('Invalid input received: Provided backup record is missing size attribute');
    if (blockStorage.backups.get(id) !== undefined)
      throw badRequest('Invalid backup: Backup already exists in database.');
    requireBackupService(call);
    blockStorage.charge(call.projectId, 'backups', size);
    // That the bytes are there is not looked at: a restore would find out.
    const backup = blockStorage.backups.add({
      ...blankBackup(call.state),
      id,
      size,
      project_id: call.projectId,
      user_id: call.userId,
      volume_id: str(given['volume_id']),
      snapshot_id: text(given['snapshot_id']) ?? null,
      parent: text(given['parent_id']) ?? null,
      incremental: text(given['parent_id']) !== undefined,
      data_timestamp: momentOf(given['data_timestamp']) ?? call.now,
      name: text(given['display_name']) ?? null,
      description: text(given['display_description']) ?? null,
      container: text(given['container']) ?? 'backups',
      metadata: metadata(given['metadata']),
      status: 'available',
    });
    return { status: 201, body: { backup: view(call, backup, false) } };
  }),
};

/** The fields of the row but for that of the parent (`encode_record` of `cinder/objects/backup.py`). */
function encode(call: Call, backup: Backup): string {
  const fields = {
    driver_info: {},
    id: backup.id,
    user_id: backup.user_id,
    project_id: backup.project_id,
    volume_id: backup.volume_id,
    host: 'controller-1',
    availability_zone: backup.availability_zone,
    container: backup.container,
    parent_id: backup.parent,
    status: backup.status,
    fail_reason: backup.fail_reason,
    size: backup.size,
    display_name: backup.name,
    display_description: backup.description,
    service_metadata: `volume_${backup.volume_id}/${micros(backup.created).slice(0, 10).replaceAll('-', '')}/az_nova_backup_${backup.id}`,
    service: SERVICE,
    object_count: call.state.blockStorage.backupStore.objects(backup.id),
    temp_volume_id: null,
    temp_snapshot_id: null,
    snapshot_id: backup.snapshot_id,
    data_timestamp: `${micros(backup.data_timestamp).slice(0, 19)}Z`,
    restore_volume_id: null,
    metadata: backup.metadata,
    encryption_key_id: null,
    created_at: `${micros(backup.created).slice(0, 19)}Z`,
    updated_at: null,
    deleted_at: null,
    deleted: false,
    num_dependent_backups: 0,
  };
  return Buffer.from(JSON.stringify(fields)).toString('base64');
}

function decode(url: string): Json {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(url, 'base64').toString());
    if (isRecord(parsed)) return parsed;
  } catch {
    // The refusal is the same for what is no object.
  }
  throw badRequest("Invalid input received: Can't parse backup record.");
}

function momentOf(value: unknown): number | undefined {
  const moment = Date.parse(text(value) ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}
