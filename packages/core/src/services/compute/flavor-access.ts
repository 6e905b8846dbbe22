import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A project that may use a flavor. */
export const FlavorAccess = answer({ flavor_id: z.string(), tenant_id: z.string() });
export type FlavorAccess = OutputAt<typeof FlavorAccess>;

const AllAccess = z.array(tolerant({ flavor_id: z.string(), tenant_id: z.string() }));
const OneProject = args({
  flavor_id: z.string(),
  /** The project's id. */
  tenant: z.string(),
});

/** The projects that may use one flavor, which is not public. Administrators only. */
export const flavorAccess = resource({
  name: 'flavorAccess',
  operations: {
    /** 404 if the flavor is public. */
    list: operation({
      verb: 'GET',
      path: 'flavors/{flavor_id}/os-flavor-access',
      receive: 'flavor_access',
      page: 'none',
      input: args({ flavor_id: z.string() }),
      output: FlavorAccess,
    }),
    /** Answers all projects that may use it now. 409 if this one could already, or from 2.7 on if it is public. */
    add: operation({
      verb: 'POST',
      path: 'flavors/{flavor_id}/action',
      action: 'addTenantAccess',
      receive: 'flavor_access',
      input: OneProject,
      output: AllAccess,
    }),
    /** Answers all projects that may still use it. 404 if this one could not. */
    remove: operation({
      verb: 'POST',
      path: 'flavors/{flavor_id}/action',
      action: 'removeTenantAccess',
      receive: 'flavor_access',
      input: OneProject,
      output: AllAccess,
    }),
  },
});
