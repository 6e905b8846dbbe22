import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Flag, StandardFilters, TagFilters, Text } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { routerActions } from './router-actions.ts';
import { NewGateway, Route } from './router-arguments.ts';
import { Router } from './router.ts';
import { ForProject } from './standard-attributes.ts';

const Filters = {
  ...StandardFilters,
  ...TagFilters,
  name: Text,
  admin_state_up: Flag,
  status: Text,
  /** Administrators only. */
  ha: Flag,
  /** Administrators only. */
  distributed: Flag,
  enable_ndp_proxy: Flag,
  flavor_id: Text,
  ...Paging,
} as const;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  admin_state_up: Flag,
  /** Null takes the gateway away. */
  external_gateway_info: NewGateway.nullable().optional(),
  /** Administrators only. To change it, the router must be down (`admin_state_up: false`). */
  ha: z.boolean().nullable().optional(),
  /** Administrators only. To change it, the router must be down (`admin_state_up: false`). */
  distributed: z.boolean().nullable().optional(),
  enable_ndp_proxy: z.boolean().nullable().optional(),
  qos_policy_id: z.string().nullable().optional(),
} as const;

/** Routers: between subnets, and to the outside. */
export const routers = resource({
  name: 'routers',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one router. */
    get: operation({
      verb: 'GET',
      path: 'routers/{id}',
      receive: 'router',
      input: args({ id: z.string() }),
      output: Router,
    }),
    /** Iterate over routers: one's own; all of the cloud for administrators. */
    list: operation({
      verb: 'GET',
      path: 'routers',
      receive: 'routers',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: Router,
    }),
    /** Iterate over some fields of routers only. */
    listFields: operation({
      verb: 'GET',
      path: 'routers',
      receive: 'routers',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(Router),
    }),
    /** Create a router. */
    create: operation({
      verb: 'POST',
      path: 'routers',
      send: 'router',
      receive: 'router',
      input: args({
        ...Common,
        ...ForProject,
        flavor_id: z.string().optional(),
        availability_zone_hints: z.array(z.string()).optional(),
        /** Administrators only. */
        enable_default_route_bfd: Flag,
        /** Administrators only. */
        enable_default_route_ecmp: Flag,
        tags: z.array(z.string()).optional(),
      }),
      output: Router,
      status: 201,
    }),
    /** Change a router. Routes given replace those that were there: to change some, see `addExtraRoutes`. */
    update: operation({
      verb: 'PUT',
      path: 'routers/{id}',
      headers: revisionHeader,
      send: 'router',
      receive: 'router',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        ...Common,
        routes: z.array(Route).nullable().optional(),
        enable_default_route_bfd: Flag,
        enable_default_route_ecmp: Flag,
      }),
      output: Router,
    }),
    /** Delete a router. Neutron answers 409 while it has interfaces. */
    delete: operation({
      verb: 'DELETE',
      path: 'routers/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
    ...routerActions,
  },
});
