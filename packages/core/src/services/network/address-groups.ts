import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, StandardFilters, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, StandardAttributes } from './standard-attributes.ts';

/** A named set of addresses, for security group rules. */
export const AddressGroup = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  /** `10.0.0.0/8`, `192.0.2.1/32` */
  addresses: z.array(z.string()),
  /** By RBAC, with the project that asks. */
  shared: z.boolean().nullable().optional(),
  ...StandardAttributes,
});
export type AddressGroup = OutputAt<typeof AddressGroup>;

/** Sent without an envelope, which Neutron answers with 500. */
const Addresses = args({ id: z.string(), addresses: z.array(z.string()).min(1) });

const ById = args({ id: z.string() });

/** Address groups (extension `address-group`). */
export const addressGroups = resource({
  name: 'addressGroups',
  findBy: 'name',
  operations: {
    /** Show one address group. */
    get: operation({
      verb: 'GET',
      path: 'address-groups/{id}',
      receive: 'address_group',
      input: ById,
      output: AddressGroup,
    }),
    /** Iterate over address groups. */
    list: operation({
      verb: 'GET',
      path: 'address-groups',
      receive: 'address_groups',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        name: Text,
        shared: Flag,
        ...Paging,
      }),
      output: AddressGroup,
    }),
    /** Create an address group. */
    create: operation({
      verb: 'POST',
      path: 'address-groups',
      send: 'address_group',
      receive: 'address_group',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        addresses: z.array(z.string()).optional(),
        ...ForProject,
      }),
      output: AddressGroup,
      status: 201,
    }),
    /** Rename or describe an address group. For its addresses there are `addAddresses` and `removeAddresses`. */
    update: operation({
      verb: 'PUT',
      path: 'address-groups/{id}',
      headers: revisionHeader,
      send: 'address_group',
      receive: 'address_group',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: AddressGroup,
    }),
    /** Delete an address group. Neutron answers 409 while a rule uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'address-groups/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
    /** Add addresses; those that are in it already are left. */
    addAddresses: operation({
      verb: 'PUT',
      path: 'address-groups/{id}/add_addresses',
      receive: 'address_group',
      input: Addresses,
      output: AddressGroup,
    }),
    /** Remove addresses; those that are not in it are no error. */
    removeAddresses: operation({
      verb: 'PUT',
      path: 'address-groups/{id}/remove_addresses',
      receive: 'address_group',
      input: Addresses,
      output: AddressGroup,
    }),
  },
});
