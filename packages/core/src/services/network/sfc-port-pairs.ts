import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** The way in and out of a service function. */
export const SfcPortPair = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  ingress: z.string(),
  egress: z.string(),
  /** Parameters of the driver. */
  service_function_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type SfcPortPair = OutputAt<typeof SfcPortPair>;

const ById = args({ id: z.string() });

/** Port pairs. (Extension `sfc`.) */
export const portPairs = resource({
  name: 'portPairs',
  findBy: 'name',
  operations: {
    /** Show one port pair. */
    get: operation({
      verb: 'GET',
      path: 'sfc/port_pairs/{id}',
      receive: 'port_pair',
      input: ById,
      output: SfcPortPair,
    }),
    /** Iterate over port pairs. */
    list: operation({
      verb: 'GET',
      path: 'sfc/port_pairs',
      receive: 'port_pairs',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        ingress: Text,
        egress: Text,
        ...Paging,
      }),
      output: SfcPortPair,
    }),
    /** Create a port pair. */
    create: operation({
      verb: 'POST',
      path: 'sfc/port_pairs',
      send: 'port_pair',
      receive: 'port_pair',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        ingress: z.string(),
        egress: z.string(),
        /** Parameters of the driver. */
        service_function_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
        ...ForProject,
      }),
      output: SfcPortPair,
      status: 201,
    }),
    /** Change a port pair. */
    update: operation({
      verb: 'PUT',
      path: 'sfc/port_pairs/{id}',
      send: 'port_pair',
      receive: 'port_pair',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
        ...ForProject,
      }),
      output: SfcPortPair,
    }),
    /** Delete a port pair. */
    delete: operation({
      verb: 'DELETE',
      path: 'sfc/port_pairs/{id}',
      input: ById,
    }),
  },
});
