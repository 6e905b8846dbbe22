import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { NumericId } from './numeric-id.ts';

const created = {
  id: z.number(),
  uuid: since('2.41', z.string()),
  name: z.string(),
  /** If set, its hosts are in this zone. A host is in one zone only. */
  availability_zone: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
  deleted: z.boolean().optional(),
  deleted_at: Timestamp.nullable().optional(),
};

/** A group of hosts, with properties that the scheduler's filters read. */
export const Aggregate = answer({
  ...created,
  hosts: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
});
export type Aggregate = OutputAt<typeof Aggregate>;

/** The answer to creating an aggregate: it has no hosts yet. */
const NewAggregate = answer(created);

const ById = args({ id: NumericId });
const WithHost = args({ id: NumericId, host: z.string() });

/** Groups of hosts. Administrators only. */
export const aggregates = resource({
  name: 'aggregates',
  findBy: 'name',
  operations: {
    /** Show one, by its number. */
    get: operation({
      verb: 'GET',
      path: 'os-aggregates/{id}',
      receive: 'aggregate',
      input: ById,
      output: Aggregate,
    }),
    /** List all aggregates at once. */
    list: operation({
      verb: 'GET',
      path: 'os-aggregates',
      receive: 'aggregates',
      page: 'none',
      input: args({}),
      output: Aggregate,
    }),
    /** Create an aggregate, and with a zone the zone. 409 if the name is taken. */
    create: operation({
      verb: 'POST',
      path: 'os-aggregates',
      send: 'aggregate',
      receive: 'aggregate',
      input: args({ name: z.string(), availability_zone: z.string().nullable().optional() }),
      output: NewAggregate,
    }),
    /** Change its name or zone. The zone is a 409 while hosts in it have servers. */
    update: operation({
      verb: 'PUT',
      path: 'os-aggregates/{id}',
      send: 'aggregate',
      receive: 'aggregate',
      input: args({
        id: NumericId,
        name: z.string().optional(),
        availability_zone: z.string().nullable().optional(),
      }),
      output: Aggregate,
    }),
    /** 409 while it has hosts. */
    delete: operation({ verb: 'DELETE', path: 'os-aggregates/{id}', input: ById, status: 200 }),
    /** 409 if the host is in it already, or in another zone. */
    addHost: operation({
      verb: 'POST',
      path: 'os-aggregates/{id}/action',
      action: 'add_host',
      receive: 'aggregate',
      input: WithHost,
      output: Aggregate,
    }),
    /** 404 if the host is not in it; 409 if it has servers that are bound to the zone. */
    removeHost: operation({
      verb: 'POST',
      path: 'os-aggregates/{id}/action',
      action: 'remove_host',
      receive: 'aggregate',
      input: WithHost,
      output: Aggregate,
    }),
    /** Set these keys and leave the others; `null` deletes a key. */
    setMetadata: operation({
      verb: 'POST',
      path: 'os-aggregates/{id}/action',
      action: 'set_metadata',
      receive: 'aggregate',
      input: args({ id: NumericId, metadata: z.record(z.string(), z.string().nullable()) }),
      output: Aggregate,
      idempotent: true,
    }),
    /** Have its hosts fetch images before they are needed. Asynchronous. */
    cacheImages: operation({
      verb: 'POST',
      path: 'os-aggregates/{id}/images',
      input: args({ id: NumericId, cache: z.array(z.strictObject({ id: z.string() })) }),
      since: '2.81',
      idempotent: true,
      status: 202,
    }),
  },
});
