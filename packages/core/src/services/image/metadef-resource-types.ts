import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A type of resource that a namespace's definitions are for. */
export const ResourceTypeAssociation = tolerant({
  /** `OS::Glance::Image`, `OS::Nova::Flavor`, … */
  name: z.string(),
  /** Put before the names of properties: `hw_`. */
  prefix: z.string().nullable().optional(),
  /** The kind of properties, if the resource has several. */
  properties_target: z.string().nullable().optional(),
  created_at: Timestamp.optional(),
  updated_at: Timestamp.optional(),
});

/** A type of resource that there can be definitions for. */
export const MetadefResourceType = answer({
  name: z.string(),
  created_at: Timestamp.optional(),
  updated_at: Timestamp.optional(),
});
export type MetadefResourceType = OutputAt<typeof MetadefResourceType>;

/** Types of resources, and which namespaces are for them. */
export const metadefResourceTypes = resource({
  name: 'metadefResourceTypes',
  operations: {
    list: operation({
      verb: 'GET',
      path: 'metadefs/resource_types',
      receive: 'resource_types',
      page: 'none',
      input: args({}),
      output: MetadefResourceType,
    }),
    /** List the resource types that a namespace is for. */
    listAssociations: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/resource_types',
      receive: 'resource_type_associations',
      page: 'none',
      input: args({ namespace: z.string() }),
      output: ResourceTypeAssociation,
    }),
    associate: operation({
      verb: 'POST',
      path: 'metadefs/namespaces/{namespace}/resource_types',
      status: 201,
      input: args({
        namespace: z.string(),
        name: z.string(),
        prefix: z.string().optional(),
        properties_target: z.string().optional(),
      }),
      output: ResourceTypeAssociation,
    }),
    dissociate: operation({
      verb: 'DELETE',
      path: 'metadefs/namespaces/{namespace}/resource_types/{id}',
      input: args({
        namespace: z.string(),
        /** The type's name. */
        id: z.string(),
      }),
    }),
  },
});
