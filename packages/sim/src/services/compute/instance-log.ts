import type { LogContext, LogMessage } from '../../logs/log-entry.ts';
import { NOVA_API } from '../../logs/requests/nova.ts';
import { CONTROLLER } from '../../logs/service-logs.ts';
import type { SimState } from '../../sim-state.ts';
import { tellPlacement } from './placement-log.ts';
import type { Server } from './server.ts';
import type { InstanceAction } from './state.ts';

/** Whose request something belongs to. */
type By = Pick<InstanceAction, 'request_id' | 'user_id' | 'project_id' | 'action'>;

const MANAGER = 'nova.compute.manager';

/**
 * What nova-compute says when it begins a task (`nova/compute/manager.py`, the same words from 21.0.0 to 32.0.0). To start, to stop and to suspend
 * a server is told at DEBUG only, which no process of Nova writes here.
 */
const BEGUN: Readonly<Record<string, string>> = {
  deleting: 'Terminating instance',
  image_backup: 'instance snapshotting',
  image_uploading: 'instance snapshotting',
  pausing: 'Pausing',
  rebooting: 'Rebooting instance',
  rebooting_hard: 'Rebooting instance',
  rescuing: 'Rescuing',
  resuming: 'Resuming',
  shelving: 'Shelving',
  shelving_offloading: 'Shelve offloading',
  unpausing: 'Unpausing',
  unrescuing: 'Unrescuing',
  unshelving: 'Unshelving',
};

/** Writes what a host's nova-compute says about a server. */
function say(state: SimState, server: Server, host: string | null, message: LogMessage): void {
  if (host !== null) state.logs.write({ service: 'nova-compute', host }, { instance: server.id, ...message });
}

const info = (context: LogContext | undefined, message: string): LogMessage => ({
  level: 'INFO',
  logger: MANAGER,
  context,
  message,
});

const contextOf = (state: SimState, by: By | undefined): LogContext | undefined =>
  by === undefined ? undefined : state.logs.contextOf(by);

/** A task of a server begins. */
export function tellBegun(state: SimState, server: Server, task: string | null, by: By | undefined): void {
  if (!state.logs.isOn || task === null) return;
  const context = contextOf(state, by);
  const { host } = server;
  if (task === 'spawning') tellClaim(state, server, context);
  if (task === 'rebuilding') tellRebuild(state, server, by, context);
  const words = BEGUN[task];
  if (words !== undefined) say(state, server, host, info(context, words));
}

function tellClaim(state: SimState, server: Server, context: LogContext | undefined): void {
  say(state, server, server.host, {
    level: 'INFO',
    logger: 'nova.compute.claims',
    context,
    message: `Claim successful on node ${server.host ?? ''}`,
  });
}

/** A rebuild in place has an action of that name; another is an evacuation, which its target says. */
function tellRebuild(
  state: SimState,
  server: Server,
  by: By | undefined,
  context: LogContext | undefined,
): void {
  if (by?.action === 'rebuild') {
    say(state, server, server.host, info(context, 'Rebuilding instance'));
    return;
  }
  say(state, server, server.host, info(context, 'Evacuating instance'));
  tellClaim(state, server, context);
  if (server.image !== null)
    say(state, server, server.host, {
      ...info(context, `disk not on shared storage, evacuating from image: '${server.image}'`),
      instance: undefined,
    });
}

/** A task of a server has ended well. `since` is when it began, and `from` the host that it was on then. */
export function tellEnded(
  state: SimState,
  server: Server,
  of: {
    readonly task: string | null;
    readonly by: By | undefined;
    readonly since: number;
    readonly from: string | null;
  },
): void {
  if (!state.logs.isOn) return;
  const context = contextOf(state, of.by);
  if (of.task === 'spawning') {
    const took = `Took ${((state.clock.now() - of.since) / 1000).toFixed(2)} seconds to`;
    say(state, server, server.host, info(context, `${took} spawn the instance on the hypervisor.`));
    say(state, server, server.host, info(context, `${took} build instance.`));
  }
  if (of.task === 'migrating' && server.host !== of.from) tellMoved(state, server, of.from, context);
}

function tellMoved(
  state: SimState,
  server: Server,
  from: string | null,
  context: LogContext | undefined,
): void {
  const to = server.host ?? '';
  const prepared = `Took 0.00 seconds for pre_live_migration on destination host ${to}.`;
  say(state, server, from, info(undefined, prepared));
  say(state, server, from, info(undefined, '_post_live_migration() is started..'));
  say(state, server, server.host, info(context, 'Post operation of migration started'));
  say(state, server, from, info(context, `Migrating instance to ${to} finished successfully.`));
}

