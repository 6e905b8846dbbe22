import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { tolerant } from '../../record/tolerant.ts';

const InferredRole = tolerant({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable().optional(),
  links: Links,
});

/** A role, and those that whoever has it has too. */
export const RoleInferences = answer({ prior_role: InferredRole, implies: z.array(InferredRole) });
export type RoleInferences = OutputAt<typeof RoleInferences>;

/** A role, and one that whoever has it has too. */
export const RoleInference = answer({ prior_role: InferredRole, implies: InferredRole });
export type RoleInference = OutputAt<typeof RoleInference>;

const Both = args({ prior_role_id: z.string(), implied_role_id: z.string() });

/** Implications between roles: `admin` implies `member`, and that `reader`, unless the cloud has it otherwise. */
export const roleInferences = resource({
  name: 'roleInferences',
  operations: {
    /** Iterate over all roles that imply others. */
    list: operation({
      verb: 'GET',
      path: 'role_inferences',
      receive: 'role_inferences',
      page: 'body-links',
      input: args({}),
      output: RoleInferences,
    }),
    /** List the roles that one role implies directly. */
    getOfRole: operation({
      verb: 'GET',
      path: 'roles/{prior_role_id}/implies',
      receive: 'role_inference',
      input: args({ prior_role_id: z.string() }),
      output: RoleInferences,
    }),
    get: operation({
      verb: 'GET',
      path: 'roles/{prior_role_id}/implies/{implied_role_id}',
      receive: 'role_inference',
      input: Both,
      output: RoleInference,
    }),
    /** Ask whether one role implies another. 404 if not: see `isNotFound`. */
    check: operation({
      verb: 'HEAD',
      path: 'roles/{prior_role_id}/implies/{implied_role_id}',
      status: 204,
      input: Both,
    }),
    /** Let one role imply another. 403 if that is forbidden by the cloud (`prohibited_implied_role`: `admin`). */
    create: operation({
      verb: 'PUT',
      path: 'roles/{prior_role_id}/implies/{implied_role_id}',
      receive: 'role_inference',
      status: 201,
      input: Both,
      output: RoleInference,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'roles/{prior_role_id}/implies/{implied_role_id}',
      input: Both,
    }),
  },
});
