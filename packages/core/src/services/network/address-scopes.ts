import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A range within which addresses are unique and routed without NAT. */
export const AddressScope = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  ip_version: z.number(),
  shared: z.boolean().optional(),
});
export type AddressScope = OutputAt<typeof AddressScope>;

const ById = args({ id: z.string() });

/** Address scopes (extension `address-scope`). */
export const addressScopes = resource({
  name: 'addressScopes',
  findBy: 'name',
  operations: {
    /** Show one address scope. */
    get: operation({
      verb: 'GET',
      path: 'address-scopes/{id}',
      receive: 'address_scope',
      input: ById,
      output: AddressScope,
    }),
    /** Iterate over address scopes. */
    list: operation({
      verb: 'GET',
      path: 'address-scopes',
      receive: 'address_scopes',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        ip_version: Count,
        shared: Flag,
        ...Paging,
      }),
      output: AddressScope,
    }),
    /** Create an address scope. */
    create: operation({
      verb: 'POST',
      path: 'address-scopes',
      send: 'address_scope',
      receive: 'address_scope',
      input: args({
        name: z.string().optional(),
        ip_version: z.union([z.literal(4), z.literal(6), z.enum(['4', '6'])]),
        /** With every project. It cannot be taken back. Administrators only. */
        shared: Flag,
        ...ForProject,
      }),
      output: AddressScope,
      status: 201,
    }),
    /** Rename or share an address scope. */
    update: operation({
      verb: 'PUT',
      path: 'address-scopes/{id}',
      send: 'address_scope',
      receive: 'address_scope',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        shared: Flag,
      }),
      output: AddressScope,
    }),
    /** Delete an address scope. Neutron answers 409 while a subnet pool uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'address-scopes/{id}',
      input: ById,
    }),
  },
});
