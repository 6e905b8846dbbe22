import type { SimState } from '../../sim-state.ts';
import { markActive, moveToHost, startTask } from './lifecycle.ts';
import { allocate, schedule } from './scheduler.ts';
import type { InstanceAction, Migration } from './state.ts';
import type { Server } from './server.ts';

export interface EvacuationOrder {
  /** The target; otherwise the scheduler chooses. */
  readonly only?: string | undefined;
  /** Since 2.95 the server stays off, so that its disks can be examined first. */
  readonly staysOff: boolean;
  readonly by: { readonly project_id: string; readonly user_id: string };
  readonly entry?: InstanceAction | undefined;
}

/** Rebuilds a server on another host. Its record is `error` if no host has room, else `done` when the task has ended. */
export function evacuate(state: SimState, server: Server, order: EvacuationOrder): Migration {
  const { only, staysOff, by, entry } = order;
  const { clock, compute, ids } = state;
  const source = server.host;
  const target = schedule(state, server, { only, not: [source] });
  const migration: Migration = compute.migrations.add({
    id: ids.uuid(),
    row: compute.row('migrations'),
    server: server.id,
    ...by,
    type: 'evacuation',
    source: source ?? '',
    dest: target ?? null,
    created: clock.now(),
    updated: clock.now(),
    old_flavor: server.flavor.row,
    new_flavor: server.flavor.row,
    status: target === undefined ? 'error' : 'pre-migrating',
  });
  if (target === undefined) {
    if (entry !== undefined) Object.assign(entry, { finish: clock.now(), message: 'Error' });
    return migration;
  }
  const stopped = server.vm_state === 'stopped';
  allocate(state, server, target);
  // From here on the target does the work, so that the failure of the old host does not stop this task.
  server.host = target;
  startTask(
    state,
    server,
    'rebuilding',
    state.settings.timing.action,
    () => {
      moveToHost(state, server, target);
      markActive(state, server);
      if (stopped || staysOff) Object.assign(server, { vm_state: 'stopped', power_state: 4 });
      server.fault = null;
      Object.assign(migration, { status: 'done', updated: clock.now() });
    },
    entry,
  );
  return migration;
}
