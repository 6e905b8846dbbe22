import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { flag, type Json, record, spaced, text, str } from '../../wire.ts';
import { missingOf, pageOf, pickFields } from './resource.ts';
import type { Agent, NetworkEntity } from './state.ts';

/** `agent_down_time`: a heartbeat older than this means dead. */
const AGENT_DOWN = 75_000;
/** `report_interval` */
const REPORT = 30_000;

const missing = missingOf('AgentNotFound', 'Agent');

export const agentRoutes: Routes = {
  'GET agents': (call) => {
    const agents = call.admin ? call.state.network.agents.values().map((agent) => show(call, agent)) : [];
    const page = pageOf(call, agents, missing);
    return ok({ agents: page.items.map((item) => pickFields(call, item)), ...page.links('agents') });
  },
  'GET agents/{id}': (call) => ok({ agent: show(call, find(call)) }),
  'PUT agents/{id}': admin('rule:update_agent', (call) => {
    const agent = find(call);
    const given = record(record(call.body)['agent']);
    agent.admin_state_up = flag(given['admin_state_up']) ?? agent.admin_state_up;
    agent.description = text(given['description']) ?? agent.description;
    return ok({ agent: show(call, agent) });
  }),
  'DELETE agents/{id}': admin('rule:delete_agent', (call) => {
    const agent = find(call);
    call.state.network.agents.delete(agent.id);
    for (const set of call.state.network.hosting.values()) set.delete(agent.id);
    return noContent;
  }),
  ...scheduling('l3-routers', 'l3-agents', 'routers', 'router_id', 'RouterHostedByL3Agent'),
  ...scheduling('dhcp-networks', 'dhcp-agents', 'networks', 'network_id', 'NetworkHostedByDHCPAgent'),
};

/** What an agent hosts, and which agents host a thing. */
function scheduling(
  below: string,
  agents: string,
  kind: 'routers' | 'networks',
  field: string,
  twice: string,
): Routes {
  const human = kind === 'routers' ? 'router' : 'network';
  return {
    [`GET agents/{id}/${below}`]: admin(`rule:get_${below}`, (call) => {
      const agent = find(call);
      const hosted = call.state.network.entities[kind].filter((entity: NetworkEntity) =>
        hosts(call, entity.id).has(agent.id),
      );
      return ok({ [kind]: hosted });
    }),
    [`POST agents/{id}/${below}`]: admin(`rule:create_${below}`, (call) => {
      const agent = find(call);
      const id = str(record(call.body)[field]);
      const set = hosts(call, id);
      if (set.has(agent.id))
        throw conflict(`The ${human} ${id} has been already hosted by the agent ${agent.id}.`, twice);
      set.add(agent.id);
      return created(null);
    }),
    [`DELETE agents/{id}/${below}/{entity}`]: admin(`rule:delete_${below}`, (call) => {
      hosts(call, call.param('entity')).delete(find(call).id);
      return noContent;
    }),
    [`GET ${kind}/{id}/${agents}`]: admin(`rule:get_${agents}`, (call) => {
      const set = hosts(call, call.param('id'));
      const found = call.state.network.agents
        .filter((agent) => set.has(agent.id))
        .map((agent) => show(call, agent));
      return ok({
        agents:
          kind === 'routers'
            ? found.map((agent) => ({ ...agent, resource_versions: {}, ha_state: null }))
            : found,
      });
    }),
  };
}

function find(call: Call): Agent {
  const agent = call.admin ? call.state.network.agents.get(call.param('id')) : undefined;
  if (agent === undefined) throw missing(call.param('id'));
  return agent;
}

/** Alive agents report every 30 seconds; a dead one's last report stays. */
function show(call: Call, agent: Agent): Json {
  const until = agent.deadSince ?? call.now;
  const beat = until - ((until - agent.created) % REPORT);
  const { deadSince: _dead, created: since, ...rest } = agent;
  return {
    ...rest,
    created_at: spaced(since),
    started_at: spaced(since),
    heartbeat_timestamp: spaced(beat),
    resources_synced: null,
    alive: call.now - beat < AGENT_DOWN,
  };
}

function hosts(call: Call, id: string): Set<string> {
  const known = call.state.network.hosting.get(id) ?? new Set<string>();
  call.state.network.hosting.set(id, known);
  return known;
}
