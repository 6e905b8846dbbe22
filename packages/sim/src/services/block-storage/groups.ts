import { accepted, ok } from '../../answer.ts';
import { adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { flag, type Json, micros, record, text, texts } from '../../wire.ts';
import { findGroup } from './find-group.ts';
import { createGroupFromSource } from './group-from-source.ts';
import { membersOf } from './group-members.ts';
import { groupPage } from './group-page.ts';
import { addGroup } from './new-group.ts';
import type { Group, VolumeType } from './state.ts';

export const groupRoutes: Routes = {
  'GET groups': (call) => list(call, false),
  'GET groups/detail': (call) => list(call, true),
  'POST groups': create,
  'POST groups/action#create-from-src': createGroupFromSource,
  'GET groups/{id}': (call) => ok({ group: view(call, findGroup(call)) }),
  'PUT groups/{id}': update,
  'POST groups/{id}/action#delete': remove,
  'POST groups/{id}/action#reset_status': adminOf(findGroup, 'group:reset_status', (call) => {
    findGroup(call).status = (
      text(record(record(call.body)['reset_status'])['status']) ?? 'error'
    ).toLowerCase();
    return accepted();
  }),
};

function create(call: Call) {
  const given = call.envelope('group');
  const { blockStorage, clock, settings } = call.state;
  const wanted = text(given['group_type']) ?? '';
  const groupType = blockStorage.groupType(wanted);
  if (groupType === undefined) throw notFound(`Group type ${wanted} could not be found.`);
  const types = texts(given['volume_types']).map((name): VolumeType => {
    const type = blockStorage.type(name);
    if (type === undefined) throw notFound(`Volume type with name ${name} could not be found.`);
    return type;
  });
  const group = addGroup(call, {
    group_type: groupType.id,
    volume_types: types.map(({ id }) => id),
    name: text(given['name'])?.trim() ?? null,
    description: text(given['description'])?.trim() ?? null,
    availability_zone: text(given['availability_zone']) ?? 'nova',
  });
  clock.after(settings.timing.volume, () => {
    if (group.status === 'creating') group.status = 'available';
  });
  return accepted({ group: brief(group) });
}

function update(call: Call) {
  const group = findGroup(call);
  const given = call.envelope('group');
  const [name, description] = [text(given['name'])?.trim(), text(given['description'])?.trim()];
  const { added, removed } = membersOf(call, group, {
    add: text(given['add_volumes']),
    remove: text(given['remove_volumes']),
  });
  const renamed = name !== undefined && name !== group.name;
  const described = description !== undefined && description !== group.description;
  const moved = added.length + removed.length > 0;
  if (!renamed && !described && !moved) {
    throw badRequest(
      `Invalid Group: Cannot update group ${group.id} because no valid name, description, add_volumes, or remove_volumes were provided.`,
    );
  }
  if (moved && group.status !== 'available')
    throw badRequest('Invalid Group: Group status must be available.');
  group.name = name ?? group.name;
  group.description = description ?? group.description;
  group.status = 'available';
  if (moved) {
    const { clock, settings } = call.state;
    group.status = 'updating';
    clock.after(settings.timing.volume, () => {
      for (const volume of added) volume.group_id = group.id;
      for (const volume of removed) volume.group_id = null;
      if (group.status === 'updating') group.status = 'available';
    });
  }
  return accepted();
}

const invalid = (why: string): Error => badRequest(`Invalid Group: ${why}`);

/** `API.delete` of `cinder/group/api.py` */
function remove(call: Call) {
  const group = findGroup(call);
  const { blockStorage, clock, settings } = call.state;
  const isWhole = flag(record(record(call.body)['delete'])['delete-volumes']) === true;
  const volumes = blockStorage.volumesOf(group.id);
  if (!isWhole && group.status !== 'available' && group.status !== 'error')
    throw invalid(`Group status must be available or error, but current status is: ${group.status}`);
  if ([...blockStorage.groupSnapshots.by('group', group.id)].length > 0)
    throw invalid('Group has existing snapshots.');
  if (!isWhole && volumes.length > 0) {
    throw invalid(
      `Group ${group.id} still contains volumes. The delete-volumes flag is required to delete it.`,
    );
  }
  if (volumes.some(({ attachments }) => attachments.length > 0))
    throw invalid(`Volume in group ${group.id} is attached. Need to detach first.`);
  if (volumes.some(({ id }) => [...blockStorage.snapshots.by('volume', id)].length > 0))
    throw invalid('Volume in group still has dependent snapshots.');
  group.status = 'deleting';
  for (const volume of volumes) volume.status = 'deleting';
  clock.after(settings.timing.volume, () => {
    for (const { id } of volumes) blockStorage.volumes.delete(id);
    blockStorage.groups.delete(group.id);
  });
  return accepted();
}

const list = (call: Call, full: boolean) =>
  groupPage(call, call.state.blockStorage.groups, {
    key: 'groups',
    view: (group) => (full ? view(call, group) : brief(group)),
    isAsked: () => true,
  });

const brief = ({ id, name }: Group): Json => ({ id, name });

/** What a group shows to everybody, and to an administrator (`cinder/api/v3/views/groups.py`). */
const view = (call: Call, group: Group): Json => ({
  id: group.id,
  status: group.status,
  availability_zone: group.availability_zone,
  created_at: micros(group.created),
  name: group.name,
  description: group.description,
  group_type: group.group_type,
  volume_types: group.volume_types,
  group_snapshot_id: group.group_snapshot_id,
  source_group_id: group.source_group_id,
  replication_status: 'disabled',
  ...(flag(call.query.get('list_volume') ?? undefined) === true
    ? { volumes: call.state.blockStorage.volumesOf(group.id).map(({ id }) => id) }
    : {}),
  ...(call.admin ? { project_id: group.project_id } : {}),
});
