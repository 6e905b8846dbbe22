import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { StandardFilters, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, StandardAttributes } from './standard-attributes.ts';

/** Makes an IPv6 address of a server known outside, without a route to its subnet. */
export const NdpProxy = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  router_id: z.string(),
  port_id: z.string(),
  ip_address: z.string(),
  ...StandardAttributes,
});
export type NdpProxy = OutputAt<typeof NdpProxy>;

const ById = args({ id: z.string() });

/** NDP proxies (extension `l3-ndp-proxy`). */
export const ndpProxies = resource({
  name: 'ndpProxies',
  findBy: 'name',
  operations: {
    /** Show one NDP proxy. */
    get: operation({
      verb: 'GET',
      path: 'ndp-proxies/{id}',
      receive: 'ndp_proxy',
      input: ById,
      output: NdpProxy,
    }),
    /** Iterate over NDP proxies. */
    list: operation({
      verb: 'GET',
      path: 'ndp-proxies',
      receive: 'ndp_proxies',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        name: Text,
        router_id: Text,
        port_id: Text,
        ip_address: Text,
        ...Paging,
      }),
      output: NdpProxy,
    }),
    /** Create an NDP proxy. */
    create: operation({
      verb: 'POST',
      path: 'ndp-proxies',
      send: 'ndp_proxy',
      receive: 'ndp_proxy',
      input: args({
        /** A router with `enable_ndp_proxy`. */
        router_id: z.string(),
        port_id: z.string(),
        /** @default the port's first IPv6 address */
        ip_address: z.string().nullable().optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        ...ForProject,
      }),
      output: NdpProxy,
      status: 201,
    }),
    /** Rename or describe an NDP proxy. */
    update: operation({
      verb: 'PUT',
      path: 'ndp-proxies/{id}',
      headers: revisionHeader,
      send: 'ndp_proxy',
      receive: 'ndp_proxy',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: NdpProxy,
    }),
    /** Delete an NDP proxy. */
    delete: operation({
      verb: 'DELETE',
      path: 'ndp-proxies/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
