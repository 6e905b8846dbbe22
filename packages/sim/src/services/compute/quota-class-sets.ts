import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { quotaView } from './quota-sets.ts';
import { COMPUTE_QUOTAS } from './state.ts';

export const quotaClassSetRoutes: Routes = {
  'GET os-quota-class-sets/{id}': admin('os_compute_api:os-quota-class-sets:show', (call) => {
    // These two are shown for classes since 2.50, for projects always.
    const { server_groups: _groups, server_group_members: _members, ...older } = COMPUTE_QUOTAS;
    const shown = call.atLeast('2.50') ? COMPUTE_QUOTAS : older;
    return ok({ quota_class_set: { id: call.param('id'), ...quotaView(call, shown) } });
  }),
};
