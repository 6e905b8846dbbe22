import { accepted, ok } from '../../answer.ts';
import type { Call, Handler, Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, metadata, record, str, text } from '../../wire.ts';
import { defaultType } from './default-type.ts';
import { beginContent } from './begin-content.ts';
import { statusOfNew } from './replication.ts';
import type { Volume } from './state.ts';
import { volumeView as view } from './views.ts';
import { createdVolume, deletedVolume, tellDownServices, tellVolume } from './volume-log.ts';
import { readVolumeRequest } from './volume-request.ts';

const SORTABLE = [
  'id',
  'status',
  'size',
  'availability_zone',
  'name',
  'display_name',
  'created_at',
  'bootable',
  'host',
  'project_id',
  'user_id',
];

export const volumeRoutes: Routes = {
  'GET volumes': (call) => listVolumes(call, false),
  'GET volumes/detail': (call) => listVolumes(call, true),
  'GET volumes/summary': (call) => {
    const mine = call.state.blockStorage.volumes.filter((volume) => isMine(call, volume));
    return ok({
      'volume-summary': {
        total_size: mine.reduce((sum, volume) => sum + volume.size, 0),
        total_count: mine.length,
        ...(call.atLeast('3.36') ? { metadata: {} } : {}),
      },
    });
  },
  'POST volumes': create,
  'GET volumes/{id}': (call) => ok({ volume: view(call, findVolume(call)) }),
  'PUT volumes/{id}': (call) => {
    const volume = findVolume(call);
    const given = call.envelope('volume');
    volume.name = text(given['name']) ?? text(given['display_name']) ?? volume.name;
    volume.description =
      text(given['description']) ?? text(given['display_description']) ?? volume.description;
    if (given['metadata'] !== undefined) volume.metadata = metadata(given['metadata']);
    volume.updated = call.now;
    return ok({ volume: view(call, volume) });
  },
  'DELETE volumes/{id}': (call) => {
    removeVolume(call, findVolume(call), flag(call.query.get('cascade') ?? undefined) === true);
    return accepted();
  },
  'GET volumes/{id}/encryption': (call) => ok({ encryption_key_id: findVolume(call).encrypted ? '0' : null }),
};

function listVolumes(call: Call, full: boolean) {
  const limit = limitOf(call);
  const { volumes } = call.state.blockStorage;
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && volumes.get(marker) === undefined)
    throw notFound(`Volume ${marker} could not be found.`);
  const page = paginate(volumes, {
    filter: (volume) => matchesQuery(call, volume),
    marker,
    limit,
    sort: sortOf(call),
  });
  return ok(
    withNextLink(
      call,
      'volumes',
      page,
      page.map((volume) => view(call, volume, full)),
      limit,
    ),
  );
}

/** Tells whether a list shows an entity: one of the caller's project, or of any if an administrator asks for all. */
export function isMine(call: Call, entity: { readonly project_id: string }): boolean {
  const all = call.admin && flag(call.query.get('all_tenants') ?? undefined) === true;
  if (!all) return entity.project_id === call.projectId;
  const wanted = call.query.get('project_id');
  return wanted === null || wanted === entity.project_id;
}

function matchesQuery(call: Call, volume: Volume): boolean {
  if (!isMine(call, volume)) return false;
  const { query } = call;
  const fields: Record<string, unknown> = {
    name: volume.name ?? '',
    status: volume.status,
    availability_zone: volume.availability_zone,
    bootable: volume.bootable,
    size: volume.size,
    migration_status: volume.migration_status,
    user_id: volume.user_id,
    host: volume.host,
  };
  for (const [name, value] of Object.entries(fields)) {
    const wanted = query.get(name);
    if (wanted !== null && str(value).toLowerCase() !== wanted.toLowerCase()) return false;
  }
  const like = query.get('name~');
  return like === null || (volume.name ?? '').includes(like);
}

/** Reads `sort=size:asc,created_at:desc`, or the older `sort_key` and `sort_dir`. */
export function sortOf(call: Call) {
  const combined = call.query.get('sort')?.split(',') ?? [];
  const old = call.query.get('sort_key');
  const keys = old === null ? combined : [`${old}:${call.query.get('sort_dir') ?? 'desc'}`];
  return keys.map((part) => {
    const [key = '', direction = 'desc'] = part.split(':');
    if (!SORTABLE.includes(key)) throw badRequest('Invalid input received: Invalid sort key');
    const field = key === 'created_at' ? 'created' : key === 'display_name' ? 'name' : key;
    return { of: (entity: object): unknown => (entity as Json)[field], descending: direction !== 'asc' };
  });
}

