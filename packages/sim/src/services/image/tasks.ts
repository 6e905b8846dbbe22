import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { findImage } from './image.ts';
import { limitOf } from './limit.ts';

export const taskRoutes: Routes = {
  'GET images/{id}/tasks': (call) => (findImage(call), ok({ tasks: [] })),
  'GET tasks': admin('tasks_api_access', (call) => {
    limitOf(call);
    for (const name of ['marker', 'sort_key']) {
      // There are no tasks, so that a page can begin behind none; sort keys must be columns.
      const given = call.query.get(name);
      if (given !== null && !TASK_COLUMNS.has(given)) throw badRequest(`Invalid ${name}: ${given}`);
    }
    return ok({ tasks: [], first: '/v2/tasks', schema: '/v2/schemas/tasks' });
  }),
};

const TASK_COLUMNS = new Set(['id', 'type', 'status', 'created_at', 'updated_at', 'expires_at']);
