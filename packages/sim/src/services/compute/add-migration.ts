import type { Call } from '../../call.ts';
import type { Flavor, Server } from './server.ts';
import type { Migration } from './state.ts';

export function addMigration(
  call: Call,
  server: Server,
  type: Migration['type'],
  dest: string | null,
  flavor: Flavor,
): Migration {
  const { compute, ids } = call.state;
  return compute.migrations.add({
    id: ids.uuid(),
    row: compute.row('migrations'),
    server: server.id,
    project_id: call.projectId,
    user_id: call.userId,
    type,
    source: server.host ?? '',
    dest,
    created: call.now,
    updated: call.now,
    old_flavor: server.flavor.row,
    new_flavor: flavor.row,
    status: 'accepted',
  });
}
