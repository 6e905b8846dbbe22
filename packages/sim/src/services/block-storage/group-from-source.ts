import { accepted } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { record, text } from '../../wire.ts';
import { findGroup } from './find-group.ts';
import { findGroupSnapshot } from './group-snapshots.ts';
import { addGroup } from './new-group.ts';
import type { Group, Volume } from './state.ts';
import { addVolume } from './volumes.ts';

/** Makes a group with a copy of each volume of a group, or of each snapshot of a group snapshot. */
export function createGroupFromSource(call: Call) {
  const given = record(record(call.body)['create-from-src']);
  const { blockStorage, clock, settings } = call.state;
  const { contents } = blockStorage;
  const snapshotId = text(given['group_snapshot_id']);
  const groupSnapshot = snapshotId === undefined ? undefined : findGroupSnapshot(call, snapshotId);
  const source = findGroup(call, groupSnapshot?.group_id ?? text(given['source_group_id']) ?? '');
  const origins = originsOf(call, source, groupSnapshot?.id);
  if (origins.length === 0) {
    throw badRequest(
      `Invalid Group: ${groupSnapshot === undefined ? 'Source Group' : 'Group snapshot'} is empty. No group will be created.`,
    );
  }
  const group = addGroup(call, {
    group_type: source.group_type,
    volume_types: source.volume_types,
    name: text(given['name'])?.trim() ?? null,
    description: text(given['description'])?.trim() ?? null,
    group_snapshot_id: groupSnapshot?.id ?? null,
    source_group_id: groupSnapshot === undefined ? source.id : null,
  });
  const made = origins.map(({ volume, size, snapshot }) => {
    blockStorage.charge(call.projectId, 'volumes', size);
    const copy = addVolume(call.state, {
      project_id: call.projectId,
      user_id: call.userId,
      size,
      type: volume.type,
      host: volume.host,
      group_id: group.id,
      bootable: volume.bootable,
      snapshot_id: snapshot ?? null,
      source_volid: snapshot === undefined ? volume.id : null,
    });
    contents.copy(snapshot ?? volume.id, copy.id);
    return copy;
  });
  clock.after(settings.timing.volume, () => {
    for (const volume of made) if (volume.status === 'creating') volume.status = 'available';
    if (group.status === 'creating') group.status = 'available';
  });
  return accepted({ group: { id: group.id, name: group.name } });
}

interface Origin {
  readonly volume: Volume;
  readonly size: number;
  readonly snapshot: string | undefined;
}

function originsOf(call: Call, source: Group, groupSnapshot: string | undefined): Origin[] {
  const { snapshots, volumes } = call.state.blockStorage;
  if (groupSnapshot === undefined) {
    return call.state.blockStorage
      .volumesOf(source.id)
      .map((volume) => ({ volume, size: volume.size, snapshot: undefined }));
  }
  return snapshots
    .filter(({ group_snapshot_id }) => group_snapshot_id === groupSnapshot)
    .flatMap(({ id, size, volume_id }) => {
      const volume = volumes.get(volume_id);
      return volume === undefined ? [] : [{ volume, size, snapshot: id }];
    });
}