function create(call: Call) {
  const given = call.envelope('volume');
  const { blockStorage, clock, settings } = call.state;
  const { snapshot, source, backup, group, size, image, type } = readVolumeRequest(call, given);
  blockStorage.charge(call.projectId, 'volumes', size);
  const volume = addVolume(call.state, {
    project_id: call.projectId,
    user_id: call.userId,
    name: text(given['name']) ?? text(given['display_name']) ?? null,
    description: text(given['description']) ?? text(given['display_description']) ?? null,
    size,
    type: type?.id ?? '',
    availability_zone: text(given['availability_zone']) ?? 'nova',
    metadata: metadata(given['metadata']),
    snapshot_id: snapshot ?? null,
    source_volid: source ?? null,
    group_id: group ?? null,
    bootable: image !== undefined,
    multiattach: type?.extra_specs['multiattach'] === '<is> True' || flag(given['multiattach']) === true,
    imageMetadata: image === undefined ? {} : { image_id: image.id, image_name: image.name ?? '' },
  });
  tellDownServices(call.state, call);
  const isWhole = beginContent(call.state, volume.id, { snapshot, source, backup, image });
  clock.after(settings.timing.volume, () => {
    if (volume.status !== 'creating') return;
    const pool = choosePool(call.state, volume);
    const failure = blockStorage.failures.take('create');
    volume.host = pool ?? null;
    volume.status = pool === undefined || !isWhole || failure !== undefined ? 'error' : 'available';
    volume.replication_status = statusOfNew(call.state, volume);
    volume.updated = clock.now();
    if (pool !== undefined) tellVolume(call.state, pool, call, createdVolume(volume));
  });
  return accepted({ volume: { ...view(call, volume), 'os-vol-tenant-attr:tenant_id': undefined } });
}

/** Adds a volume with the given fields; its status is `creating` unless they say otherwise. */
export function addVolume(
  state: SimState,
  fields: Partial<Volume> & { readonly project_id: string; readonly user_id: string; readonly size: number },
): Volume {
  return state.blockStorage.volumes.add({
    id: state.ids.uuid(),
    created: state.clock.now(),
    updated: null,
    name: null,
    description: null,
    status: 'creating',
    availability_zone: 'nova',
    type: defaultType(state)?.id ?? '',
    host: null,
    metadata: {},
    imageMetadata: {},
    snapshot_id: null,
    source_volid: null,
    bootable: false,
    encrypted: false,
    multiattach: false,
    readonly: false,
    attachments: [],
    group_id: null,
    migration_status: null,
    replication_status: null,
    previous_status: null,
    ...fields,
  });
}

/** The pool with the most room that is up and enabled, and belongs to the type's backend. */
export function choosePool(state: SimState, volume: Volume): string | undefined {
  const { blockStorage, clock } = state;
  const backend = blockStorage.types.get(volume.type)?.extra_specs['volume_backend_name'];
  const used = (pool: string): number =>
    blockStorage.volumes.values().reduce((sum, other) => sum + (other.host === pool ? other.size : 0), 0);
  const candidates = [...blockStorage.pools.values()].filter((pool) => {
    const service = blockStorage.services.find((candidate) => candidate.host === pool.name.split('#')[0]);
    const lives = service?.deadSince === undefined || clock.now() - service.deadSince < 60_000;
    return lives && service?.disabled !== true && (backend === undefined || pool.backend === backend);
  });
  const fitting = candidates
    .map((pool) => ({ pool, free: pool.total - used(pool.name) }))
    .filter(({ free }) => free >= volume.size);
  return fitting.toSorted((a, b) => b.free - a.free)[0]?.pool.name;
}

export function removeVolume(call: Call, volume: Volume, cascade = false, force = false): void {
  const { blockStorage, clock, settings } = call.state;
  const snapshots = [...blockStorage.snapshots.by('volume', volume.id)];
  const idle = ['available', 'error', 'error_restoring', 'error_extending', 'error_managing'].includes(
    volume.status,
  );
  if (
    !force &&
    (!idle || volume.group_id !== null || volume.attachments.length > 0 || (snapshots.length > 0 && !cascade))
  ) {
    throw badRequest(
      'Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.',
    );
  }
  volume.status = 'deleting';
  volume.updated = clock.now();
  clock.after(settings.timing.volume, () => {
    for (const snapshot of snapshots) blockStorage.snapshots.delete(snapshot.id);
    blockStorage.volumes.delete(volume.id);
    tellVolume(call.state, volume.host, call, deletedVolume);
  });
}

export function findVolume(call: Call, id = call.param('id')): Volume {
  const volume = call.state.blockStorage.volumes.get(id);
  if (volume === undefined || !call.owns(volume.project_id))
    throw notFound(`Volume ${id} could not be found.`);
  return volume;
}

/** Makes the handler of an action on a volume, as in `POST volumes/{id}/action`. */
export const onVolume =
  (run: (call: Call, volume: Volume, given: Json) => ReturnType<Handler> | void): Handler =>
  (call) => {
    const given = record(Object.values(record(call.body))[0]);
    return run(call, findVolume(call), given) ?? accepted();
  };
