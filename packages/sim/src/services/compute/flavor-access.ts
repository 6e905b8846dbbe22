import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { type Json, record, text } from '../../wire.ts';
import { flavorOf } from './flavors.ts';
import type { Flavor } from './server.ts';

export const flavorAccessRoutes: Routes = {
  'GET flavors/{id}/os-flavor-access': admin('os_compute_api:os-flavor-access', (call) => {
    const flavor = flavorOf(call);
    if (flavor.is_public) throw notFound('Access list not available for public flavors.');
    return ok({ flavor_access: access(flavor) });
  }),
  'POST flavors/{id}/action#addTenantAccess': admin(
    'os_compute_api:os-flavor-access:add_tenant_access',
    (call) => {
      flavorOf(call).access.add(text(record(record(call.body)['addTenantAccess'])['tenant']) ?? '');
      return ok({ flavor_access: access(flavorOf(call)) });
    },
  ),
  'POST flavors/{id}/action#removeTenantAccess': admin(
    'os_compute_api:os-flavor-access:remove_tenant_access',
    (call) => {
      flavorOf(call).access.delete(text(record(record(call.body)['removeTenantAccess'])['tenant']) ?? '');
      return ok({ flavor_access: access(flavorOf(call)) });
    },
  ),
};

const access = (flavor: Flavor): Json[] =>
  [...flavor.access].map((id) => ({ flavor_id: flavor.id, tenant_id: id }));
