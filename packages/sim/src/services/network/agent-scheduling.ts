import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { record, str } from '../../wire.ts';
import { findAgent, agentView } from './agents.ts';
import type { NetworkEntity } from './state.ts';

export const agentSchedulingRoutes: Routes = {
  ...scheduling('l3-routers', 'l3-agents', 'routers', 'router_id', 'RouterHostedByL3Agent'),
  ...scheduling('dhcp-networks', 'dhcp-agents', 'networks', 'network_id', 'NetworkHostedByDHCPAgent'),
};

/** The routes for what an agent hosts, and for the agents that host a router or network. */
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
      const agent = findAgent(call);
      const hosted = call.state.network.entities[kind].filter((entity: NetworkEntity) =>
        hosts(call, entity.id).has(agent.id),
      );
      return ok({ [kind]: hosted });
    }),
    [`POST agents/{id}/${below}`]: admin(`rule:create_${below}`, (call) => {
      const agent = findAgent(call);
      const id = str(record(call.body)[field]);
      const set = hosts(call, id);
      if (set.has(agent.id))
        throw conflict(`The ${human} ${id} has been already hosted by the agent ${agent.id}.`, twice);
      set.add(agent.id);
      return created(null);
    }),
    [`DELETE agents/{id}/${below}/{entity}`]: admin(`rule:delete_${below}`, (call) => {
      hosts(call, call.param('entity')).delete(findAgent(call).id);
      return noContent;
    }),
    [`GET ${kind}/{id}/${agents}`]: admin(`rule:get_${agents}`, (call) => {
      const set = hosts(call, call.param('id'));
      const found = call.state.network.agents
        .filter((agent) => set.has(agent.id))
        .map((agent) => agentView(call, agent));
      return ok({
        agents:
          kind === 'routers'
            ? found.map((agent) => ({ ...agent, resource_versions: {}, ha_state: null }))
            : found,
      });
    }),
  };
}

function hosts(call: Call, id: string): Set<string> {
  const known = call.state.network.hosting.get(id) ?? new Set<string>();
  call.state.network.hosting.set(id, known);
  return known;
}
