import { accepted, ok } from '../../answer.ts';
import { admin, adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { type Json, micros, str } from '../../wire.ts';
import { findServer, moveToHost, startTask } from './lifecycle.ts';
import { allocate } from './scheduler.ts';
import type { Migration } from './state.ts';

export const serverMigrationRoutes: Routes = {
  'GET servers/{server_id}/migrations': adminOf(
    findServer,
    'os_compute_api:servers:migrations:index',
    (call) => {
      const server = findServer(call);
      const live = call.state.compute.migrations.filter(
        (migration) =>
          migration.server === server.id &&
          migration.type === 'live-migration' &&
          ['running', 'preparing', 'queued'].includes(migration.status),
      );
      return ok({ migrations: live.map((migration) => migrationView(call, migration, true)) });
    },
  ),
  'GET servers/{server_id}/migrations/{migration}': adminOf(
    findServer,
    'os_compute_api:servers:migrations:show',
    (call) => ok({ migration: migrationView(call, running(call), true) }),
  ),
  'DELETE servers/{server_id}/migrations/{migration}': admin(
    'os_compute_api:servers:migrations:delete',
    (call) => {
      const migration = running(call);
      const server = findServer(call);
      migration.status = 'cancelled';
      allocate(call.state, server, migration.source);
      startTask(call.state, server, null, 0, () => {});
      return accepted();
    },
  ),
  'POST servers/{server_id}/migrations/{migration}/action#force_complete': admin(
    'os_compute_api:servers:migrations:force_complete',
    (call) => {
      const migration = running(call);
      const server = findServer(call);
      startTask(call.state, server, 'migrating', 0, () => {
        moveToHost(call.state, server, migration.dest);
        migration.status = 'completed';
      });
      return accepted();
    },
  ),
};

function running(call: Call): Migration {
  const wanted = call.param('migration');
  const migration = call.state.compute.migrations.find(
    (candidate) => str(candidate.row) === wanted || candidate.id === wanted,
  );
  if (migration === undefined || migration.server !== findServer(call).id)
    throw notFound(`Migration ${wanted} for server ${call.param('server_id')} is not live-migration.`);
  if (migration.status !== 'running')
    throw badRequest(
      `Migration ${wanted} state of instance ${migration.server} is ${migration.status}. Cannot force_complete while the migration is in this state.`,
    );
  return migration;
}

export function migrationView(call: Call, migration: Migration, ofServer: boolean): Json {
  const host = (name: string | null): string | null =>
    call.state.compute.hypervisors.find((hypervisor) => hypervisor.host === name)?.ip ?? null;
  const common = {
    id: migration.row,
    uuid: migration.id,
    source_compute: migration.source,
    source_node: migration.source,
    dest_compute: migration.dest,
    dest_node: migration.dest,
    dest_host: host(migration.dest),
    status: migration.status,
    created_at: micros(migration.created),
    updated_at: micros(migration.updated),
    user_id: migration.user_id,
    project_id: migration.project_id,
  };
  if (ofServer) {
    const sizes = {
      disk_processed_bytes: 0,
      disk_remaining_bytes: 0,
      disk_total_bytes: 0,
      memory_processed_bytes: 0,
      memory_remaining_bytes: 0,
      memory_total_bytes: 0,
    };
    return { ...common, server_uuid: migration.server, ...sizes };
  }
  return {
    ...common,
    instance_uuid: migration.server,
    old_instance_type_id: migration.old_flavor,
    new_instance_type_id: migration.new_flavor,
    migration_type: migration.type,
    ...(call.atLeast('2.23') ? { links: [] } : {}),
  };
}
