import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A router in a BGP VPN. */
export const BgpvpnRouterAssociation = answer({
  id: z.string(),
  ...Owner,
  router_id: z.string(),
  advertise_extra_routes: z.boolean().optional(),
});
export type BgpvpnRouterAssociation = OutputAt<typeof BgpvpnRouterAssociation>;

const ById = args({ bgpvpn_id: z.string(), id: z.string() });

/** Routers of a BGP VPN. (Extension `bgpvpn`.) */
export const bgpvpnRouterAssociations = resource({
  name: 'bgpvpnRouterAssociations',
  operations: {
    /** Show one association. */
    get: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/router_associations/{id}',
      receive: 'router_association',
      input: ById,
      output: BgpvpnRouterAssociation,
    }),
    /** Iterate over the routers of a VPN. */
    list: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/router_associations',
      receive: 'router_associations',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        bgpvpn_id: z.string(),
        id: Text,
        project_id: Text,
        router_id: Text,
        ...Paging,
      }),
      output: BgpvpnRouterAssociation,
    }),
    /** Take a router into a VPN. */
    create: operation({
      verb: 'POST',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/router_associations',
      send: 'router_association',
      receive: 'router_association',
      input: args({
        bgpvpn_id: z.string(),
        router_id: z.string(),
        advertise_extra_routes: Flag,
        ...ForProject,
      }),
      output: BgpvpnRouterAssociation,
      status: 201,
    }),
    /** Change an association. */
    update: operation({
      verb: 'PUT',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/router_associations/{id}',
      send: 'router_association',
      receive: 'router_association',
      input: args({
        bgpvpn_id: z.string(),
        id: z.string(),
        advertise_extra_routes: Flag,
      }),
      output: BgpvpnRouterAssociation,
    }),
    /** Take a router out of a VPN. */
    delete: operation({
      verb: 'DELETE',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/router_associations/{id}',
      input: ById,
    }),
  },
});
