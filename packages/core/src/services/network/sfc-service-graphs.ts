import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** Chains that branch into chains. */
export const SfcServiceGraph = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  /** Each chain with those that follow it. */
  port_chains: z.record(z.string(), z.array(z.string())),
});
export type SfcServiceGraph = OutputAt<typeof SfcServiceGraph>;

const ById = args({ id: z.string() });

/** Service graphs. (Extension `sfc`.) */
export const serviceGraphs = resource({
  name: 'serviceGraphs',
  findBy: 'name',
  operations: {
    /** Show one graph. */
    get: operation({
      verb: 'GET',
      path: 'sfc/service_graphs/{id}',
      receive: 'service_graph',
      input: ById,
      output: SfcServiceGraph,
    }),
    /** Iterate over graphs. */
    list: operation({
      verb: 'GET',
      path: 'sfc/service_graphs',
      receive: 'service_graphs',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        ...Paging,
      }),
      output: SfcServiceGraph,
    }),
    /** Create a graph. */
    create: operation({
      verb: 'POST',
      path: 'sfc/service_graphs',
      send: 'service_graph',
      receive: 'service_graph',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        port_chains: z.record(z.string(), z.array(z.string())),
        ...ForProject,
      }),
      output: SfcServiceGraph,
      status: 201,
    }),
    /** Rename or describe a graph. */
    update: operation({
      verb: 'PUT',
      path: 'sfc/service_graphs/{id}',
      send: 'service_graph',
      receive: 'service_graph',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: SfcServiceGraph,
    }),
    /** Delete a graph. */
    delete: operation({
      verb: 'DELETE',
      path: 'sfc/service_graphs/{id}',
      input: ById,
    }),
  },
});
