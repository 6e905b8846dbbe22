import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { GivenSecret } from '../../record/secret-fields.ts';

/** A router of the provider, to which routes are advertised. */
export const BgpPeer = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  peer_ip: z.string(),
  remote_as: z.number(),
  /** `none`, `md5`. */
  auth_type: z.string(),
});
export type BgpPeer = OutputAt<typeof BgpPeer>;

const ById = args({ id: z.string() });

/** BGP peers. (Extension `bgp`; administrators only.) */
export const bgpPeers = resource({
  name: 'bgpPeers',
  findBy: 'name',
  operations: {
    /** Show one peer. */
    get: operation({
      verb: 'GET',
      path: 'bgp-peers/{id}',
      receive: 'bgp_peer',
      input: ById,
      output: BgpPeer,
    }),
    /** Iterate over peers. */
    list: operation({
      verb: 'GET',
      path: 'bgp-peers',
      receive: 'bgp_peers',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        peer_ip: Text,
        remote_as: Count,
        auth_type: Text,
        ...Paging,
      }),
      output: BgpPeer,
    }),
    /** Create a peer. */
    create: operation({
      verb: 'POST',
      path: 'bgp-peers',
      send: 'bgp_peer',
      receive: 'bgp_peer',
      input: args({
        name: z.string().optional(),
        peer_ip: z.string(),
        remote_as: Whole,
        /** @default 'none' */
        auth_type: z.enum(['none', 'md5']).optional(),
        password: GivenSecret.optional(),
        ...ForProject,
      }),
      output: BgpPeer,
      status: 201,
    }),
    /** Change a peer. */
    update: operation({
      verb: 'PUT',
      path: 'bgp-peers/{id}',
      send: 'bgp_peer',
      receive: 'bgp_peer',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        password: GivenSecret.optional(),
      }),
      output: BgpPeer,
    }),
    /** Delete a peer. */
    delete: operation({
      verb: 'DELETE',
      path: 'bgp-peers/{id}',
      input: ById,
    }),
  },
});
