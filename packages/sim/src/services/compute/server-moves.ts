import { admin, adminOf, type Call, type Routes } from '../../call.ts';
import { accepted, ok } from '../../answer.ts';
import { badRequest, forbidden, notFound } from '../../fault.ts';
import { paginate, limitOf, withNextLink } from '../../paging.ts';
import { type Json, micros, text, str } from '../../wire.ts';
import { isDark } from './dark-cell.ts';
import { evacuate } from './evacuation.ts';
import { isUp, serviceOf, works } from './hosts.ts';
import { startTask, find, moved } from './lifecycle.ts';
import { allocate, resourcesOf, schedule } from './scheduler.ts';
import { action, actionKey } from './server-actions.ts';
import { charge, flavorOf } from './flavor-quota.ts';
import type { InstanceAction, Migration } from './state.ts';
import type { Flavor, Server } from './server.ts';

/** Resize and migrations: everything that brings a server to another host. */
export const serverMoveRoutes: Routes = {
  [actionKey('resize')]: action(
    { name: 'resize', states: ['active', 'stopped'] },
    (call, server, given, entry) => {
      const flavor = flavorOf(call, text(given['flavorRef']) ?? '');
      if (flavor.id === server.flavor.id) throw badRequest('When resizing, instances must change flavor!');
      if (flavor.disk < server.flavor.disk && server.image !== null && flavor.disk === 0)
        throw badRequest('Resize to zero disk flavor is not allowed.');
      charge(call, flavor, 1, server.flavor);
      resize(call, server, { ...flavor, extra_specs: { ...flavor.extra_specs } }, 'resize', entry);
    },
  ),
  [actionKey('migrate')]: action(
    { name: 'migrate', states: ['active', 'stopped'], rule: 'os_compute_api:os-migrate-server:migrate' },
    (call, server, given, entry) => {
      const only = text(given['host']);
      if (only !== undefined && serviceOf(call.state, only) === undefined)
        throw badRequest(`Compute host ${only} could not be found.`);
      if (only === server.host && only !== undefined)
        throw badRequest(`The target host can't be the same one.`);
      resize(call, server, server.flavor, 'migration', entry, only);
    },
  ),
  [actionKey('confirmResize')]: action(
    { name: 'confirmResize', states: ['resized'] },
    (call, server, _given, entry) => {
      call.state.placement.allocate(holder(server), server, {});
      last(call, server, 'confirmed');
      const stopped = server.before?.vm_state === 'stopped';
      server.before = null;
      entry.finish = call.now;
      Object.assign(
        server,
        stopped ? { vm_state: 'stopped', power_state: 4 } : { vm_state: 'active', power_state: 1 },
      );
      return { status: 204 };
    },
  ),
  [actionKey('revertResize')]: action(
    { name: 'revertResize', states: ['resized'] },
    (call, server, _given, entry) => {
      const { before } = server;
      if (before === null) return;
      startTask(
        call.state,
        server,
        'resize_reverting',
        call.state.settings.timing.action,
        () => {
          call.state.placement.allocate(holder(server), server, {});
          server.flavor = before.flavor;
          allocate(call.state, server, before.host);
          moved(call.state, server, before.host);
          last(call, server, 'reverted');
          Object.assign(server, {
            before: null,
            vm_state: before.vm_state,
            power_state: before.vm_state === 'stopped' ? 4 : 1,
          });
        },
        entry,
      );
    },
  ),
  [actionKey('os-migrateLive')]: action(
    {
      name: 'os-migrateLive',
      states: ['active', 'paused'],
      rule: 'os_compute_api:os-migrate-server:migrate_live',
    },
    (call, server, given, entry) => {
      const only = text(given['host']);
      const { state } = call;
      const source = server.host === null ? undefined : serviceOf(state, server.host);
      if (source === undefined || !isUp(call.now, source))
        throw badRequest(`Compute service of ${server.host} is unavailable at this time.`);
      if (only !== undefined && serviceOf(state, only) === undefined)
        throw badRequest(`Compute host ${only} could not be found.`);
      if (only !== undefined && only === server.host)
        throw badRequest(`Unable to migrate instance (${server.id}) to current host (${only}).`);
      const target = schedule(state, server, { only, not: [server.host] });
      const migration = addMigration(call, server, 'live-migration', target ?? null, server.flavor);
      if (target === undefined) {
        // Since 2.34 the answer comes before the scheduler has looked.
        Object.assign(migration, { status: 'error' });
        Object.assign(entry, { finish: call.now, message: 'Error' });
        return;
      }
      const from = server.host;
      allocate(state, server, target);
      migration.status = 'running';
      startTask(
        state,
        server,
        'migrating',
        state.settings.timing.action,
        () => {
          if (!works(state, target)) {
            if (from !== null) allocate(state, server, from);
            migration.status = 'error';
            return;
          }
          moved(state, server, target);
          Object.assign(migration, { status: 'completed', updated: state.clock.now() });
        },
        entry,
      );
    },
  ),
  [actionKey('evacuate')]: action(
    {
      name: 'evacuate',
      states: ['active', 'stopped', 'error'],
      anytime: true,
      rule: 'os_compute_api:os-evacuate',
    },
    (call, server, given, entry) => {
      const { state } = call;
      const source = server.host === null ? undefined : serviceOf(state, server.host);
      if (source !== undefined && isUp(call.now, source))
        throw badRequest(`Compute service of ${server.host} is still in use.`);
      const only = text(given['host']);
      if (only !== undefined && serviceOf(state, only) === undefined)
        throw badRequest(`Compute host ${only} not found.`);
      if (only === server.host && only !== undefined)
        throw badRequest(`The target host can't be the same one.`);
      const by = { project_id: call.projectId, user_id: call.userId };
      const migration = evacuate(state, server, { only, staysOff: call.atLeast('2.95'), by, entry });
      if (migration.status === 'error') return ok(undefined);
      return ok(call.atLeast('2.14') ? undefined : { adminPass: state.ids.password() });
    },
  ),
  'GET servers/{server_id}/migrations': adminOf(find, 'os_compute_api:servers:migrations:index', (call) => {
    const server = find(call);
    const live = call.state.compute.migrations.filter(
      (migration) =>
        migration.server === server.id &&
        migration.type === 'live-migration' &&
        ['running', 'preparing', 'queued'].includes(migration.status),
    );
    return ok({ migrations: live.map((migration) => view(call, migration, true)) });
  }),
  'GET servers/{server_id}/migrations/{migration}': adminOf(
    find,
    'os_compute_api:servers:migrations:show',
    (call) => ok({ migration: view(call, running(call), true) }),
  ),
  'DELETE servers/{server_id}/migrations/{migration}': admin(
    'os_compute_api:servers:migrations:delete',
    (call) => {
      const migration = running(call);
      const server = find(call);
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
      const server = find(call);
      startTask(call.state, server, 'migrating', 0, () => {
        moved(call.state, server, migration.dest);
        migration.status = 'completed';
      });
      return accepted();
    },
  ),
  'GET os-migrations': (call) => {
    if (!call.admin) throw forbidden('os_compute_api:os-migrations:index', 'policy');
    const { query } = call;
    const limit = call.atLeast('2.59') ? limitOf(call) : 1000;
    const filter = (migration: Migration): boolean =>
      !isDark(call.state, migration.source) &&
      [
        [query.get('status'), migration.status],
        [query.get('instance_uuid'), migration.server],
        [query.get('migration_type'), migration.type],
        [query.get('source_compute'), migration.source],
      ].every(([wanted, value]) => wanted === null || wanted === value) &&
      (query.get('host') === null ||
        migration.source === query.get('host') ||
        migration.dest === query.get('host'));
    const page = paginate(call.state.compute.migrations, {
      filter,
      marker: query.get('marker') ?? undefined,
      limit,
    });
    const body = withNextLink(
      call,
      'migrations',
      page,
      page.map((migration) => view(call, migration, false)),
      limit,
    );
    if (!call.atLeast('2.59')) delete body['migrations_links'];
    return ok(body);
  },
};

