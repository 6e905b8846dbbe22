import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { text } from '../../wire.ts';
import { addMigration } from './add-migration.ts';
import { evacuate } from './evacuation.ts';
import { charge, flavorOf } from './flavor-quota.ts';
import { isHostRunning, isUp, serviceOf } from './hosts.ts';
import { moveToHost, startTask } from './lifecycle.ts';
import { allocate, resourcesOf, schedule } from './scheduler.ts';
import { action, actionKey } from './server-actions.ts';
import type { Flavor, Server } from './server.ts';
import type { InstanceAction, Migration } from './state.ts';

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
      giveBack(call, server);
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
          giveBack(call, server);
          server.flavor = before.flavor;
          allocate(call.state, server, before.host);
          moveToHost(call.state, server, before.host);
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
        // Since 2.34 the answer comes before the scheduler has chosen.
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
          // What does not run cannot be moved live.
          if (!isHostRunning(state, target) || server.hasShutDown) {
            if (from !== null) allocate(state, server, from);
            migration.status = 'error';
            return;
          }
          moveToHost(state, server, target);
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
};

const lastMove = (call: Call, server: Server): Migration | undefined =>
  call.state.compute.migrations.filter((migration) => migration.server === server.id).at(-1);

/**
 * Gives back what a moved server keeps on its old host until the move is confirmed. Its migration holds it, by its own uuid
 * (`replace_allocation_with_migration` of `nova/conductor/tasks/migrate.py`).
 */
function giveBack(call: Call, server: Server): void {
  const move = lastMove(call, server);
  if (move !== undefined) call.state.placement.allocate(move.id, server, {});
}

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
      migration.id,
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
      moveToHost(state, server, target);
      Object.assign(migration, { status: 'finished', updated: state.clock.now() });
    },
    entry,
  );
}

function last(call: Call, server: Server, status: string): void {
  const mine = lastMove(call, server);
  if (mine !== undefined) Object.assign(mine, { status, updated: call.now });
}
