import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from './link.ts';
import { Role } from './roles.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A user's permission for another user to act with some of the first one's roles in a project. */
export const Trust = answer({
  id: z.string(),
  trustor_user_id: z.string(),
  trustee_user_id: z.string(),
  project_id: z.string().nullable(),
  /** Whether tokens are the trustor's, not the trustee's. */
  impersonation: z.boolean(),
  expires_at: Timestamp.nullable().optional(),
  deleted_at: Timestamp.nullable().optional(),
  /** The number of tokens that may still be obtained. Null is any number. */
  remaining_uses: z.number().nullable().optional(),
  /** The number of times that it may be passed on. */
  redelegation_count: z.number().nullable().optional(),
  /** The trust that it was passed on by. */
  redelegated_trust_id: z.string().nullable().optional(),
  /** Lists leave it out. */
  roles: z.array(tolerant({ id: z.string(), name: z.string().optional() })).optional(),
  links: Links,
});
export type Trust = OutputAt<typeof Trust>;

const ById = args({ id: z.string() });

/** Trusts. A token of a trust is had by `connect()` with its `trust_id`. */
export const trusts = resource({
  name: 'trusts',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'OS-TRUST/trusts/{id}',
      receive: 'trust',
      input: ById,
      output: Trust,
    }),
    /** Iterate over trusts. All of them only for administrators: others name themselves as one of the two. */
    list: operation({
      verb: 'GET',
      path: 'OS-TRUST/trusts',
      receive: 'trusts',
      page: 'body-links',
      input: args({ trustor_user_id: z.string().optional(), trustee_user_id: z.string().optional() }),
      output: Trust,
    }),
    /** Give one. The trustor is the caller, and has the roles in the project himself. */
    create: operation({
      verb: 'POST',
      path: 'OS-TRUST/trusts',
      send: 'trust',
      receive: 'trust',
      status: 201,
      input: args({
        trustor_user_id: z.string(),
        trustee_user_id: z.string(),
        impersonation: z.boolean(),
        project_id: z.string().nullable().optional(),
        /** By id or by name. */
        roles: z
          .array(z.union([z.strictObject({ id: z.string() }), z.strictObject({ name: z.string() })]))
          .optional(),
        /** ISO 8601 with a `Z`. */
        expires_at: z.string().nullable().optional(),
        /** The number of tokens that may be obtained. Not together with `allow_redelegation`. */
        remaining_uses: z.number().int().positive().nullable().optional(),
        /** @default false */
        allow_redelegation: z.boolean().nullable().optional(),
        redelegation_count: z.number().int().nonnegative().nullable().optional(),
        redelegated_trust_id: z.string().nullable().optional(),
      }),
      output: Trust,
    }),
    /** Take it back. Its tokens, and trusts passed on from it, end. */
    delete: operation({ verb: 'DELETE', path: 'OS-TRUST/trusts/{id}', input: ById }),
    /** Iterate over the roles that it gives. */
    roles: operation({
      verb: 'GET',
      path: 'OS-TRUST/trusts/{id}/roles',
      receive: 'roles',
      page: 'body-links',
      input: ById,
      output: Role,
    }),
    /** Show one role of it. 404 if it does not give that role. */
    getRole: operation({
      verb: 'GET',
      path: 'OS-TRUST/trusts/{id}/roles/{role_id}',
      receive: 'role',
      input: args({ id: z.string(), role_id: z.string() }),
      output: Role,
    }),
  },
});
