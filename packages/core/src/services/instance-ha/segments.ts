import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, since } from '../../record/shape.ts';
import { Flag, paging } from './filters.ts';
import { Segment } from './segment.ts';

const ById = args({ id: z.string() });
const Name = z.string().min(1).max(255);
const RecoveryMethod = z.enum(['auto', 'reserved_host', 'auto_priority', 'rh_priority']);

/** Failover segments. The `id` of a call is the `uuid`. Administrators only. */
export const segments = resource({
  name: 'segments',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'segments/{id}',
      receive: 'segment',
      input: ById,
      output: Segment,
    }),
    list: operation({
      verb: 'GET',
      path: 'segments',
      receive: 'segments',
      page: 'marker',
      pageSize: 1000,
      input: args({
        recovery_method: RecoveryMethod.optional(),
        service_type: z.string().optional(),
        enabled: since('1.2', Flag),
        ...paging,
      }),
      output: Segment,
    }),
    /** Create a segment. 409 if the name is taken. */
    create: operation({
      verb: 'POST',
      path: 'segments',
      send: 'segment',
      receive: 'segment',
      status: 201,
      input: args({
        name: Name,
        recovery_method: RecoveryMethod,
        service_type: Name,
        description: z.string().nullable().optional(),
        enabled: since('1.2', z.boolean().optional()),
      }),
      output: Segment,
    }),
    /** Change a segment. 409 while a notification of one of its hosts is not settled. */
    update: operation({
      verb: 'PUT',
      path: 'segments/{id}',
      send: 'segment',
      receive: 'segment',
      input: args({
        id: z.string(),
        name: Name.optional(),
        recovery_method: RecoveryMethod.optional(),
        service_type: Name.optional(),
        description: z.string().nullable().optional(),
        enabled: since('1.2', z.boolean().optional()),
      }),
      output: Segment,
    }),
    /** Delete a segment with its hosts. 409 while a notification of one of them is not settled. */
    delete: operation({ verb: 'DELETE', path: 'segments/{id}', input: ById }),
  },
});
