import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { text } from '../../wire.ts';
import { crud, links, nameOf } from './crud.ts';
import type { Entity } from './state.ts';

export const groupRoutes: Routes = {
  ...crud({
    name: 'group',
    plural: 'groups',
    store: (call) => call.state.identity.groups,
    make: (call, given) =>
      call.state.identity.groups.add({
        id: call.state.ids.keystone(),
        name: nameOf(given),
        domain_id: text(given['domain_id']) ?? 'default',
        description: text(given['description']) ?? '',
      }),
    filters: ['domain_id'],
    uniqueName: true,
    looksUpFirst: ['delete'],
  }),
  'GET groups/{id}/users': admin('identity:list_users_in_group', (call) => {
    const { identity } = call.state;
    const members = identity.members.get(groupOf(call).id) ?? new Set();
    return ok({ users: identity.users.filter((user) => members.has(user.id)), links: links(call) });
  }),
  'PUT groups/{id}/users/{user}': admin('identity:add_user_to_group', (call) => {
    const { members } = call.state.identity;
    members.set(groupOf(call).id, (members.get(groupOf(call).id) ?? new Set()).add(call.param('user')));
    return noContent;
  }),
  'HEAD groups/{id}/users/{user}': admin('identity:check_user_in_group', (call) => {
    if (call.state.identity.members.get(groupOf(call).id)?.has(call.param('user')) !== true)
      throw absent(call);
    return noContent;
  }),
  'DELETE groups/{id}/users/{user}': admin('identity:remove_user_from_group', (call) => {
    if (call.state.identity.members.get(groupOf(call).id)?.delete(call.param('user')) !== true)
      throw absent(call);
    return noContent;
  }),
};

function groupOf(call: Call): Entity {
  const found = call.state.identity.groups.get(call.param('id'));
  if (found === undefined) throw notFound(`Could not find group: ${call.param('id')}.`);
  return found;
}

const absent = (call: Call) =>
  notFound(`Could not find user ${call.param('user')} in group ${call.param('id')}.`);
