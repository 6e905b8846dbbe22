import { accepted, ok } from '../../answer.ts';
import { adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, metadata, record, text } from '../../wire.ts';
import type { Snapshot, Volume } from './state.ts';
import { snapshotView as view } from './views.ts';
import { createdSnapshot, deletedSnapshot, tellVolume } from './volume-log.ts';
import { findVolume, isMine, sortOf } from './volumes.ts';

export const snapshotRoutes: Routes = {
  'GET snapshots': (call) => list(call, false),
  'GET snapshots/detail': (call) => list(call, true),
  'POST snapshots': (call) => {
    const given = call.envelope('snapshot');
    const { blockStorage, clock, settings } = call.state;
    const volume = findVolume(call, text(given['volume_id']) ?? '');
    const force = flag(given['force']) === true || call.atLeast('3.66');
    if (volume.status !== 'available' && !(volume.status === 'in-use' && force)) {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be available, but current status is: ${volume.status}.`,
      );
    }
    blockStorage.charge(call.projectId, 'snapshots', volume.size);
    const snapshot = addSnapshot(call.state, volume, {
      name: text(given['name']) ?? text(given['display_name']) ?? null,
      description: text(given['description']) ?? null,
      metadata: metadata(given['metadata']),
    });
    clock.after(settings.timing.volume, () => {
      if (snapshot.status !== 'creating') return;
      const status = blockStorage.failures.take('snapshot') === undefined ? 'available' : 'error';
      Object.assign(snapshot, { status, updated: clock.now() });
      if (status === 'available') tellVolume(call.state, volume.host, call, createdSnapshot);
    });
    return accepted({ snapshot: view(snapshot, false) });
  },
  'GET snapshots/{id}': (call) => ok({ snapshot: view(findSnapshot(call)) }),
  'PUT snapshots/{id}': (call) => {
    const snapshot = findSnapshot(call);
    const given = call.envelope('snapshot');
    snapshot.name = text(given['name']) ?? snapshot.name;
    snapshot.description = text(given['description']) ?? snapshot.description;
    snapshot.updated = call.now;
    return ok({ snapshot: view(snapshot) });
  },
  'DELETE snapshots/{id}': (call) => {
    const snapshot = findSnapshot(call);
    const idle = snapshot.status === 'available' || snapshot.status === 'error';
    if (!idle || snapshot.group_snapshot_id !== null) {
      throw badRequest(
        'Invalid snapshot: Snapshot status must be available or error and must not be part of a group.',
      );
    }
    deleteSnapshot(call, snapshot);
    return accepted();
  },
  'POST snapshots/{id}/action#os-reset_status': adminOf(
    findSnapshot,
    'volume_extension:snapshot_admin_actions:reset_status',
    (call) => {
      findSnapshot(call).status = text(record(record(call.body)['os-reset_status'])['status']) ?? 'error';
      return accepted();
    },
  ),
  'POST snapshots/{id}/action#os-force_delete': adminOf(
    findSnapshot,
    'volume_extension:snapshot_admin_actions:force_delete',
    (call) => {
      deleteSnapshot(call, findSnapshot(call));
      return accepted();
    },
  ),
  'POST snapshots/{id}/action#os-update_snapshot_status': (call) => {
    findSnapshot(call).status =
      text(record(record(call.body)['os-update_snapshot_status'])['status']) ?? 'available';
    return accepted();
  },
  'POST snapshots/{id}/action#os-unmanage': adminOf(
    findSnapshot,
    'snapshot_extension:snapshot_unmanage',
    (call) => {
      call.state.blockStorage.snapshots.delete(findSnapshot(call).id);
      return accepted();
    },
  ),
};

/** Adds a snapshot, which holds the bytes that the volume has now. */
export function addSnapshot(state: SimState, volume: Volume, fields: Partial<Snapshot> = {}): Snapshot {
  const snapshot = state.blockStorage.snapshots.add({
    id: state.ids.uuid(),
    project_id: volume.project_id,
    user_id: volume.user_id,
    volume_id: volume.id,
    created: state.clock.now(),
    size: volume.size,
    updated: null,
    name: null,
    description: null,
    group_snapshot_id: null,
    status: 'creating',
    metadata: {},
    ...fields,
  });
  state.blockStorage.contents.copy(volume.id, snapshot.id);
  return snapshot;
}

function list(call: Call, full: boolean) {
  const limit = limitOf(call);
  const { snapshots } = call.state.blockStorage;
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && snapshots.get(marker) === undefined)
    throw notFound(`Snapshot ${marker} could not be found.`);
  const filters = ['name', 'status', 'volume_id'] as const;
  const filter = (snapshot: Snapshot): boolean =>
    isMine(call, snapshot) &&
    filters.every((name) => call.query.get(name) === null || call.query.get(name) === snapshot[name]);
  const page = paginate(snapshots, { filter, marker, limit, sort: sortOf(call) });
  return ok(
    withNextLink(
      call,
      'snapshots',
      page,
      page.map((snapshot) => view(snapshot, full)),
      limit,
    ),
  );
}

export function findSnapshot(call: Call): Snapshot {
  const snapshot = call.state.blockStorage.snapshots.get(call.param('id'));
  if (snapshot === undefined || !call.owns(snapshot.project_id))
    throw notFound(`Snapshot ${call.param('id')} could not be found.`);
  return snapshot;
}

function deleteSnapshot(call: Call, snapshot: Snapshot): void {
  const { blockStorage, clock, settings } = call.state;
  snapshot.status = 'deleting';
  const host = blockStorage.volumes.get(snapshot.volume_id)?.host ?? null;
  clock.after(settings.timing.volume, () => {
    blockStorage.snapshots.delete(snapshot.id);
    tellVolume(call.state, host, call, deletedSnapshot);
  });
}
