import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

const WithGroup = args({
  id: z.string(),
  /** Name or id of the security group. */
  name: z.string(),
});
const WithAddress = args({ id: z.string(), address: z.string() });

/** Actions on a server's network. Those that only pass a call on to Neutron are gone with 2.44. */
export const serverNetworkActions = {
  /** Add a security group to all ports of the server. */
  addSecurityGroup: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'addSecurityGroup',
    input: WithGroup,
    status: 202,
  }),
  /** Take a security group from all ports of the server. */
  removeSecurityGroup: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'removeSecurityGroup',
    input: WithGroup,
    status: 202,
  }),
  /** Associate a floating address. From 2.44 on it is a matter of Neutron's `floatingips`. */
  addFloatingIp: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'addFloatingIp',
    input: args({
      id: z.string(),
      address: z.string(),
      /** Needed if the server has several addresses. */
      fixed_address: z.string().optional(),
    }),
    until: '2.44',
    status: 202,
  }),
  /** Take a floating address away. The address itself stays. */
  removeFloatingIp: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'removeFloatingIp',
    input: WithAddress,
    until: '2.44',
    status: 202,
  }),
  /** Give the server another address, in this network. */
  addFixedIp: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'addFixedIp',
    input: args({ id: z.string(), networkId: z.string() }),
    until: '2.44',
    status: 202,
  }),
  /** Take an address away. */
  removeFixedIp: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'removeFixedIp',
    input: WithAddress,
    until: '2.44',
    status: 202,
  }),
};