/** Under this consumer Placement keeps what a moved server holds on the host it came from, until it is confirmed. */
const holder = (server: Server): string => `${server.id.slice(0, 24)}${'0'.repeat(12)}`;

function resize(
  call: Call,
  server: Server,
  flavor: Flavor,
  type: 'resize' | 'migration',
  entry: InstanceAction,
  only?: string,
): void {
  const { state } = call;
  const target = schedule(state, server, { flavor, only, not: type === 'migration' ? [server.host] : [] });
  const migration = addMigration(call, server, type, target ?? null, flavor);
  const from = server.host;
  if (target === undefined || from === null) {
    migration.status = 'error';
    Object.assign(entry, { finish: call.now, message: 'Error' });
    return;
  }
  const before = { flavor: server.flavor, host: from, vm_state: server.vm_state };
  const source = state.placement.byName(from);
  if (source !== undefined) {
    state.placement.allocate(server.id, server, {});
    state.placement.allocate(
      holder(server),
      { ...server, type: 'MIGRATION' },
      { [source.id]: resourcesOf(before.flavor, server.image === null) },
    );
  }
  allocate(state, server, target, flavor);
  migration.status = 'migrating';
  startTask(
    state,
    server,
    'resize_migrating',
    state.settings.timing.action,
    () => {
      Object.assign(server, { flavor, before, vm_state: 'resized' });
      moved(state, server, target);
      Object.assign(migration, { status: 'finished', updated: state.clock.now() });
    },
    entry,
  );
}

function addMigration(
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

function last(call: Call, server: Server, status: string): void {
  const mine = call.state.compute.migrations.filter((migration) => migration.server === server.id).at(-1);
  if (mine !== undefined) Object.assign(mine, { status, updated: call.now });
}

function running(call: Call): Migration {
  const wanted = call.param('migration');
  const migration = call.state.compute.migrations.find(
    (candidate) => str(candidate.row) === wanted || candidate.id === wanted,
  );
  if (migration === undefined || migration.server !== find(call).id)
    throw notFound(`Migration ${wanted} for server ${call.param('server_id')} is not live-migration.`);
  if (migration.status !== 'running')
    throw badRequest(
      `Migration ${wanted} state of instance ${migration.server} is ${migration.status}. Cannot force_complete while the migration is in this state.`,
    );
  return migration;
}

function view(call: Call, migration: Migration, ofServer: boolean): Json {
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
