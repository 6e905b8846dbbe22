import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { Agent } from './agent.ts';

/** A process that advertises the routes of networks by BGP. */
export const BgpSpeaker = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  ip_version: z.number(),
  local_as: z.number(),
  /** Ids. */
  peers: z.array(z.string()),
  /** Ids. */
  networks: z.array(z.string()),
  advertise_floating_ip_host_routes: z.boolean(),
  advertise_tenant_networks: z.boolean(),
});
export type BgpSpeaker = OutputAt<typeof BgpSpeaker>;

const WithPeer = args({ id: z.string(), bgp_peer_id: z.string() });
const WithNetwork = args({ id: z.string(), network_id: z.string() });

const ById = args({ id: z.string() });

/** BGP speakers. (Extension `bgp`; administrators only.) */
export const bgpSpeakers = resource({
  name: 'bgpSpeakers',
  findBy: 'name',
  operations: {
    /** Show one speaker. */
    get: operation({
      verb: 'GET',
      path: 'bgp-speakers/{id}',
      receive: 'bgp_speaker',
      input: ById,
      output: BgpSpeaker,
    }),
    /** Iterate over speakers. */
    list: operation({
      verb: 'GET',
      path: 'bgp-speakers',
      receive: 'bgp_speakers',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        ip_version: Count,
        local_as: Count,
        advertise_floating_ip_host_routes: Flag,
        advertise_tenant_networks: Flag,
        ...Paging,
      }),
      output: BgpSpeaker,
    }),
    /** Create a speaker. */
    create: operation({
      verb: 'POST',
      path: 'bgp-speakers',
      send: 'bgp_speaker',
      receive: 'bgp_speaker',
      input: args({
        name: z.string().optional(),
        local_as: Whole,
        ip_version: z.union([z.literal(4), z.literal(6), z.enum(['4', '6'])]),
        advertise_floating_ip_host_routes: Flag,
        advertise_tenant_networks: Flag,
        ...ForProject,
      }),
      output: BgpSpeaker,
      status: 201,
    }),
    /** Change a speaker. */
    update: operation({
      verb: 'PUT',
      path: 'bgp-speakers/{id}',
      send: 'bgp_speaker',
      receive: 'bgp_speaker',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        advertise_floating_ip_host_routes: Flag,
        advertise_tenant_networks: Flag,
      }),
      output: BgpSpeaker,
    }),
    /** Delete a speaker. */
    delete: operation({
      verb: 'DELETE',
      path: 'bgp-speakers/{id}',
      input: ById,
    }),
    /** Advertise to a peer. */
    addPeer: operation({
      verb: 'PUT',
      path: 'bgp-speakers/{id}/add_bgp_peer',
      input: WithPeer,
      output: answer({ bgp_peer_id: z.string() }),
      idempotent: false,
    }),
    /** Advertise to a peer no longer. */
    removePeer: operation({
      verb: 'PUT',
      path: 'bgp-speakers/{id}/remove_bgp_peer',
      input: WithPeer,
      idempotent: false,
    }),
    /** Advertise the routes of an external network. */
    addNetwork: operation({
      verb: 'PUT',
      path: 'bgp-speakers/{id}/add_gateway_network',
      input: WithNetwork,
      output: answer({ network_id: z.string() }),
      idempotent: false,
    }),
    /** Advertise the routes of a network no longer. */
    removeNetwork: operation({
      verb: 'PUT',
      path: 'bgp-speakers/{id}/remove_gateway_network',
      input: WithNetwork,
      idempotent: false,
    }),
    /** The routes that are advertised, in one answer. */
    listRoutes: operation({
      verb: 'GET',
      path: 'bgp-speakers/{id}/get_advertised_routes',
      receive: 'advertised_routes',
      page: 'none',
      input: ById,
      output: answer({ destination: z.string(), next_hop: z.string() }),
    }),
    /** The agents that a speaker is on, in one answer. */
    listAgents: operation({
      verb: 'GET',
      path: 'bgp-speakers/{id}/bgp-dragents',
      receive: 'agents',
      page: 'none',
      input: ById,
      output: Agent,
    }),
    /** The speakers on an agent, in one answer. */
    listOnAgent: operation({
      verb: 'GET',
      path: 'agents/{agent_id}/bgp-drinstances',
      receive: 'bgp_speakers',
      page: 'none',
      input: args({ agent_id: z.string() }),
      output: BgpSpeaker,
    }),
  },
});
