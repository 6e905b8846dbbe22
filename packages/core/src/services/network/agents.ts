import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { agentScheduling } from './agent-scheduling.ts';
import { Agent } from './agent.ts';
import { Flag, Text } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';

const Filters = {
  id: Text,
  agent_type: Text,
  binary: Text,
  host: Text,
  alive: Flag,
  admin_state_up: Flag,
  availability_zone: Text,
  topic: Text,
  description: Text,
  ...Paging,
} as const;

/** Neutron's agents. Administrators only. */
export const agents = resource({
  name: 'agents',
  operations: {
    /** Show one agent. */
    get: operation({
      verb: 'GET',
      path: 'agents/{id}',
      receive: 'agent',
      input: args({ id: z.string() }),
      output: Agent,
    }),
    /**
     * Iterate over agents. Others than administrators have an empty list and no error: Neutron leaves out what they
     * may not see (`neutron/api/v2/base.py`, `_items`). An empty list does not mean that there are none.
     * @example
     * for await (const agent of cloud.network.agents.list({ alive: false })) …
     */
    list: operation({
      verb: 'GET',
      path: 'agents',
      receive: 'agents',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: Agent,
    }),
    /** Iterate over some fields of agents only. */
    listFields: operation({
      verb: 'GET',
      path: 'agents',
      receive: 'agents',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(Agent),
    }),
    /** Take an agent out of scheduling with `admin_state_up: false`, or describe it. What it serves stays with it. */
    update: operation({
      verb: 'PUT',
      path: 'agents/{id}',
      send: 'agent',
      receive: 'agent',
      input: args({ id: z.string(), admin_state_up: Flag, description: z.string().nullable().optional() }),
      output: Agent,
    }),
    /** Forget an agent. One that still runs comes back with its next report. */
    delete: operation({ verb: 'DELETE', path: 'agents/{id}', input: args({ id: z.string() }) }),
    ...agentScheduling,
  },
});
