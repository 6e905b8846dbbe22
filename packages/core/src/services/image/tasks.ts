import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Limit, Marker, PAGE_SIZE, SortDirection } from './paging.ts';
import { known } from '../../record/tolerant.ts';

/** Work that Glance does by itself: an import, above all. */
export const Task = answer({
  id: z.string(),
  /** `api_image_import`, `location_import`, `import`. */
  type: z.string(),
  /** `pending`, `processing`, `success` or `failure`. */
  status: known(['pending', 'processing', 'success', 'failure']),
  /** Id of a project. */
  owner: z.string().nullable().optional(),
  created_at: Timestamp,
  updated_at: Timestamp,
  /** The time at which Glance deletes the record of the task; only after it has ended. */
  expires_at: Timestamp.nullable().optional(),
  /** Its progress, or the reason why it failed. Lists leave it out, as the next two. */
  message: z.string().nullable().optional(),
  input: z.unknown().optional(),
  result: z.unknown().optional(),
  image_id: z.string().nullable().optional(),
  request_id: z.string().nullable().optional(),
  user_id: z.string().nullable().optional(),
  self: z.string().optional(),
  schema: z.string().optional(),
});
export type Task = OutputAt<typeof Task>;

/** Tasks. Administrators only, on most clouds: others see those of an image by `images.listTasks`. */
export const tasks = resource({
  name: 'tasks',
  settles: { field: 'status', failure: ['failure'] },
  operations: {
    /** Show one task. */
    get: operation({ verb: 'GET', path: 'tasks/{id}', input: args({ id: z.string() }), output: Task }),
    /** Iterate over tasks, newest first. */
    list: operation({
      verb: 'GET',
      path: 'tasks',
      receive: 'tasks',
      page: 'next',
      pageSize: PAGE_SIZE,
      input: args({
        status: z.enum(['pending', 'processing', 'success', 'failure']).optional(),
        type: z.literal('import').optional(),
        sort_key: known(['id', 'type', 'status', 'created_at', 'updated_at']).optional(),
        sort_dir: SortDirection,
        limit: Limit,
        marker: Marker,
      }),
      output: Task,
    }),
    /** Begin a task. Glance prefers `imports.start`, which anybody may call. */
    create: operation({
      verb: 'POST',
      path: 'tasks',
      status: 201,
      input: args({
        type: z.literal('import'),
        input: z.record(z.string(), z.unknown()),
      }),
      output: Task,
    }),
  },
});
