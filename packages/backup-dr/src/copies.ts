import type { Backup, BackupSnapshot, VolumeSnapshot } from './observe.ts';

/** What there is of one volume besides itself. */
export interface Copies {
  /** The newest backup that can be restored; with an incremental one, all that it builds on. Newest first. */
  readonly chain: readonly Backup[];
  /** Incremental backups without the full one that they build on: of no use. */
  readonly broken: readonly Backup[];
  /** Backups in `error`. */
  readonly failed: readonly Backup[];
  /** On the volume's own backend, so lost with it: no copies. */
  readonly snapshots: readonly VolumeSnapshot[];
}

/** The copies of each volume that has any, by the volume's id. */
export function copiesByVolume(snapshot: BackupSnapshot): ReadonlyMap<string, Copies> {
  const backups = Map.groupBy(snapshot.backups.value, (one) => one.volume_id);
  const snapshots = Map.groupBy(snapshot.snapshots.value, (one) => one.volume_id);
  const copies = new Map<string, Copies>();
  for (const id of new Set([...backups.keys(), ...snapshots.keys()])) {
    copies.set(id, copiesOf(backups.get(id) ?? [], snapshots.get(id) ?? []));
  }
  return copies;
}

/** A volume of which there is nothing. */
export const noCopies: Copies = { chain: [], broken: [], failed: [], snapshots: [] };

/**
 * Sorts the backups of one volume. An incremental backup builds on the one with the latest data before it
 * (`cinder/backup/api.py`), so a chain goes back to the first full one; the API does not name its members.
 */
export function copiesOf(backups: readonly Backup[], snapshots: readonly VolumeSnapshot[]): Copies {
  const whole = backups
    // While it is `restoring` a backup is read, not changed.
    .filter((one) => one.status === 'available' || one.status === 'restoring')
    .toSorted((a, b) => Date.parse(dataTime(b)) - Date.parse(dataTime(a)));
  const full = whole.findIndex((one) => !one.is_incremental);
  return {
    chain: full === -1 ? [] : whole.slice(0, full + 1),
    broken: full === -1 ? whole : [],
    failed: backups.filter((one) => one.status === 'error'),
    snapshots,
  };
}

/** When the data was as it is in the backup. */
export const dataTime = (backup: Backup): string => backup.data_timestamp ?? backup.created_at;
