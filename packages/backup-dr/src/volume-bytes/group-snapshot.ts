import type { Cloud } from '@groundcrew/core';
import { groupSnapshotGone } from '../cinder-removal.ts';
import { GROUP_SNAPSHOTS } from './consistent-group.ts';
import type { TakenSnapshot, Undo } from './temporaries.ts';
import { nameOf } from './temporary-marks.ts';
import { VolumeBytesError } from './volume-bytes-error.ts';

/**
 * Takes one snapshot of a group, and gives those of the volumes by their ids. It has snapshots of the group's other volumes as well, and
 * all of them go with it: Cinder deletes none of them alone. It has no metadata: its name is the mark.
 *
 * @throws VolumeBytesError if one of the volumes is not in the group any more; what the cloud answers
 */
export async function groupSnapshotOf(
  cloud: Cloud,
  { group, volumes }: { readonly group: string; readonly volumes: readonly string[] },
  { run, signal, undo }: { readonly run: string; readonly signal: AbortSignal; readonly undo: Undo },
): Promise<ReadonlyMap<string, TakenSnapshot>> {
  const { groupSnapshots, snapshots } = cloud.blockStorage.at(GROUP_SNAPSHOTS);
  const name = nameOf(run, group);
  const { id } = await groupSnapshots.create({ group_id: group, name }, { signal });
  undo.later(() => groupSnapshotGone(cloud, id));
  const { created_at: at } = await groupSnapshots.waitFor(id, 'available', { signal });
  const taken = new Map<string, TakenSnapshot>();
  // They have its name, and no filter asks for its id (`_get_snapshot_filter_options` of cinder/api/v3/snapshots.py).
  for await (const snapshot of snapshots.list({ name }, { signal }))
    if (snapshot.group_snapshot_id === id)
      taken.set(snapshot.volume_id, { id: snapshot.id, size: snapshot.size, at });
  const missing = volumes.find((volume) => !taken.has(volume));
  if (missing === undefined) return taken;
  throw new VolumeBytesError('volume-bytes.group', `volume ${missing} is not in group ${group} any more`);
}
