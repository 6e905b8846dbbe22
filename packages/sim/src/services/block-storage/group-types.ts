import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { limitOf } from '../../paging.ts';
import { flag, type Json, metadata, record, text } from '../../wire.ts';
import type { GroupType } from './state.ts';

const rule = (name: string): string => `group:${name}`;

export const groupTypeRoutes: Routes = {
  'GET group_types': (call) => {
    const wanted = flag(call.query.get('is_public') ?? undefined);
    const found = call.state.blockStorage.groupTypes.filter(
      (type) => isSeen(call, type) && (wanted === undefined || type.is_public === wanted),
    );
    const offset = Number(call.query.get('offset') ?? 0);
    return ok({ group_types: found.slice(offset, offset + limitOf(call)).map((type) => view(call, type)) });
  },
  'POST group_types': admin(rule('group_types:create'), (call) => {
    const given = call.envelope('group_type');
    const { groupTypes } = call.state.blockStorage;
    const name = text(given['name']) ?? '';
    if (groupTypes.find((type) => type.name === name) !== undefined)
      throw conflict(`Group Type ${name} already exists.`);
    const type = groupTypes.add({
      id: call.state.ids.uuid(),
      name,
      description: text(given['description']) ?? null,
      is_public: flag(given['is_public']) ?? true,
      group_specs: metadata(given['group_specs']),
    });
    return accepted({ group_type: view(call, type) });
  }),
  'GET group_types/{id}': (call) => ok({ group_type: view(call, find(call)) }),
  'PUT group_types/{id}': admin(rule('group_types:update'), (call) => {
    const type = find(call);
    const given = call.envelope('group_type');
    if (['name', 'description', 'is_public'].every((field) => (given[field] ?? null) === null))
      throw badRequest('Specify group type name, description or a combination thereof.');
    type.name = text(given['name']) ?? type.name;
    type.description = text(given['description']) ?? type.description;
    type.is_public = flag(given['is_public']) ?? type.is_public;
    return ok({ group_type: view(call, type) });
  }),
  'DELETE group_types/{id}': admin(rule('group_types:delete'), (call) => {
    const type = find(call);
    const { groups, groupTypes } = call.state.blockStorage;
    if (groups.find(({ group_type }) => group_type === type.id) !== undefined)
      throw badRequest(
        `Target group type is still in use. Group Type ${type.id} deletion is not allowed with groups present with the type.`,
      );
    groupTypes.delete(type.id);
    return accepted();
  }),
  'GET group_types/{id}/group_specs': admin(rule('group_types_specs:get_all'), (call) =>
    ok({ group_specs: find(call).group_specs }),
  ),
  'POST group_types/{id}/group_specs': admin(rule('group_types_specs:create'), (call) => {
    const given = metadata(record(call.body)['group_specs']);
    Object.assign(find(call).group_specs, given);
    return accepted({ group_specs: given });
  }),
  'GET group_types/{id}/group_specs/{key}': admin(rule('group_types_specs:get'), (call) =>
    ok({ [call.param('key')]: spec(call) }),
  ),
  'PUT group_types/{id}/group_specs/{key}': admin(rule('group_types_specs:update'), (call) => {
    const type = find(call);
    const given = metadata(call.body);
    if (!Object.hasOwn(given, call.param('key'))) throw badRequest('Request body and URI mismatch');
    Object.assign(type.group_specs, given);
    return ok(given);
  }),
  'DELETE group_types/{id}/group_specs/{key}': admin(rule('group_types_specs:delete'), (call) => {
    void spec(call);
    delete find(call).group_specs[call.param('key')];
    return accepted();
  }),
};

const isSeen = (call: Call, type: GroupType): boolean => call.admin || type.is_public;

function find(call: Call): GroupType {
  const type = call.state.blockStorage.groupTypes.get(call.param('id'));
  if (type === undefined || !isSeen(call, type))
    throw notFound(`Group type ${call.param('id')} could not be found.`);
  return type;
}

function spec(call: Call): string {
  const value = find(call).group_specs[call.param('key')];
  if (value === undefined)
    throw notFound(`Group Type ${call.param('id')} has no extra spec with key ${call.param('key')}.`);
  return value;
}

const view = (call: Call, type: GroupType): Json => ({
  id: type.id,
  name: type.name,
  description: type.description,
  is_public: type.is_public,
  ...(call.admin ? { group_specs: type.group_specs } : {}),
});
