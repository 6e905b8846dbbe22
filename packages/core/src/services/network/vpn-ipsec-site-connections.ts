import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { AnsweredSecret, GivenSecret } from '../../record/secret-fields.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A VPN to one other site. */
export const IpsecSiteConnection = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  vpnservice_id: z.string(),
  ikepolicy_id: z.string(),
  ipsecpolicy_id: z.string(),
  peer_address: z.string(),
  peer_id: z.string(),
  peer_cidrs: z.array(z.string()).nullable(),
  local_id: z.string().nullable().optional(),
  peer_ep_group_id: z.string().nullable(),
  local_ep_group_id: z.string().nullable(),
  /** The key that both ends know. */
  psk: AnsweredSecret.optional(),
  auth_mode: z.string(),
  route_mode: z.string(),
  /** `bi-directional`, `response-only`. */
  initiator: z.string(),
  mtu: z.number(),
  /** The action on a peer that does not answer. */
  dpd: tolerant({ action: z.string(), interval: z.number(), timeout: z.number() }),
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `DOWN`, `ERROR`, `PENDING_CREATE`, `PENDING_UPDATE`, `PENDING_DELETE`. */
  status: known(['ACTIVE', 'DOWN', 'ERROR', 'PENDING_CREATE', 'PENDING_UPDATE', 'PENDING_DELETE']),
});
export type IpsecSiteConnection = OutputAt<typeof IpsecSiteConnection>;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  peer_cidrs: z.array(z.string()).nullable().optional(),
  local_id: z.string().optional(),
  peer_ep_group_id: z.string().nullable().optional(),
  local_ep_group_id: z.string().nullable().optional(),
  /** @default 'bi-directional' */
  initiator: z.enum(['bi-directional', 'response-only']).optional(),
  /** @default 1500 */
  mtu: Whole.optional(),
  dpd: z
    .strictObject({
      action: z.enum(['hold', 'clear', 'disabled', 'restart', 'restart-by-peer']).optional(),
      /** Seconds. */
      interval: Whole.optional(),
      /** Seconds. */
      timeout: Whole.optional(),
    })
    .optional(),
  admin_state_up: Flag,
} as const;

const ById = args({ id: z.string() });

/** Connections: VPN (extension `vpnaas`). */
export const ipsecSiteConnections = resource({
  name: 'ipsecSiteConnections',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one connection. */
    get: operation({
      verb: 'GET',
      path: 'vpn/ipsec-site-connections/{id}',
      receive: 'ipsec_site_connection',
      input: ById,
      output: IpsecSiteConnection,
    }),
    /** Iterate over connections. */
    list: operation({
      verb: 'GET',
      path: 'vpn/ipsec-site-connections',
      receive: 'ipsec_site_connections',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        vpnservice_id: Text,
        ikepolicy_id: Text,
        ipsecpolicy_id: Text,
        admin_state_up: Flag,
        status: Text,
        ...Paging,
      }),
      output: IpsecSiteConnection,
    }),
    /** Create a connection. */
    create: operation({
      verb: 'POST',
      path: 'vpn/ipsec-site-connections',
      send: 'ipsec_site_connection',
      receive: 'ipsec_site_connection',
      input: args({
        ...Common,
        vpnservice_id: z.string(),
        ikepolicy_id: z.string(),
        ipsecpolicy_id: z.string(),
        peer_address: z.string(),
        peer_id: z.string(),
        psk: GivenSecret,
        ...ForProject,
      }),
      output: IpsecSiteConnection,
      status: 201,
    }),
    /** Change a connection. */
    update: operation({
      verb: 'PUT',
      path: 'vpn/ipsec-site-connections/{id}',
      send: 'ipsec_site_connection',
      receive: 'ipsec_site_connection',
      input: args({
        id: z.string(),
        ...Common,
        peer_address: z.string().optional(),
        peer_id: z.string().optional(),
        psk: GivenSecret.optional(),
      }),
      output: IpsecSiteConnection,
    }),
    /** Delete a connection. */
    delete: operation({
      verb: 'DELETE',
      path: 'vpn/ipsec-site-connections/{id}',
      input: ById,
    }),
  },
});
