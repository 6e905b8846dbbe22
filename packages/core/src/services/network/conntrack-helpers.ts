import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { Owner } from './standard-attributes.ts';

/** A helper by which a router follows a protocol that opens further connections. */
export const ConntrackHelper = answer({
  id: z.string(),
  ...Owner,
  protocol: z.string(),
  port: z.number(),
  /** `ftp`, `sip`, `tftp`, … */
  helper: z.string(),
});
export type ConntrackHelper = OutputAt<typeof ConntrackHelper>;

const ById = args({ router_id: z.string(), id: z.string() });

/** Conntrack helpers of a router (extension `l3-conntrack-helper`). Administrators only. */
export const conntrackHelpers = resource({
  name: 'conntrackHelpers',
  operations: {
    /** Show one helper. */
    get: operation({
      verb: 'GET',
      path: 'routers/{router_id}/conntrack_helpers/{id}',
      receive: 'conntrack_helper',
      input: ById,
      output: ConntrackHelper,
    }),
    /** Iterate over the helpers of a router. */
    list: operation({
      verb: 'GET',
      path: 'routers/{router_id}/conntrack_helpers',
      receive: 'conntrack_helpers',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        router_id: z.string(),
        id: Text,
        protocol: Text,
        port: Count,
        helper: Text,
        ...Paging,
      }),
      output: ConntrackHelper,
    }),
    /** Give a router a helper. */
    create: operation({
      verb: 'POST',
      path: 'routers/{router_id}/conntrack_helpers',
      send: 'conntrack_helper',
      receive: 'conntrack_helper',
      input: args({
        router_id: z.string(),
        protocol: z.string(),
        port: Whole,
        helper: z.string(),
      }),
      output: ConntrackHelper,
      status: 201,
    }),
    /** Change a helper. */
    update: operation({
      verb: 'PUT',
      path: 'routers/{router_id}/conntrack_helpers/{id}',
      send: 'conntrack_helper',
      receive: 'conntrack_helper',
      input: args({
        router_id: z.string(),
        id: z.string(),
        protocol: z.string().optional(),
        port: Whole.optional(),
        helper: z.string().optional(),
      }),
      output: ConntrackHelper,
    }),
    /** Take a helper away. */
    delete: operation({
      verb: 'DELETE',
      path: 'routers/{router_id}/conntrack_helpers/{id}',
      input: ById,
    }),
  },
});
