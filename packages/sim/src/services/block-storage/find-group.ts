import type { Call } from '../../call.ts';
import { notFound } from '../../fault.ts';
import type { Group } from './state.ts';

/** The group of a request, if the caller may see it. */
export function findGroup(call: Call, id = call.param('id')): Group {
  const group = call.state.blockStorage.groups.get(id);
  if (group === undefined || !call.owns(group.project_id)) throw notFound(`Group ${id} could not be found.`);
  return group;
}
