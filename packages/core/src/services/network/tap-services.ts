import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A port that receives copies of traffic. */
export const TapService = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  port_id: z.string(),
  status: z.string().optional(),
});
export type TapService = OutputAt<typeof TapService>;

const ById = args({ id: z.string() });

/** Tap services. (Extension `taas`.) */
export const tapServices = resource({
  name: 'tapServices',
  findBy: 'name',
  operations: {
    /** Show one service. */
    get: operation({
      verb: 'GET',
      path: 'taas/tap_services/{id}',
      receive: 'tap_service',
      input: ById,
      output: TapService,
    }),
    /** Iterate over services. */
    list: operation({
      verb: 'GET',
      path: 'taas/tap_services',
      receive: 'tap_services',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        port_id: Text,
        status: Text,
        ...Paging,
      }),
      output: TapService,
    }),
    /** Create a service. */
    create: operation({
      verb: 'POST',
      path: 'taas/tap_services',
      send: 'tap_service',
      receive: 'tap_service',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        port_id: z.string(),
        ...ForProject,
      }),
      output: TapService,
      status: 201,
    }),
    /** Rename or describe a service. */
    update: operation({
      verb: 'PUT',
      path: 'taas/tap_services/{id}',
      send: 'tap_service',
      receive: 'tap_service',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
      }),
      output: TapService,
    }),
    /** Delete a service. */
    delete: operation({
      verb: 'DELETE',
      path: 'taas/tap_services/{id}',
      input: ById,
    }),
  },
});
