import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

const OfProject = args({ project_id: z.string() });
const ByTag = args({ project_id: z.string(), id: z.string() });

/** Tags of a project: at most 80. The `id` of one is itself; it has neither `/` nor `,`. */
export const projectTags = resource({
  name: 'projectTags',
  operations: {
    /** Iterate over the tags. */
    list: operation({
      verb: 'GET',
      path: 'projects/{project_id}/tags',
      receive: 'tags',
      page: 'body-links',
      input: OfProject,
      output: z.string(),
    }),
    /** Set all. */
    replace: operation({
      verb: 'PUT',
      path: 'projects/{project_id}/tags',
      receive: 'tags',
      input: args({ project_id: z.string(), tags: z.array(z.string().min(1).max(255)).max(80) }),
      output: z.array(z.string()),
    }),
    /** Remove all. */
    clear: operation({ verb: 'DELETE', path: 'projects/{project_id}/tags', input: OfProject }),
    /** Ask whether the project has a tag. 404 if not: see `isNotFound`. */
    check: operation({ verb: 'HEAD', path: 'projects/{project_id}/tags/{id}', status: 204, input: ByTag }),
    /** Add one. Adding it again is no error. */
    add: operation({ verb: 'PUT', path: 'projects/{project_id}/tags/{id}', status: 201, input: ByTag }),
    /** Remove one. */
    delete: operation({ verb: 'DELETE', path: 'projects/{project_id}/tags/{id}', input: ByTag }),
  },
});
