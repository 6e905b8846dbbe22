import { accepted, ok } from '../../answer.ts';
import { adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { type Json, micros, record, text } from '../../wire.ts';
import { findGroup } from './find-group.ts';
import { groupPage } from './group-page.ts';
import { addSnapshot } from './snapshots.ts';
import type { GroupSnapshot, Snapshot } from './state.ts';

export const groupSnapshotRoutes: Routes = {
  'GET group_snapshots': (call) => list(call, false),
  'GET group_snapshots/detail': (call) => list(call, true),
  'POST group_snapshots': create,
  'GET group_snapshots/{id}': (call) => ok({ group_snapshot: view(call, findGroupSnapshot(call)) }),
  'DELETE group_snapshots/{id}': (call) => {
    const groupSnapshot = findGroupSnapshot(call);
    const { blockStorage, clock, settings } = call.state;
    if (groupSnapshot.status !== 'available' && groupSnapshot.status !== 'error') {
      throw badRequest(
        'Invalid GroupSnapshot: GroupSnapshot status must be available or error, and no Group can be currently using it as source for its creation.',
      );
    }
    const snapshots = partsOf(call, groupSnapshot);
    groupSnapshot.status = 'deleting';
    for (const snapshot of snapshots) snapshot.status = 'deleting';
    clock.after(settings.timing.volume, () => {
      for (const { id } of snapshots) blockStorage.snapshots.delete(id);
      blockStorage.groupSnapshots.delete(groupSnapshot.id);
    });
    return accepted();
  },
  'POST group_snapshots/{id}/action#reset_status': adminOf(
    findGroupSnapshot,
    'group:reset_group_snapshot_status',
    (call) => {
      findGroupSnapshot(call).status = (
        text(record(record(call.body)['reset_status'])['status']) ?? 'error'
      ).toLowerCase();
      return accepted();
    },
  ),
};

/**
 * Takes a snapshot of each volume of a group: all at one moment if its type says `consistent_group_snapshot_enabled`, and else one
 * after the other (`_create_group_snapshot_generic` of `cinder/volume/manager.py`), each in the time that a snapshot takes.
 */
function create(call: Call) {
  const given = call.envelope('group_snapshot');
  const { blockStorage, clock, ids, settings } = call.state;
  const group = findGroup(call, text(given['group_id']) ?? '');
  const volumes = blockStorage.volumesOf(group.id);
  const broken = volumes.find(({ status }) => status === 'error');
  if (broken !== undefined)
    throw badRequest('Invalid volume: The snapshot cannot be created when the volume is in error status.');
  // All or none: they are reserved as one (`_create_snapshots_in_db_reserve` of `cinder/volume/api.py`).
  const size = volumes.reduce((sum, volume) => sum + volume.size, 0);
  blockStorage.charge(call.projectId, 'snapshots', size, volumes.length);
  const groupSnapshot = blockStorage.groupSnapshots.add({
    id: ids.uuid(),
    project_id: call.projectId,
    user_id: call.userId,
    created: call.now,
    group_id: group.id,
    group_type_id: group.group_type,
    name: text(given['name']) ?? null,
    description: text(given['description']) ?? null,
    status: 'creating',
  });
  const specs = blockStorage.groupTypes.get(group.group_type)?.group_specs;
  const isConsistent = specs?.['consistent_group_snapshot_enabled'] === '<is> True';
  let isWhole = true;
  for (const [index, volume] of volumes.entries()) {
    const snapshot = addSnapshot(call.state, volume, {
      project_id: call.projectId,
      user_id: call.userId,
      name: groupSnapshot.name,
      description: groupSnapshot.description,
      group_snapshot_id: groupSnapshot.id,
    });
    const turn = isConsistent ? 1 : index + 1;
    clock.after(settings.timing.volume * turn, () => {
      if (snapshot.status !== 'creating') return;
      if (!isConsistent) blockStorage.contents.copy(volume.id, snapshot.id);
      const failed = blockStorage.failures.take('snapshot') !== undefined;
      if (failed) isWhole = false;
      Object.assign(snapshot, { status: failed ? 'error' : 'available', updated: clock.now() });
    });
  }
  clock.after(settings.timing.volume * (isConsistent ? 1 : Math.max(1, volumes.length)), () => {
    if (groupSnapshot.status === 'creating') groupSnapshot.status = isWhole ? 'available' : 'error';
  });
  return accepted({ group_snapshot: brief(groupSnapshot) });
}

export function findGroupSnapshot(call: Call, id = call.param('id')): GroupSnapshot {
  const groupSnapshot = call.state.blockStorage.groupSnapshots.get(id);
  if (groupSnapshot === undefined || !call.owns(groupSnapshot.project_id))
    throw notFound(`GroupSnapshot ${id} could not be found.`);
  return groupSnapshot;
}

const partsOf = (call: Call, { id }: GroupSnapshot): Snapshot[] =>
  call.state.blockStorage.snapshots.filter(({ group_snapshot_id }) => group_snapshot_id === id);

const list = (call: Call, full: boolean) =>
  groupPage(call, call.state.blockStorage.groupSnapshots, {
    key: 'group_snapshots',
    view: (groupSnapshot) => {
      if (full) return view(call, groupSnapshot);
      const { group_type_id: _type, ...shown } = brief(groupSnapshot);
      return shown;
    },
    isAsked: ({ group_id }) => [null, group_id].includes(call.query.get('group_id')),
  });

const brief = ({ id, name, group_type_id }: GroupSnapshot): Json => ({ id, name, group_type_id });

/** `cinder/api/v3/views/group_snapshots.py` */
const view = (call: Call, groupSnapshot: GroupSnapshot): Json => ({
  ...brief(groupSnapshot),
  group_id: groupSnapshot.group_id,
  status: groupSnapshot.status,
  created_at: micros(groupSnapshot.created),
  description: groupSnapshot.description,
  ...(call.admin ? { project_id: groupSnapshot.project_id } : {}),
});
