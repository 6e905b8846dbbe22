import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, forbidden } from '../../fault.ts';
import { number } from '../../wire.ts';
import { COMPUTE_QUOTAS } from './state.ts';

export const quotaSetRoutes: Routes = {
  'GET os-quota-sets/{project}': (call) =>
    ok({
      quota_set: { id: call.param('project'), ...quotaView(call, call.state.compute.quota(project(call))) },
    }),
  'GET os-quota-sets/{project}/defaults': (call) =>
    ok({ quota_set: { id: call.param('project'), ...quotaView(call, COMPUTE_QUOTAS) } }),
  'GET os-quota-sets/{project}/detail': (call) => {
    const used: Record<string, number> = { ...call.state.compute.used(project(call, 'detail')) };
    const limits = quotaView(call, call.state.compute.quota(project(call)));
    return ok({
      quota_set: {
        id: call.param('project'),
        ...Object.fromEntries(
          Object.entries(limits).map(([name, limit]) => [
            name,
            { limit, in_use: used[name] ?? 0, reserved: 0 },
          ]),
        ),
      },
    });
  },
  'PUT os-quota-sets/{project}': admin('os_compute_api:os-quota-sets:update', (call) => {
    const own = { ...call.state.compute.quotas.get(project(call)) };
    for (const [name, value] of Object.entries(call.envelope('quota_set'))) {
      const limit = number(value);
      if (limit !== undefined) own[name] = limit;
    }
    call.state.compute.quotas.set(project(call), own);
    return ok({ quota_set: quotaView(call, call.state.compute.quota(project(call))) });
  }),
  'DELETE os-quota-sets/{project}': admin('os_compute_api:os-quota-sets:delete', (call) => {
    call.state.compute.quotas.delete(project(call));
    return accepted();
  }),
};

/** Nova refuses quotas of projects that Keystone does not know. */
function project(call: Call, verb = 'show'): string {
  const id = call.param('project');
  if (call.state.identity.projects.get(id) === undefined)
    throw badRequest(`Project ID ${id} is not a valid project.`);
  if (!call.owns(id)) throw forbidden(`os_compute_api:os-quota-sets:${verb}`, 'policy');
  return id;
}

const NETWORKS = new Set(['fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules']);

export function quotaView(call: Call, quota: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(quota).filter(
      ([name]) =>
        !(call.atLeast('2.36') && NETWORKS.has(name)) &&
        !(call.atLeast('2.57') && name.startsWith('injected_file')),
    ),
  );
}
