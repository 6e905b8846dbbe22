import type { Call } from '../../call.ts';
import { notFound } from '../../fault.ts';
import type { Backup } from './state.ts';

/** The backup of a request, if the caller may see it. */
export function findBackup(call: Call): Backup {
  const backup = call.state.blockStorage.backups.get(call.param('id'));
  if (backup === undefined || !call.owns(backup.project_id))
    throw notFound(`Backup ${call.param('id')} could not be found.`);
  return backup;
}
