import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Flag, paging } from './filters.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A compute host in a segment. */
export const SegmentHost = answer({
  uuid: z.string(),
  /** Its number: a `marker`, and nothing else. */
  id: z.number(),
  /** As Nova names it. */
  name: z.string(),
  /** Free text, `COMPUTE` for most; Masakari itself makes nothing of it. */
  type: z.string(),
  /** Free text, `SSH` for most; likewise. */
  control_attributes: z.string(),
  /** Kept free for the servers of another one. */
  reserved: z.boolean(),
  /** Its notifications are refused. Masakari sets it when it begins to recover the host, and nobody takes it back. */
  on_maintenance: z.boolean(),
  failover_segment_id: z.string(),
  /** Its segment, written out. */
  failover_segment: tolerant({ uuid: z.string(), name: z.string(), recovery_method: z.string() }),
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
});
export type SegmentHost = OutputAt<typeof SegmentHost>;

const OfSegment = { segment_id: z.string() };
const ById = args({ ...OfSegment, id: z.string() });
const Name = z.string().min(1).max(255);
/** Letters and digits (masakari `api/validation/parameter_types.py`). */
const Type = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9]*$/, 'has letters and digits only');

/** Hosts of a segment. The `id` of a call is the `uuid`. A host is in one segment only. Administrators only. */
export const hosts = resource({
  name: 'hosts',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'segments/{segment_id}/hosts/{id}',
      receive: 'host',
      input: ById,
      output: SegmentHost,
    }),
    list: operation({
      verb: 'GET',
      path: 'segments/{segment_id}/hosts',
      receive: 'hosts',
      page: 'marker',
      pageSize: 1000,
      input: args({
        ...OfSegment,
        name: z.string().optional(),
        type: z.string().optional(),
        control_attributes: z.string().optional(),
        reserved: Flag,
        on_maintenance: Flag,
        ...paging,
      }),
      output: SegmentHost,
    }),
    /** Add a host. 400 if Nova has no nova-compute of that name; 409 if it is in a segment. */
    create: operation({
      verb: 'POST',
      path: 'segments/{segment_id}/hosts',
      send: 'host',
      receive: 'host',
      status: 201,
      input: args({
        ...OfSegment,
        name: Name,
        type: Type,
        control_attributes: z.string(),
        reserved: z.boolean().optional(),
        on_maintenance: z.boolean().optional(),
      }),
      output: SegmentHost,
    }),
    /**
     * Change a host. 409 while a notification of a host of the segment is not settled.
     * @example
     * // After a recovery, when the host is back: from now on its notifications count again.
     * await cloud.instanceHa.hosts.update({ segment_id, id: host.uuid, on_maintenance: false });
     */
    update: operation({
      verb: 'PUT',
      path: 'segments/{segment_id}/hosts/{id}',
      send: 'host',
      receive: 'host',
      input: args({
        ...OfSegment,
        id: z.string(),
        name: Name.optional(),
        type: Type.optional(),
        control_attributes: z.string().optional(),
        reserved: z.boolean().optional(),
        on_maintenance: z.boolean().optional(),
      }),
      output: SegmentHost,
    }),
    /** Take it out. 409 while a notification of a host of the segment is not settled. */
    delete: operation({ verb: 'DELETE', path: 'segments/{segment_id}/hosts/{id}', input: ById }),
  },
});
