import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { known } from '../../record/tolerant.ts';

/** A router with its subnets, as the near end of VPNs. */
export const VpnService = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  router_id: z.string(),
  subnet_id: z.string().nullable(),
  flavor_id: z.string().nullable().optional(),
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `DOWN`, `ERROR`, `PENDING_CREATE`, `PENDING_UPDATE`, `PENDING_DELETE`. */
  status: known(['ACTIVE', 'DOWN', 'ERROR', 'PENDING_CREATE', 'PENDING_UPDATE', 'PENDING_DELETE']),
  external_v4_ip: z.string().nullable().optional(),
  external_v6_ip: z.string().nullable().optional(),
});
export type VpnService = OutputAt<typeof VpnService>;

const ById = args({ id: z.string() });

/** VPN services: VPN (extension `vpnaas`). */
export const vpnServices = resource({
  name: 'vpnServices',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one service. */
    get: operation({
      verb: 'GET',
      path: 'vpn/vpnservices/{id}',
      receive: 'vpnservice',
      input: ById,
      output: VpnService,
    }),
    /** Iterate over services. */
    list: operation({
      verb: 'GET',
      path: 'vpn/vpnservices',
      receive: 'vpnservices',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        router_id: Text,
        subnet_id: Text,
        admin_state_up: Flag,
        status: Text,
        ...Paging,
      }),
      output: VpnService,
    }),
    /** Create a service. */
    create: operation({
      verb: 'POST',
      path: 'vpn/vpnservices',
      send: 'vpnservice',
      receive: 'vpnservice',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        router_id: z.string(),
        /** Left out where endpoint groups say it. */
        subnet_id: z.string().nullable().optional(),
        flavor_id: z.string().nullable().optional(),
        admin_state_up: Flag,
        ...ForProject,
      }),
      output: VpnService,
      status: 201,
    }),
    /** Change a service. */
    update: operation({
      verb: 'PUT',
      path: 'vpn/vpnservices/{id}',
      send: 'vpnservice',
      receive: 'vpnservice',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
        subnet_id: z.string().nullable().optional(),
        admin_state_up: Flag,
      }),
      output: VpnService,
    }),
    /** Delete a service. */
    delete: operation({
      verb: 'DELETE',
      path: 'vpn/vpnservices/{id}',
      input: ById,
    }),
  },
});
