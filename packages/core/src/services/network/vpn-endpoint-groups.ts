import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** The subnets or addresses at one end of a VPN. */
export const VpnEndpointGroup = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  /** `cidr`, `subnet`, `network`, `router`, `vlan`. */
  type: z.string(),
  endpoints: z.array(z.string()),
});
export type VpnEndpointGroup = OutputAt<typeof VpnEndpointGroup>;

const ById = args({ id: z.string() });

/** Endpoint groups: VPN (extension `vpnaas`). */
export const vpnEndpointGroups = resource({
  name: 'vpnEndpointGroups',
  findBy: 'name',
  operations: {
    /** Show one group. */
    get: operation({
      verb: 'GET',
      path: 'vpn/endpoint-groups/{id}',
      receive: 'endpoint_group',
      input: ById,
      output: VpnEndpointGroup,
    }),
    /** Iterate over groups. */
    list: operation({
      verb: 'GET',
      path: 'vpn/endpoint-groups',
      receive: 'endpoint_groups',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        type: Text,
        ...Paging,
      }),
      output: VpnEndpointGroup,
    }),
    /** Create a group. */
    create: operation({
      verb: 'POST',
      path: 'vpn/endpoint-groups',
      send: 'endpoint_group',
      receive: 'endpoint_group',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        type: z.enum(['cidr', 'subnet', 'network', 'router', 'vlan']),
        endpoints: z.array(z.string()),
        ...ForProject,
      }),
      output: VpnEndpointGroup,
      status: 201,
    }),
    /** Rename or describe a group. */
    update: operation({
      verb: 'PUT',
      path: 'vpn/endpoint-groups/{id}',
      send: 'endpoint_group',
      receive: 'endpoint_group',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: VpnEndpointGroup,
    }),
    /** Delete a group. */
    delete: operation({
      verb: 'DELETE',
      path: 'vpn/endpoint-groups/{id}',
      input: ById,
    }),
  },
});
