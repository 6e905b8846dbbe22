import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** The type that new volumes of a project get. */
export const DefaultType = tolerant({ project_id: z.string(), volume_type_id: z.string() });
export type DefaultType = z.output<typeof DefaultType>;

// The project.
const ById = args({ id: z.string() });

/** Default types of projects, where they differ from the cloud's. The `id` is the project's. */
export const defaultTypes = resource({
  name: 'defaultTypes',
  operations: {
    /** 404 if the project has none of its own. */
    get: operation({
      verb: 'GET',
      path: 'default-types/{id}',
      receive: 'default_type',
      since: '3.62',
      input: ById,
      output: DefaultType,
    }),
    /** List the default types of all projects. */
    list: operation({
      verb: 'GET',
      path: 'default-types',
      receive: 'default_types',
      page: 'none',
      since: '3.62',
      input: args({}),
      output: DefaultType,
    }),
    /** Set a project's default type. */
    set: operation({
      verb: 'PUT',
      path: 'default-types/{id}',
      send: 'default_type',
      receive: 'default_type',
      since: '3.62',
      input: args({
        id: z.string(),
        /** Name or id. */
        volume_type: z.string().min(1),
      }),
      output: DefaultType,
    }),
    /** Let the cloud's default hold for a project again. */
    delete: operation({ verb: 'DELETE', path: 'default-types/{id}', since: '3.62', input: ById }),
  },
});
