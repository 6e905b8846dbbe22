import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { flag, type Json, number } from '../../wire.ts';

export const quotaSetRoutes: Routes = {
  'GET os-quota-sets/{project}': (call) =>
    ok({
      quota_set: {
        ...quota(call, flag(call.query.get('usage') ?? undefined) === true),
        id: call.param('project'),
      },
    }),
  'GET os-quota-sets/{project}/defaults': (call) =>
    ok({ quota_set: { ...withTypes(call, ''), id: call.param('project') } }),
  'PUT os-quota-sets/{project}': admin('volume_extension:quotas:update', (call) => {
    const own = { ...call.state.blockStorage.quotas.get(call.param('project')) };
    for (const [name, value] of Object.entries(call.envelope('quota_set'))) {
      const limit = number(value);
      if (limit !== undefined) own[name] = limit;
    }
    call.state.blockStorage.quotas.set(call.param('project'), own);
    return ok({ quota_set: quota(call, false) });
  }),
  'DELETE os-quota-sets/{project}': admin('volume_extension:quotas:delete', (call) => {
    call.state.blockStorage.quotas.delete(call.param('project'));
    return ok(undefined);
  }),
  'GET os-quota-class-sets/{id}': admin('volume_extension:quota_classes:get', (call) =>
    ok({ quota_class_set: { ...withTypes(call, ''), id: call.param('id') } }),
  ),
};

/** The limits of a project, with those of each volume type. */
function withTypes(call: Call, project: string): Record<string, number> {
  const limits = { ...call.state.blockStorage.quota(project) };
  for (const type of call.state.blockStorage.types.values()) {
    for (const kind of ['volumes', 'gigabytes', 'snapshots']) limits[`${kind}_${type.name}`] ??= -1;
  }
  return limits;
}

function quota(call: Call, usage: boolean): Json {
  const project = call.param('project');
  if (!call.owns(project)) throw forbidden('volume_extension:quotas:show', 'policy');
  const { blockStorage } = call.state;
  const used = blockStorage.used(project);
  const limits = withTypes(call, project);
  if (!usage) return limits;
  return Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, { limit, in_use: used[name] ?? 0, reserved: 0 }]),
  );
}
