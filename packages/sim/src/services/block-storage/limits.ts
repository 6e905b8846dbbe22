import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const limitRoutes: Routes = {
  'GET limits': (call) => {
    const limit = call.state.blockStorage.quota(call.projectId);
    const used = call.state.blockStorage.used(call.projectId);
    return ok({
      limits: {
        rate: [],
        absolute: {
          maxTotalVolumes: limit['volumes'],
          maxTotalSnapshots: limit['snapshots'],
          maxTotalVolumeGigabytes: limit['gigabytes'],
          maxTotalBackups: limit['backups'],
          maxTotalBackupGigabytes: limit['backup_gigabytes'],
          totalVolumesUsed: used['volumes'],
          totalGigabytesUsed: used['gigabytes'],
          totalSnapshotsUsed: used['snapshots'],
          totalBackupsUsed: used['backups'],
          totalBackupGigabytesUsed: used['backup_gigabytes'],
        },
      },
    });
  },
};
