import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A port in a BGP VPN. */
export const BgpvpnPortAssociation = answer({
  id: z.string(),
  ...Owner,
  port_id: z.string(),
  advertise_fixed_ips: z.boolean(),
  routes: z
    .array(
      tolerant({
        type: z.string(),
        prefix: z.string().optional(),
        bgpvpn_id: z.string().optional(),
        local_pref: z.number().nullable().optional(),
      }),
    )
    .optional(),
});
export type BgpvpnPortAssociation = OutputAt<typeof BgpvpnPortAssociation>;

const ById = args({ bgpvpn_id: z.string(), id: z.string() });

/** Ports of a BGP VPN. (Extension `bgpvpn`.) */
export const bgpvpnPortAssociations = resource({
  name: 'bgpvpnPortAssociations',
  operations: {
    /** Show one association. */
    get: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/port_associations/{id}',
      receive: 'port_association',
      input: ById,
      output: BgpvpnPortAssociation,
    }),
    /** Iterate over the ports of a VPN. */
    list: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/port_associations',
      receive: 'port_associations',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        bgpvpn_id: z.string(),
        id: Text,
        project_id: Text,
        port_id: Text,
        ...Paging,
      }),
      output: BgpvpnPortAssociation,
    }),
    /** Take a port into a VPN. */
    create: operation({
      verb: 'POST',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/port_associations',
      send: 'port_association',
      receive: 'port_association',
      input: args({
        bgpvpn_id: z.string(),
        port_id: z.string(),
        advertise_fixed_ips: Flag,
        routes: z
          .array(
            z.strictObject({
              type: z.enum(['prefix', 'bgpvpn']),
              prefix: z.string().optional(),
              bgpvpn_id: z.string().optional(),
              local_pref: z.number().nullable().optional(),
            }),
          )
          .optional(),
        ...ForProject,
      }),
      output: BgpvpnPortAssociation,
      status: 201,
    }),
    /** Change an association. */
    update: operation({
      verb: 'PUT',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/port_associations/{id}',
      send: 'port_association',
      receive: 'port_association',
      input: args({
        bgpvpn_id: z.string(),
        id: z.string(),
        port_id: z.string().optional(),
        advertise_fixed_ips: Flag,
        routes: z
          .array(
            z.strictObject({
              type: z.enum(['prefix', 'bgpvpn']),
              prefix: z.string().optional(),
              bgpvpn_id: z.string().optional(),
              local_pref: z.number().nullable().optional(),
            }),
          )
          .optional(),
      }),
      output: BgpvpnPortAssociation,
    }),
    /** Take a port out of a VPN. */
    delete: operation({
      verb: 'DELETE',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/port_associations/{id}',
      input: ById,
    }),
  },
});
