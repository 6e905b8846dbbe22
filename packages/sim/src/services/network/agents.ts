import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { flag, type Json, record, spaced, text } from '../../wire.ts';
import { missingOf, pageOf, pickFields } from './resource.ts';
import type { Agent } from './state.ts';

/** `agent_down_time`: a heartbeat older than this means dead. */
const AGENT_DOWN = 75_000;
/** `report_interval` */
const REPORT = 30_000;

const missing = missingOf('AgentNotFound', 'Agent');

export const agentRoutes: Routes = {
  'GET agents': (call) => {
    const agents = call.admin
      ? call.state.network.agents.values().map((agent) => agentView(call, agent))
      : [];
    const page = pageOf(call, agents, missing);
    return ok({ agents: page.items.map((item) => pickFields(call, item)), ...page.links('agents') });
  },
  'GET agents/{id}': (call) => ok({ agent: agentView(call, findAgent(call)) }),
  'PUT agents/{id}': admin('rule:update_agent', (call) => {
    const agent = findAgent(call);
    const given = record(record(call.body)['agent']);
    agent.admin_state_up = flag(given['admin_state_up']) ?? agent.admin_state_up;
    agent.description = text(given['description']) ?? agent.description;
    return ok({ agent: agentView(call, agent) });
  }),
  'DELETE agents/{id}': admin('rule:delete_agent', (call) => {
    const agent = findAgent(call);
    call.state.network.agents.delete(agent.id);
    for (const set of call.state.network.hosting.values()) set.delete(agent.id);
    return noContent;
  }),
};

export function findAgent(call: Call): Agent {
  const agent = call.admin ? call.state.network.agents.get(call.param('id')) : undefined;
  if (agent === undefined) throw missing(call.param('id'));
  return agent;
}

/** The view of an agent. Running agents report every 30 seconds. */
export function agentView(call: Call, agent: Agent): Json {
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
