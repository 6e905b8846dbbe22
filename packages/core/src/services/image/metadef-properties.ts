import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { GivenProperty, MetadefProperty } from './metadef-property.ts';

const Named = MetadefProperty.extend({ name: z.string() });

/** The definition, with the slots of the path. Keywords of JSON schema pass. */
const Definition = GivenProperty.extend({ namespace: z.string(), name: z.string() });

const ByName = args({ namespace: z.string(), id: z.string() });

/** Properties of a namespace. The `id` of one is its name. */
export const metadefProperties = resource({
  name: 'metadefProperties',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/properties/{id}',
      input: ByName,
      output: Named,
    }),
    /** Show all of them, by name. */
    show: operation({
      verb: 'GET',
      path: 'metadefs/namespaces/{namespace}/properties',
      receive: 'properties',
      input: args({ namespace: z.string() }),
      output: z.record(z.string(), MetadefProperty),
    }),
    create: operation({
      verb: 'POST',
      path: 'metadefs/namespaces/{namespace}/properties',
      status: 201,
      input: Definition,
      output: Named,
    }),
    /** Put this definition in the place of the one that it has. */
    update: operation({
      verb: 'PUT',
      path: 'metadefs/namespaces/{namespace}/properties/{id}',
      input: Definition.extend({ id: z.string() }),
      output: Named,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'metadefs/namespaces/{namespace}/properties/{id}',
      input: ByName,
    }),
  },
});
