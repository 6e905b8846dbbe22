import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Agent } from './agent.ts';
import { NewGateway, Route } from './router-arguments.ts';
import { RoutedRouter, Router, RouterInterface } from './router.ts';

const Interface = args({
  id: z.string(),
  /** By subnet: Neutron makes the port, with the subnet's gateway as its address. */
  subnet_id: z.string().optional(),
  /** By a port that is there. */
  port_id: z.string().optional(),
});

const Routes = args({ id: z.string(), routes: z.array(Route) });

const Gateways = args({ id: z.string(), external_gateways: z.array(NewGateway) });

/** Operations that change a part of a router and leave the rest. */
export const routerActions = {
  /**
   * Connect a router with a subnet, by either `subnet_id` or `port_id`. Not to be repeated: the second answers
   * 400.
   */
  addInterface: operation({
    verb: 'PUT',
    path: 'routers/{id}/add_router_interface',
    input: Interface,
    output: RouterInterface,
    idempotent: false,
  }),
  /** Disconnect a router from a subnet; the port goes with it. Given both, they must belong together. */
  removeInterface: operation({
    verb: 'PUT',
    path: 'routers/{id}/remove_router_interface',
    input: Interface,
    output: RouterInterface,
    idempotent: false,
  }),
  /** Add routes; those that are there already are left (extension `extraroute-atomic`). */
  addExtraRoutes: operation({
    verb: 'PUT',
    path: 'routers/{id}/add_extraroutes',
    send: 'router',
    receive: 'router',
    input: Routes,
    output: RoutedRouter,
  }),
  /** Remove routes; those that are gone already are no error (extension `extraroute-atomic`). */
  removeExtraRoutes: operation({
    verb: 'PUT',
    path: 'routers/{id}/remove_extraroutes',
    send: 'router',
    receive: 'router',
    input: Routes,
    output: RoutedRouter,
  }),
  /**
   * Add gateways; the first of a router without any becomes its `external_gateway_info` (extension
   * `external-gateway-multihoming`).
   */
  addExternalGateways: operation({
    verb: 'PUT',
    path: 'routers/{id}/add_external_gateways',
    send: 'router',
    receive: 'router',
    input: Gateways,
    output: Router,
    idempotent: false,
  }),
  /** Change gateways, each found by its network and addresses (extension `external-gateway-multihoming`). */
  updateExternalGateways: operation({
    verb: 'PUT',
    path: 'routers/{id}/update_external_gateways',
    send: 'router',
    receive: 'router',
    input: Gateways,
    output: Router,
  }),
  /** Remove gateways, each found by its network and addresses (extension `external-gateway-multihoming`). */
  removeExternalGateways: operation({
    verb: 'PUT',
    path: 'routers/{id}/remove_external_gateways',
    send: 'router',
    receive: 'router',
    input: Gateways,
    output: Router,
    idempotent: false,
  }),
  /** The L3 agents that serve a router; of an HA router with `ha_state`. Administrators only. */
  listAgents: operation({
    verb: 'GET',
    path: 'routers/{id}/l3-agents',
    receive: 'agents',
    page: 'none',
    input: args({ id: z.string() }),
    output: Agent,
  }),
} as const;
