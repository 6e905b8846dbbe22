import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

/** A JSON schema by which Glance checks, extended by the cloud's own properties. */
export const ImageSchema = answer({
  name: z.string(),
  properties: z.record(z.string(), z.unknown()),
  additionalProperties: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  definitions: z.record(z.string(), z.unknown()).optional(),
  links: z.array(z.unknown()).optional(),
});
export type ImageSchema = OutputAt<typeof ImageSchema>;

/** Schemas of Glance's resources, as this cloud has them. */
export const schemas = resource({
  name: 'schemas',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'schemas/{id}',
      input: args({ id: z.enum(['image', 'images', 'member', 'members', 'task', 'tasks']) }),
      output: ImageSchema,
    }),
    getMetadef: operation({
      verb: 'GET',
      path: 'schemas/metadefs/{id}',
      input: args({
        id: z.enum([
          'namespace',
          'namespaces',
          'object',
          'objects',
          'property',
          'properties',
          'resource_type',
          'resource_types',
          'tag',
          'tags',
        ]),
      }),
      output: ImageSchema,
    }),
  },
});
