import type { Backup } from '@groundcrew/core/block-storage';

/** A full backup of a volume and the incremental ones that build on it, the oldest first. */
export interface BackupChain {
  readonly volume: string;
  /** The first is full, unless it was deleted or is not seen. */
  readonly backups: readonly [Backup, ...Backup[]];
}

/**
 * The chains of backups, by volume, the oldest first. An incremental backup builds on the one with the latest data before it
 * (`cinder/backup/api.py`, `create`); the API names neither it nor the chain. Backups that are not `available` are in none.
 */
export function chainsIn(backups: readonly Backup[]): readonly BackupChain[] {
  const usable = backups.filter(({ status }) => status === 'available' || status === 'restoring');
  return [...Map.groupBy(usable, ({ volume_id }) => volume_id)].flatMap(([volume, all]) => {
    const chains: [Backup, ...Backup[]][] = [];
    for (const backup of all.toSorted(oldestFirst)) {
      const last = chains.at(-1);
      if (backup.is_incremental && last !== undefined) last.push(backup);
      else chains.push([backup]);
    }
    return chains.map((chain) => ({ volume, backups: chain }));
  });
}

/** The moment of the data, in milliseconds. Before Cinder's 3.x it is that of the backup. */
export const dataTime = ({ data_timestamp, created_at }: Backup): number =>
  Date.parse(data_timestamp ?? created_at);

/** Of the same second, a full one comes first: nothing builds on what comes after it. */
const oldestFirst = (a: Backup, b: Backup): number =>
  dataTime(a) - dataTime(b) ||
  Date.parse(a.created_at) - Date.parse(b.created_at) ||
  Number(a.is_incremental) - Number(b.is_incremental);
