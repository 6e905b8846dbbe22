import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A resource shared with a project. */
export const RbacPolicy = answer({
  id: z.string(),
  /** The owner of the resource. */
  ...Owner,
  /** `network`, `subnetpool`, `address_scope`, `address_group`, `security_group`, `qos_policy`, `bgpvpn`. */
  object_type: z.string(),
  object_id: z.string(),
  /** `access_as_shared`, `access_as_external`. */
  action: z.string(),
  /** `*` is every project. */
  target_tenant: z.string(),
  /** The newer name of `target_tenant`, where Neutron has it. */
  target_project: z.string().optional(),
});
export type RbacPolicy = OutputAt<typeof RbacPolicy>;

const ById = args({ id: z.string() });

/** RBAC policies: what is shared with whom (extension `rbac-policies`). */
export const rbacPolicies = resource({
  name: 'rbacPolicies',
  operations: {
    /** Show one policy. */
    get: operation({
      verb: 'GET',
      path: 'rbac-policies/{id}',
      receive: 'rbac_policy',
      input: ById,
      output: RbacPolicy,
    }),
    /** Iterate over policies. */
    list: operation({
      verb: 'GET',
      path: 'rbac-policies',
      receive: 'rbac_policies',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        object_type: Text,
        object_id: Text,
        action: Text,
        target_tenant: Text,
        ...Paging,
      }),
      output: RbacPolicy,
    }),
    /** Share a resource. */
    create: operation({
      verb: 'POST',
      path: 'rbac-policies',
      send: 'rbac_policy',
      receive: 'rbac_policy',
      input: args({
        object_type: z.string(),
        object_id: z.string(),
        action: z.enum(['access_as_shared', 'access_as_external']),
        /** `*` is every project. Administrators only. */
        target_tenant: z.string(),
        ...ForProject,
      }),
      output: RbacPolicy,
      status: 201,
    }),
    /** Share it with another project instead. Neutron answers 409 while the old one uses it. */
    update: operation({
      verb: 'PUT',
      path: 'rbac-policies/{id}',
      send: 'rbac_policy',
      receive: 'rbac_policy',
      input: args({
        id: z.string(),
        target_tenant: z.string(),
      }),
      output: RbacPolicy,
    }),
    /** Share it no longer. Neutron answers 409 while the project uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'rbac-policies/{id}',
      input: ById,
    }),
  },
});
