import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A network in a BGP VPN. */
export const BgpvpnNetworkAssociation = answer({
  id: z.string(),
  ...Owner,
  network_id: z.string(),
});
export type BgpvpnNetworkAssociation = OutputAt<typeof BgpvpnNetworkAssociation>;

const ById = args({ bgpvpn_id: z.string(), id: z.string() });

/** Networks of a BGP VPN. (Extension `bgpvpn`.) */
export const bgpvpnNetworkAssociations = resource({
  name: 'bgpvpnNetworkAssociations',
  operations: {
    /** Show one association. */
    get: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/network_associations/{id}',
      receive: 'network_association',
      input: ById,
      output: BgpvpnNetworkAssociation,
    }),
    /** Iterate over the networks of a VPN. */
    list: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/network_associations',
      receive: 'network_associations',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        bgpvpn_id: z.string(),
        id: Text,
        project_id: Text,
        network_id: Text,
        ...Paging,
      }),
      output: BgpvpnNetworkAssociation,
    }),
    /** Take a network into a VPN. */
    create: operation({
      verb: 'POST',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/network_associations',
      send: 'network_association',
      receive: 'network_association',
      input: args({
        bgpvpn_id: z.string(),
        network_id: z.string(),
        ...ForProject,
      }),
      output: BgpvpnNetworkAssociation,
      status: 201,
    }),
    /** Take a network out of a VPN. */
    delete: operation({
      verb: 'DELETE',
      path: 'bgpvpn/bgpvpns/{bgpvpn_id}/network_associations/{id}',
      input: ById,
    }),
  },
});
