import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

const Of = {
  /** As in the path: `networks`, `subnets`, `ports`, `routers`, `floatingips`, `security-groups`, `policies`, … */
  resource_type: z.string(),
  resource_id: z.string(),
} as const;

const Tags = z.array(z.string());

/** Tags of resources (extension `standard-attr-tag`). */
export const tags = resource({
  name: 'tags',
  operations: {
    /**
     * The tags of a resource, in one answer.
     * @example
     * for await (const tag of cloud.network.tags.list({ resource_type: 'networks', resource_id })) …
     */
    list: operation({
      verb: 'GET',
      path: '{resource_type}/{resource_id}/tags',
      receive: 'tags',
      page: 'none',
      input: args(Of),
      output: z.string(),
    }),
    /** Give a resource these tags in place of all that it has. */
    replace: operation({
      verb: 'PUT',
      path: '{resource_type}/{resource_id}/tags',
      receive: 'tags',
      input: args({ ...Of, tags: Tags }),
      output: Tags,
    }),
    /** Add a tag. */
    add: operation({
      verb: 'PUT',
      path: '{resource_type}/{resource_id}/tags/{tag}',
      input: args({ ...Of, tag: z.string() }),
      status: 201,
    }),
    /** Ask for a tag: Neutron answers 404 if the resource does not have it. */
    get: operation({
      verb: 'GET',
      path: '{resource_type}/{resource_id}/tags/{tag}',
      input: args({ ...Of, tag: z.string() }),
      status: 204,
    }),
    /** Remove a tag. */
    delete: operation({
      verb: 'DELETE',
      path: '{resource_type}/{resource_id}/tags/{tag}',
      input: args({ ...Of, tag: z.string() }),
    }),
    /** Remove all tags. */
    deleteAll: operation({ verb: 'DELETE', path: '{resource_type}/{resource_id}/tags', input: args(Of) }),
  },
});
