import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

/** The network that Neutron made for a project. */
export const AutoAllocatedTopology = answer({
  /** The id of the network; for a check, `dry-run=pass`. */
  id: z.string(),
  tenant_id: z.string().optional(),
  project_id: z.string().optional(),
});
export type AutoAllocatedTopology = OutputAt<typeof AutoAllocatedTopology>;

const Whose = args({
  /** `null` is one's own. */
  project_id: z.string(),
});

/** A network, a subnet and a router made at need (extension `auto-allocated-topology`). */
export const autoAllocatedTopology = resource({
  name: 'autoAllocatedTopology',
  operations: {
    /** Have the project's topology, which this makes if there is none. */
    get: operation({
      verb: 'GET',
      path: 'auto-allocated-topology/{project_id}',
      receive: 'auto_allocated_topology',
      input: Whose,
      output: AutoAllocatedTopology,
    }),
    /** Check whether it could be made, with `fields: 'dry-run'`. Neutron answers 409 with what is missing. */
    check: operation({
      verb: 'GET',
      path: 'auto-allocated-topology/{project_id}',
      receive: 'auto_allocated_topology',
      input: args({ project_id: z.string(), fields: z.literal('dry-run') }),
      output: AutoAllocatedTopology,
    }),
    /** Delete the topology. Neutron answers 409 while ports are on it. */
    delete: operation({ verb: 'DELETE', path: 'auto-allocated-topology/{project_id}', input: Whose }),
  },
});
