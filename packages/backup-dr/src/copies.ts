import type { BackupSnapshot, VolumeBackup, VolumeSnapshot } from './observe.ts';

/** The backups and snapshots of one volume. */
export interface Copies {
  /** The newest backup that can be restored; with an incremental one, all that it builds on. Newest first. */
  readonly chain: readonly VolumeBackup[];
  /** Incremental backups without the full one that they build on: of no use. */
  readonly broken: readonly VolumeBackup[];
  /** Backups that may be copies, newer than the chain or not to be placed beside it, with what is not known of each. */
  readonly unsure: readonly Unsure[];
  /** Backups in `error`. */
  readonly failed: readonly VolumeBackup[];
  /** On the volume's own backend, so lost with it: no copies. */
  readonly snapshots: readonly VolumeSnapshot[];
}

/** A backup of which it is not known whether it can be restored, or how old its data are. */
export interface Unsure {
  readonly backup: VolumeBackup;
  readonly why: string;
}

/** The copies of each volume that has any, by the volume's id. */
export function copiesByVolume(snapshot: BackupSnapshot): ReadonlyMap<string, Copies> {
  const backups = Map.groupBy(snapshot.backups.value, (backup) => backup.volume_id);
  const snapshots = Map.groupBy(snapshot.snapshots.value, (copy) => copy.volume_id);
  const copies = new Map<string, Copies>();
  for (const id of new Set([...backups.keys(), ...snapshots.keys()])) {
    // `?? []`: a volume that only one of the two lists names. Whether a list is whole is judged by its completeness.
    copies.set(id, copiesOf(backups.get(id) ?? [], snapshots.get(id) ?? []));
  }
  return copies;
}

/** A volume of which there is nothing. */
export const noCopies: Copies = { chain: [], broken: [], unsure: [], failed: [], snapshots: [] };

/**
 * Sorts the backups of one volume. An incremental backup builds on the one with the latest data before it, among those of
 * the project that asked (`cinder/backup/api.py`, `create`), so a chain goes back to a full one; the API names neither the
 * members nor, below 3.18, the project. What it tells of each is `has_dependent_backups`: whoever has none is in no chain.
 */
export function copiesOf(backups: readonly VolumeBackup[], snapshots: readonly VolumeSnapshot[]): Copies {
  const dated = backups.filter((backup) => !Number.isNaN(Date.parse(dataTime(backup)))).toSorted(newestFirst);
  const unsure: Unsure[] = [];
  let chain: readonly VolumeBackup[] = [];
  const broken: VolumeBackup[] = [];
  for (const [place, backup] of dated.entries()) {
    if (!KNOWN.has(backup.status))
      unsure.push({ backup, why: `\`${backup.status}\` is no status that Cinder gives` });
    if (!isWhole(backup)) continue;
    const found = chainOf(backup, dated.slice(place + 1));
    const undated = whyUndated(backup);
    if (found === 'broken') broken.push(backup);
    else if (found === 'unsure')
      unsure.push({ backup, why: 'the backup that it builds on may be one that is not available' });
    else if (undated !== undefined) unsure.push({ backup, why: undated });
    else {
      chain = found;
      break;
    }
  }
  for (const backup of backups)
    if (!dated.includes(backup) && (isWhole(backup) || !KNOWN.has(backup.status)))
      unsure.push({ backup, why: 'when its data were so is not told' });
  return {
    chain,
    // Behind a chain they are of no more interest than older copies are.
    broken: chain.length === 0 ? broken : [],
    unsure,
    failed: backups.filter((backup) => backup.status === 'error'),
    snapshots,
  };
}

/** `cinder/objects/fields.py`, `BackupStatus`. */
const KNOWN = new Set([
  'error',
  'error_deleting',
  'creating',
  'available',
  'deleting',
  'deleted',
  'restoring',
]);

/** While it is `restoring` a backup is read, not changed (`cinder/backup/manager.py`, `restore_backup`). */
const isWhole = ({ status }: VolumeBackup): boolean => status === 'available' || status === 'restoring';

/** A backup with all that it builds on. `broken`: no full one is there. `unsure`: one of them may not be whole. */
function chainOf(
  newest: VolumeBackup,
  older: readonly VolumeBackup[],
): readonly VolumeBackup[] | 'broken' | 'unsure' {
  if (!newest.is_incremental) return [newest];
  const ancestors = older.filter((backup) => backup.has_dependent_backups);
  const whole = ancestors.filter(isWhole);
  const full = whole.findIndex((backup) => !backup.is_incremental);
  if (full === -1) return 'broken';
  return whole.length === ancestors.length ? [newest, ...whole.slice(0, full + 1)] : 'unsure';
}

/**
 * The reason why `created_at` cannot stand for the moment of the data, where `data_timestamp` is missing: a backup made of a
 * snapshot has the data of that, which is older. Of a volume both are the same (`cinder/backup/api.py`, `create`), also in
 * the releases before backups of snapshots, which have neither `data_timestamp` nor `snapshot_id`.
 */
function whyUndated({ data_timestamp, snapshot_id }: VolumeBackup): string | undefined {
  const isDated = data_timestamp !== undefined && data_timestamp !== null;
  if (isDated || snapshot_id === undefined || snapshot_id === null) return undefined;
  return `it was made of snapshot ${snapshot_id}, and when that was taken is not told`;
}

/** The time when the data was as it is in the backup; of a backup that `whyUndated` names, the latest possible time. */
export const dataTime = (backup: VolumeBackup): string => backup.data_timestamp ?? backup.created_at;

const newestFirst = (a: VolumeBackup, b: VolumeBackup): number =>
  Date.parse(dataTime(b)) - Date.parse(dataTime(a));
