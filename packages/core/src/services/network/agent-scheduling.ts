import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Network } from './networks.ts';
import { Router } from './router.ts';

const ById = args({ id: z.string() });
const WithRouter = args({ id: z.string(), router_id: z.string() });
const WithNetwork = args({ id: z.string(), network_id: z.string() });

/** The networks and routers that an agent serves. Administrators only. */
export const agentScheduling = {
  /** The routers on an L3 agent, in one answer. */
  listRouters: operation({
    verb: 'GET',
    path: 'agents/{id}/l3-routers',
    receive: 'routers',
    page: 'none',
    input: ById,
    output: Router,
  }),
  /**
   * Put a router on an L3 agent. Neutron answers 409 if another has it, unless the router is an HA one: to move it,
   * `removeRouter` it there first.
   */
  addRouter: operation({ verb: 'POST', path: 'agents/{id}/l3-routers', input: WithRouter, status: 201 }),
  /** Take a router off an L3 agent. Traffic through it ends. */
  removeRouter: operation({ verb: 'DELETE', path: 'agents/{id}/l3-routers/{router_id}', input: WithRouter }),
  /** The networks on a DHCP agent, in one answer. */
  listNetworks: operation({
    verb: 'GET',
    path: 'agents/{id}/dhcp-networks',
    receive: 'networks',
    page: 'none',
    input: ById,
    output: Network,
  }),
  /** Put a network on a DHCP agent, beside those that serve it already. */
  addNetwork: operation({ verb: 'POST', path: 'agents/{id}/dhcp-networks', input: WithNetwork, status: 201 }),
  /** Take a network off a DHCP agent. */
  removeNetwork: operation({
    verb: 'DELETE',
    path: 'agents/{id}/dhcp-networks/{network_id}',
    input: WithNetwork,
  }),
} as const;