/** A server has a host: the scheduler has claimed its resources in Placement. */
export function tellScheduled(state: SimState, server: Server, by: By): void {
  if (!state.logs.isOn) return;
  const context = state.logs.contextOf(by);
  const path = `/allocations/${server.id}`;
  tellPlacement(state, context, { method: 'GET', path, status: 200, bytes: 19, microversion: '1.28' });
  tellPlacement(state, context, { method: 'PUT', path, status: 204, bytes: 0, microversion: '1.36' });
}

/** No host has room for a server: the conductor gives it up, in the words of the fault that the API shows. */
export function tellUnscheduled(state: SimState, server: Server, by: By, reason: string): void {
  if (!state.logs.isOn) return;
  const context = state.logs.contextOf(by);
  const summary = `nova.exception_Remote.NoValidHost_Remote: ${reason}`;
  const conductor = { service: 'nova-conductor', host: CONTROLLER } as const;
  state.logs.write(conductor, {
    level: 'ERROR',
    logger: 'nova.conductor.manager',
    context,
    message: `Failed to schedule instances: ${summary}`,
    traceback: [
      'Traceback (most recent call last):',
      '  File "/usr/lib/python3/dist-packages/nova/conductor/manager.py", line 1587, in schedule_and_build_instances',
      '    host_lists = self._schedule_instances(context, request_specs[0],',
      summary,
    ],
  });
  const logger = 'nova.scheduler.utils';
  state.logs.write(conductor, {
    level: 'WARNING',
    logger,
    context,
    message: `Failed to compute_task_build_instances: ${reason}: ${summary}`,
  });
  state.logs.write(conductor, {
    level: 'WARNING',
    logger,
    context,
    instance: server.id,
    message: `Setting instance to ERROR state.: ${summary}`,
  });
}

/** A server is deleted: by its host, or, where that is down, by the API in its place. */
export function tellDeleted(
  state: SimState,
  server: Server,
  of: { readonly by: By | undefined; readonly volumes: number; readonly isByApi: boolean },
): void {
  if (!state.logs.isOn) return;
  const context = contextOf(state, of.by);
  const { host } = server;
  if (of.isByApi) {
    if (host === null) return;
    state.logs.write(NOVA_API, {
      level: 'WARNING',
      logger: 'nova.compute.api',
      context,
      instance: server.id,
      message: `instance's host ${host} is down, deleting from database`,
    });
  } else {
    say(state, server, host, info(context, 'Took 0.00 seconds to destroy the instance on the hypervisor.'));
    if (of.volumes > 0)
      say(
        state,
        server,
        host,
        info(context, `Took 0.00 seconds to detach ${of.volumes} volumes for instance.`),
      );
    say(state, server, host, info(undefined, 'Took 0.00 seconds to deallocate network for instance.'));
    say(state, server, host, {
      ...info(context, `Deleted allocations for instance ${server.id}`),
      logger: 'nova.scheduler.client.report',
      instance: undefined,
    });
  }
  const path = `/allocations/${server.id}`;
  if (context !== undefined)
    tellPlacement(state, context, { method: 'DELETE', path, status: 204, bytes: 0, microversion: '1.0' });
}

/** nova-compute has looked at the power states, and found a guest off that its database calls running. */
export function tellShutDown(state: SimState, server: Server, was: number): void {
  if (!state.logs.isOn) return;
  const { host, vm_state, task_state, power_state } = server;
  const differs = `During _sync_instance_power_state the DB power_state (${was}) does not match the vm_power_state from the hypervisor (${power_state}). Updating power_state in the DB to match the hypervisor.`;
  if (was !== power_state) say(state, server, host, info(undefined, differs));
  if (vm_state === 'paused')
    say(state, server, host, {
      ...info(undefined, 'Paused instance shutdown by itself. Calling the stop API.'),
      level: 'WARNING',
    });
  if (vm_state !== 'active') return;
  const message = `Instance shutdown by itself. Calling the stop API. Current vm_state: ${vm_state}, current task_state: ${task_state ?? 'None'}, original DB power_state: ${was}, current VM power_state: ${power_state}`;
  say(state, server, host, { ...info(undefined, message), level: 'WARNING' });
}

/** nova-compute has looked at the power states, and leaves a server alone that has a task. */
export function tellPending(state: SimState, server: Server): void {
  if (!state.logs.isOn) return;
  const message = `During sync_power_state the instance has a pending task (${server.task_state ?? 'None'}). Skip.`;
  say(state, server, server.host, info(undefined, message));
}

/** nova-compute has started on a host, and takes away what it has of servers that were evacuated meanwhile. */
export function tellCleanUp(state: SimState, host: string, servers: readonly string[]): void {
  if (!state.logs.isOn || servers.length === 0) return;
  // Whatever it does when it starts is one request of its own.
  const context = { requestId: state.logs.ids.requestId() };
  for (const instance of servers)
    state.logs.write(
      { service: 'nova-compute', host },
      {
        ...info(context, 'Cleaning up allocations of the instance as it has been evacuated from this host'),
        instance,
      },
    );
}
