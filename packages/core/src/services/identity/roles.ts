import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { GivenOptions, ResourceOptions } from './options.ts';
import { NameFilters, Paging } from './paging.ts';

/** A name for what one may do: policies of services say what it allows. */
export const Role = answer({
  id: z.string(),
  name: z.string(),
  /** Null of a role for the whole cloud. A role of a domain counts only by the roles that it implies. */
  domain_id: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  options: ResourceOptions,
  links: Links,
});
export type Role = OutputAt<typeof Role>;

const ById = args({ id: z.string() });

/** Roles. Who has which: `roleAssignments`. */
export const roles = resource({
  name: 'roles',
  findBy: 'name',
  operations: {
    get: operation({ verb: 'GET', path: 'roles/{id}', receive: 'role', input: ById, output: Role }),
    /** Iterate over the roles of the whole cloud, or with `domain_id` over those of a domain. */
    list: operation({
      verb: 'GET',
      path: 'roles',
      receive: 'roles',
      page: 'body-links',
      input: args({ ...NameFilters, domain_id: z.string().optional(), ...Paging }),
      output: Role,
    }),
    create: operation({
      verb: 'POST',
      path: 'roles',
      send: 'role',
      receive: 'role',
      status: 201,
      input: args({
        name: z.string().min(1).max(255),
        domain_id: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        options: GivenOptions,
      }),
      output: Role,
    }),
    /** Change some fields. 403 if it is `immutable`, unless that is what is taken from it. */
    update: operation({
      verb: 'PATCH',
      path: 'roles/{id}',
      send: 'role',
      receive: 'role',
      idempotent: true,
      input: args({
        id: z.string(),
        name: z.string().min(1).max(255).optional(),
        description: z.string().nullable().optional(),
        options: GivenOptions,
      }),
      output: Role,
    }),
    /** Delete a role, and take it from all who have it. 403 if it is `immutable`. */
    delete: operation({ verb: 'DELETE', path: 'roles/{id}', input: ById }),
  },
});
