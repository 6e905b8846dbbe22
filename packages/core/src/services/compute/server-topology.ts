import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** The NUMA nodes of a server. */
export const Topology = answer({
  nodes: z.array(
    tolerant({
      /** MiB. */
      memory_mb: z.number(),
      /** The server's processors in this node. */
      vcpu_set: z.array(z.number()),
      /** Groups of processors that share a core. */
      siblings: z.array(z.array(z.number())),
      /** Host processor by server processor. Administrators, and only if pinned. */
      cpu_pinning: z.record(z.string(), z.number()).optional(),
      /** Administrators. */
      host_node: z.number().optional(),
    }),
  ),
  pagesize_kb: z.number().nullable(),
});
export type Topology = OutputAt<typeof Topology>;

/** The placement of one server on the NUMA nodes of its host. */
export const serverTopology = resource({
  name: 'serverTopology',
  operations: {
    /** Show it. `nodes` is empty for a server without a NUMA topology. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/topology',
      input: args({ server_id: z.string() }),
      output: Topology,
      since: '2.78',
    }),
  },
});
