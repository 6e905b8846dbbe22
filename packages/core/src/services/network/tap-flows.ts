import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A port of whose traffic copies are made. */
export const TapFlow = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  source_port: z.string(),
  tap_service_id: z.string(),
  /** `IN`, `OUT`, `BOTH`. */
  direction: z.string(),
  status: z.string().optional(),
  vlan_filter: z.string().nullable().optional(),
});
export type TapFlow = OutputAt<typeof TapFlow>;

const ById = args({ id: z.string() });

/** Tap flows. (Extension `taas`.) */
export const tapFlows = resource({
  name: 'tapFlows',
  findBy: 'name',
  operations: {
    /** Show one flow. */
    get: operation({
      verb: 'GET',
      path: 'taas/tap_flows/{id}',
      receive: 'tap_flow',
      input: ById,
      output: TapFlow,
    }),
    /** Iterate over flows. */
    list: operation({
      verb: 'GET',
      path: 'taas/tap_flows',
      receive: 'tap_flows',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        source_port: Text,
        tap_service_id: Text,
        direction: Text,
        status: Text,
        ...Paging,
      }),
      output: TapFlow,
    }),
    /** Create a flow. */
    create: operation({
      verb: 'POST',
      path: 'taas/tap_flows',
      send: 'tap_flow',
      receive: 'tap_flow',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        source_port: z.string(),
        tap_service_id: z.string(),
        direction: z.enum(['IN', 'OUT', 'BOTH']),
        vlan_filter: z.string().nullable().optional(),
        ...ForProject,
      }),
      output: TapFlow,
      status: 201,
    }),
    /** Rename or describe a flow. */
    update: operation({
      verb: 'PUT',
      path: 'taas/tap_flows/{id}',
      send: 'tap_flow',
      receive: 'tap_flow',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: TapFlow,
    }),
    /** Delete a flow. */
    delete: operation({
      verb: 'DELETE',
      path: 'taas/tap_flows/{id}',
      input: ById,
    }),
  },
});
