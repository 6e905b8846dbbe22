import type { Call } from '../../call.ts';
import { ServiceFault } from '../../fault.ts';
import type { Group } from './state.ts';

/** Adds a group of the caller's, which is `creating`. */
export function addGroup(
  call: Call,
  fields: Pick<Group, 'group_type' | 'volume_types' | 'name' | 'description'> & Partial<Group>,
): Group {
  const { blockStorage, ids } = call.state;
  const limit = blockStorage.quota(call.projectId)['groups'] ?? -1;
  const used = blockStorage.used(call.projectId)['groups'] ?? 0;
  if (limit >= 0 && used >= limit)
    throw new ServiceFault(413, `GroupLimitExceeded: Maximum number of groups allowed (${limit}) exceeded`, {
      headers: { 'Retry-After': '0' },
    });
  return blockStorage.groups.add({
    id: ids.uuid(),
    project_id: call.projectId,
    user_id: call.userId,
    created: call.now,
    availability_zone: 'nova',
    group_snapshot_id: null,
    source_group_id: null,
    status: 'creating',
    ...fields,
  });
}
