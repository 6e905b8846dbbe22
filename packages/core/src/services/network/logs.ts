import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, StandardFilters, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, StandardAttributes } from './standard-attributes.ts';

/** A setting that logs the traffic of a resource. */
export const NetworkLog = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  /** `security_group`, `firewall_group`, `snat`. */
  resource_type: z.string(),
  /** Null for all of the type. */
  resource_id: z.string().nullable(),
  /** A port. */
  target_id: z.string().nullable(),
  /** `ALL`, `ACCEPT`, `DROP`. */
  event: z.string(),
  enabled: z.boolean(),
  ...StandardAttributes,
});
export type NetworkLog = OutputAt<typeof NetworkLog>;

const ById = args({ id: z.string() });

/** Logs of network traffic, which agents write (extension `logging`). Administrators only. */
export const logs = resource({
  name: 'logs',
  findBy: 'name',
  operations: {
    /** Show one log. */
    get: operation({ verb: 'GET', path: 'log/logs/{id}', receive: 'log', input: ById, output: NetworkLog }),
    /** Iterate over logs. */
    list: operation({
      verb: 'GET',
      path: 'log/logs',
      receive: 'logs',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        name: Text,
        resource_type: Text,
        resource_id: Text,
        target_id: Text,
        event: Text,
        enabled: Flag,
        ...Paging,
      }),
      output: NetworkLog,
    }),
    /** Begin to log. */
    create: operation({
      verb: 'POST',
      path: 'log/logs',
      send: 'log',
      receive: 'log',
      input: args({
        resource_type: z.string(),
        resource_id: z.string().nullable().optional(),
        target_id: z.string().nullable().optional(),
        /** @default 'ALL' */
        event: z.enum(['ALL', 'ACCEPT', 'DROP']).optional(),
        enabled: Flag,
        name: z.string().optional(),
        description: z.string().optional(),
        ...ForProject,
      }),
      output: NetworkLog,
      status: 201,
    }),
    /** Switch a log on or off, rename or describe it. */
    update: operation({
      verb: 'PUT',
      path: 'log/logs/{id}',
      headers: revisionHeader,
      send: 'log',
      receive: 'log',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
        enabled: Flag,
      }),
      output: NetworkLog,
    }),
    /** Log no longer. */
    delete: operation({
      verb: 'DELETE',
      path: 'log/logs/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
