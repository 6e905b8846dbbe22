import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** Service functions in the order that traffic takes. */
export const SfcPortChain = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  chain_id: z.number().nullable().optional(),
  flow_classifiers: z.array(z.string()),
  port_pair_groups: z.array(z.string()),
  /** Parameters of the driver. */
  chain_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type SfcPortChain = OutputAt<typeof SfcPortChain>;

const ById = args({ id: z.string() });

/** Port chains. (Extension `sfc`.) */
export const portChains = resource({
  name: 'portChains',
  findBy: 'name',
  operations: {
    /** Show one chain. */
    get: operation({
      verb: 'GET',
      path: 'sfc/port_chains/{id}',
      receive: 'port_chain',
      input: ById,
      output: SfcPortChain,
    }),
    /** Iterate over chains. */
    list: operation({
      verb: 'GET',
      path: 'sfc/port_chains',
      receive: 'port_chains',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        ...Paging,
      }),
      output: SfcPortChain,
    }),
    /** Create a chain. */
    create: operation({
      verb: 'POST',
      path: 'sfc/port_chains',
      send: 'port_chain',
      receive: 'port_chain',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        port_pair_groups: z.array(z.string()),
        flow_classifiers: z.array(z.string()).optional(),
        /** Parameters of the driver. */
        chain_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
        ...ForProject,
      }),
      output: SfcPortChain,
      status: 201,
    }),
    /** Change a chain. */
    update: operation({
      verb: 'PUT',
      path: 'sfc/port_chains/{id}',
      send: 'port_chain',
      receive: 'port_chain',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
        port_pair_groups: z.array(z.string()).optional(),
        flow_classifiers: z.array(z.string()).optional(),
        ...ForProject,
      }),
      output: SfcPortChain,
    }),
    /** Delete a chain. */
    delete: operation({
      verb: 'DELETE',
      path: 'sfc/port_chains/{id}',
      input: ById,
    }),
  },
});
