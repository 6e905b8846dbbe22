import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { GivenProperty, MetadefProperty } from './metadef-property.ts';
import { ResourceTypeAssociation } from './metadef-resource-types.ts';
import { Limit, Marker, PAGE_SIZE, SortDirection } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';

/** Definitions of metadata that belong together. */
export const MetadefNamespace = answer({
  /** `OS::Compute::Libvirt`: its id. */
  namespace: z.string(),
  display_name: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  /** `public` or `private`. */
  visibility: z.string().optional(),
  protected: z.boolean().optional(),
  owner: z.string().nullable().optional(),
  resource_type_associations: z.array(ResourceTypeAssociation).optional(),
  /** Only in `get`, as the next two. */
  properties: z.record(z.string(), MetadefProperty).optional(),
  objects: z.array(tolerant({ name: z.string() })).optional(),
  tags: z.array(tolerant({ name: z.string() })).optional(),
  created_at: Timestamp.optional(),
  updated_at: Timestamp.optional(),
  self: z.string().optional(),
  schema: z.string().optional(),
});
export type MetadefNamespace = OutputAt<typeof MetadefNamespace>;

const ById = args({ id: z.string() });

const Fields = {
  namespace: z.string().max(80),
  display_name: z.string().optional(),
  description: z.string().optional(),
  /** @default 'private' */
  visibility: z.enum(['public', 'private']).optional(),
  /** Whether deleting is refused. @default false */
  protected: z.boolean().optional(),
  /** Id of a project. */
  owner: z.string().optional(),
};

/** Namespaces of the catalogue of metadata definitions. The `id` is the namespace's name. */
export const metadefNamespaces = resource({
  name: 'metadefNamespaces',
  operations: {
    /** Show one, with what it defines. */
    get: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{id}',
      input: args({
        id: z.string(),
        /** Name properties as this type of resource does, with its prefix. */
        resource_type: z.string().optional(),
      }),
      output: MetadefNamespace,
    }),
    /** Iterate over namespaces, without what they define. */
    list: operation({
      verb: 'GET',
      path: 'metadefs/namespaces',
      receive: 'namespaces',
      page: 'next',
      pageSize: PAGE_SIZE,
      input: args({
        visibility: z.enum(['public', 'private']).optional(),
        /** Names, separated by commas. */
        resource_types: z.string().optional(),
        sort_key: z.string().optional(),
        sort_dir: SortDirection,
        limit: Limit,
        marker: Marker,
      }),
      output: MetadefNamespace,
    }),
    /** Create one, if wanted with all that it defines. */
    create: operation({
      verb: 'POST',
      path: 'metadefs/namespaces',
      status: 201,
      input: args({
        ...Fields,
        properties: z.record(z.string(), GivenProperty).optional(),
        objects: z.array(tolerant({ name: z.string() })).optional(),
        resource_type_associations: z.array(tolerant({ name: z.string() })).optional(),
        tags: z.array(tolerant({ name: z.string() })).optional(),
      }),
      output: MetadefNamespace,
    }),
    /** Put these fields in the place of those that it has. What it defines stays. */
    update: operation({
      verb: 'PUT',
      path: 'metadefs/namespaces/{id}',
      input: args({ id: z.string(), ...Fields }),
      output: MetadefNamespace,
    }),
    /** Delete one with all that it defines. 403 if it is `protected`. */
    delete: operation({ verb: 'DELETE', path: 'metadefs/namespaces/{id}', input: ById }),
    deleteObjects: operation({ verb: 'DELETE', path: 'metadefs/namespaces/{id}/objects', input: ById }),
    deleteProperties: operation({ verb: 'DELETE', path: 'metadefs/namespaces/{id}/properties', input: ById }),
    deleteTags: operation({ verb: 'DELETE', path: 'metadefs/namespaces/{id}/tags', input: ById }),
  },
});
