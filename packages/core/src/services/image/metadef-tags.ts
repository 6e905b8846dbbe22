import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A tag that a namespace proposes. */
export const MetadefTag = answer({
  name: z.string(),
  created_at: Timestamp.optional(),
  updated_at: Timestamp.optional(),
});
export type MetadefTag = OutputAt<typeof MetadefTag>;

const ByName = args({ namespace: z.string(), id: z.string() });

/** Tags of a namespace. The `id` of one is its name. */
export const metadefTags = resource({
  name: 'metadefTags',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/tags/{id}',
      input: ByName,
      output: MetadefTag,
    }),
    list: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/tags',
      receive: 'tags',
      page: 'none',
      input: args({ namespace: z.string() }),
      output: MetadefTag,
    }),
    create: operation({
      verb: 'POST',
      path: 'metadefs/namespaces/{namespace}/tags/{id}',
      status: 201,
      input: ByName,
      output: MetadefTag,
    }),
    /** Put these in the place of all tags; with `append`, add them. */
    replace: operation({
      verb: 'POST',
      path: 'metadefs/namespaces/{namespace}/tags',
      receive: 'tags',
      status: 201,
      headers: { append: 'x-openstack-append' },
      input: args({
        namespace: z.string(),
        tags: z.array(z.strictObject({ name: z.string() })),
        /** Clouds too old to know it ignore it, and replace. @default false */
        append: z.boolean().optional(),
      }),
      output: z.array(tolerant({ name: z.string() })),
    }),
    /** Give it another name. */
    update: operation({
      verb: 'PUT',
      path: 'metadefs/namespaces/{namespace}/tags/{id}',
      input: args({ namespace: z.string(), id: z.string(), name: z.string() }),
      output: MetadefTag,
    }),
    delete: operation({ verb: 'DELETE', path: 'metadefs/namespaces/{namespace}/tags/{id}', input: ByName }),
  },
});
