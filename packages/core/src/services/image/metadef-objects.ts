import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { GivenProperty, MetadefProperty } from './metadef-property.ts';

/** Properties of a namespace that are set together. */
export const MetadefObject = answer({
  /** Its id in the namespace. */
  name: z.string(),
  description: z.string().nullable().optional(),
  properties: z.record(z.string(), MetadefProperty).nullable().optional(),
  /** Names of properties. */
  required: z.array(z.string()).nullable().optional(),
  created_at: Timestamp.optional(),
  updated_at: Timestamp.optional(),
  self: z.string().optional(),
  schema: z.string().optional(),
});
export type MetadefObject = OutputAt<typeof MetadefObject>;

const ByName = args({ namespace: z.string(), id: z.string() });

const Fields = {
  name: z.string(),
  description: z.string().optional(),
  properties: z.record(z.string(), GivenProperty).optional(),
  required: z.array(z.string()).optional(),
};

/** Objects of a namespace. The `id` of one is its name. */
export const metadefObjects = resource({
  name: 'metadefObjects',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/objects/{id}',
      input: ByName,
      output: MetadefObject,
    }),
    list: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/objects',
      receive: 'objects',
      page: 'none',
      input: args({ namespace: z.string() }),
      output: MetadefObject,
    }),
    create: operation({
      verb: 'POST',
      path: 'metadefs/namespaces/{namespace}/objects',
      status: 201,
      input: args({ namespace: z.string(), ...Fields }),
      output: MetadefObject,
    }),
    /** Put these fields in the place of those that it has. */
    update: operation({
      verb: 'PUT',
      path: 'metadefs/namespaces/{namespace}/objects/{id}',
      input: args({ namespace: z.string(), id: z.string(), ...Fields }),
      output: MetadefObject,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'metadefs/namespaces/{namespace}/objects/{id}',
      input: ByName,
    }),
  },
});
