import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, StandardFilters, TagFilters, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';

/** Neutron answers it as text (`neutron/db/db_base_plugin_common.py`, `_make_subnetpool_dict`). */
const PrefixLength = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** Prefixes of which subnets are given out. */
export const SubnetPool = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  prefixes: z.array(z.string()),
  ip_version: z.number(),
  default_prefixlen: PrefixLength,
  min_prefixlen: PrefixLength,
  max_prefixlen: PrefixLength,
  /** Addresses (IPv4) or /64 (IPv6) that a project may have of it; null is without limit. */
  default_quota: z.number().nullable().optional(),
  address_scope_id: z.string().nullable(),
  is_default: z.boolean().optional(),
  shared: z.boolean(),
  ...TaggedAttributes,
});
export type SubnetPool = OutputAt<typeof SubnetPool>;

const Common = {
  description: z.string().optional(),
  default_prefixlen: Whole.optional(),
  min_prefixlen: Whole.optional(),
  max_prefixlen: Whole.optional(),
  default_quota: Whole.nullable().optional(),
  address_scope_id: z.string().nullable().optional(),
  /** The pool is the default of its IP version; each has at most one. Administrators only. */
  is_default: Flag,
} as const;

const Prefixes = args({ id: z.string(), prefixes: z.array(z.string()).min(1) });

const ById = args({ id: z.string() });

/** Subnet pools. */
export const subnetPools = resource({
  name: 'subnetPools',
  findBy: 'name',
  operations: {
    /** Show one subnet pool. */
    get: operation({
      verb: 'GET',
      path: 'subnetpools/{id}',
      receive: 'subnetpool',
      input: ById,
      output: SubnetPool,
    }),
    /** Iterate over subnet pools. */
    list: operation({
      verb: 'GET',
      path: 'subnetpools',
      receive: 'subnetpools',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        ...TagFilters,
        name: Text,
        ip_version: Count,
        default_prefixlen: Count,
        min_prefixlen: Count,
        max_prefixlen: Count,
        default_quota: Count,
        address_scope_id: Text,
        is_default: Flag,
        shared: Flag,
        ...Paging,
      }),
      output: SubnetPool,
    }),
    /** Create a subnet pool. */
    create: operation({
      verb: 'POST',
      path: 'subnetpools',
      send: 'subnetpool',
      receive: 'subnetpool',
      input: args({
        ...Common,
        name: z.string(),
        prefixes: z.array(z.string()),
        /** With every project. Administrators only. */
        shared: Flag,
        ...ForProject,
      }),
      output: SubnetPool,
      status: 201,
    }),
    /** Change a subnet pool. */
    update: operation({
      verb: 'PUT',
      path: 'subnetpools/{id}',
      headers: revisionHeader,
      send: 'subnetpool',
      receive: 'subnetpool',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        ...Common,
        name: z.string().optional(),
        /** The prefixes. All that the pool had must be among them. */
        prefixes: z.array(z.string()).optional(),
      }),
      output: SubnetPool,
    }),
    /** Delete a subnet pool. Neutron answers 409 while a subnet is of it. */
    delete: operation({
      verb: 'DELETE',
      path: 'subnetpools/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
    /** Add prefixes, and have all (extension `subnetpool-prefix-ops`). */
    addPrefixes: operation({
      verb: 'PUT',
      path: 'subnetpools/{id}/add_prefixes',
      receive: 'prefixes',
      input: Prefixes,
      output: z.array(z.string()),
    }),
    /**
     * Remove prefixes, and have the rest. Neutron answers 409 if a subnet is of them (extension
     * `subnetpool-prefix-ops`).
     */
    removePrefixes: operation({
      verb: 'PUT',
      path: 'subnetpools/{id}/remove_prefixes',
      receive: 'prefixes',
      input: Prefixes,
      output: z.array(z.string()),
    }),
    /** Take the subnets of a network into the pool (extension `subnet_onboard`). */
    onboardNetworkSubnets: operation({
      verb: 'PUT',
      path: 'subnetpools/{id}/onboard_network_subnets',
      input: args({ id: z.string(), network_id: z.string() }),
    }),
  },
});
