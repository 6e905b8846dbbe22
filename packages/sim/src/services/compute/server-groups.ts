import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { notFound, ServiceFault } from '../../fault.ts';
import { limitOf } from '../../paging.ts';
import { type Json, number, record, text, texts } from '../../wire.ts';
import type { ServerGroup } from './state.ts';

export const serverGroupRoutes: Routes = {
  'GET os-server-groups': (call) => {
    const all = call.admin && call.query.has('all_projects');
    const found = call.state.compute.groups.filter((group) => all || group.project_id === call.projectId);
    const offset = number(call.query.get('offset') ?? undefined) ?? 0;
    return ok({
      server_groups: found.slice(offset, offset + limitOf(call)).map((group) => groupView(call, group)),
    });
  },
  'POST os-server-groups': (call) => {
    const given = call.envelope('server_group');
    const { compute, ids } = call.state;
    if (
      compute.groups.filter((group) => group.project_id === call.projectId).length >=
      (compute.quota(call.projectId)['server_groups'] ?? 10)
    ) {
      throw new ServiceFault(403, 'Quota exceeded, too many server groups.');
    }
    const group = compute.groups.add({
      id: ids.uuid(),
      name: text(given['name']) ?? '',
      policy: text(given['policy']) ?? texts(given['policies'])[0] ?? 'affinity',
      rules: record(given['rules']),
      project_id: call.projectId,
      user_id: call.userId,
    });
    return ok({ server_group: groupView(call, group) });
  },
  'GET os-server-groups/{id}': (call) => ok({ server_group: groupView(call, groupOf(call)) }),
  'DELETE os-server-groups/{id}': (call) => {
    call.state.compute.groups.delete(groupOf(call).id);
    return noContent;
  },
};

function groupOf(call: Call): ServerGroup {
  const group = call.state.compute.groups.get(call.param('id'));
  if (group === undefined || !call.owns(group.project_id))
    throw notFound(`Instance group ${call.param('id')} could not be found.`);
  return group;
}

function groupView(call: Call, group: ServerGroup): Json {
  const members = call.state.compute.servers
    .kept()
    .filter((server) => server.group === group.id)
    .map((server) => server.id);
  const policy = call.atLeast('2.64')
    ? { policy: group.policy, rules: group.rules }
    : { policies: [group.policy], metadata: {} };
  return {
    id: group.id,
    name: group.name,
    ...policy,
    members,
    ...(call.atLeast('2.13') ? { project_id: group.project_id, user_id: group.user_id } : {}),
  };
}
