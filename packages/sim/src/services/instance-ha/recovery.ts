import { flag } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import { serviceOf } from '../compute/hosts.ts';
import { startTask } from '../compute/lifecycle.ts';
import { evacuateHost } from './evacuate-host.ts';
import type { Notification, NotificationStatus } from './state.ts';

/** `wait_period_after_service_update`: what Masakari sleeps between disabling a host and evacuating it. */
const AFTER_DISABLE = 180_000;
/** `process_unfinished_notifications_interval`: when an error is tried again, once. */
const TRY_AGAIN = 120_000;

const TASKS: { readonly [type: string]: readonly string[] } = {
  COMPUTE_HOST: ['DisableComputeServiceTask', 'PrepareHAEnabledInstancesTask', 'EvacuateInstancesTask'],
  VM: ['StopInstanceTask', 'StartInstanceTask', 'ConfirmInstanceActiveTask'],
  PROCESS: ['DisableComputeNodeTask', 'ConfirmComputeNodeDisabledTask'],
};

/** Events of libvirt that are acted on (masakari `engine/instance_events.py`). */
const EVENTS: { readonly [event: string]: string } = {
  QEMU_GUEST_AGENT_ERROR: 'STOPPED_FAILED',
  LIFECYCLE: 'STOPPED_FAILED',
  IO_ERROR: 'IO_ERROR_REPORT',
};

/**
 * What Masakari's engine does with a notification (masakari `engine/manager.py`), in the cloud's time and with its
 * default settings. It is not asked for a proof that the host is off, and asks for none.
 */
export function handle(world: SimState, one: Notification): void {
  world.clock.after(0, () => {
    if (segmentOf(world, one)?.enabled === false) end(world, one, 'ignored');
    else start(world, one, false);
  });
}

/** What shows from 1.1 on: the tasks that have ended, and the one that runs. */
export function tasksOf(one: Notification): object[] {
  const all = TASKS[one.type] ?? [];
  const over = one.status !== 'running' && one.status !== 'new';
  const shown = one.status === 'new' || (over && one.done.length === 0) ? [] : all;
  return shown.slice(0, one.done.length + (over ? 0 : 1)).map((name) => {
    const ended = one.done.includes(name);
    return { name, state: ended ? 'SUCCESS' : 'RUNNING', progress: ended ? 1 : 0, progress_details: [] };
  });
}

function start(world: SimState, one: Notification, again: boolean): void {
  Object.assign(one, { status: 'running', updated: world.clock.now() });
  const over = (status: NotificationStatus): void => {
    if (status === 'error' && again) end(world, one, 'failed');
    else {
      end(world, one, status);
      if (status === 'error') world.clock.after(TRY_AGAIN, () => start(world, one, true));
    }
  };
  if (one.type === 'COMPUTE_HOST') ofHost(world, one, over);
  else if (one.type === 'VM') ofServer(world, one, over);
  else ofProcess(world, one, over);
}

const end = (world: SimState, one: Notification, status: NotificationStatus): void =>
  void Object.assign(one, { status, updated: world.clock.now() });

type Over = (status: NotificationStatus) => void;

function ofHost(world: SimState, one: Notification, over: Over): void {
  const host = world.instanceHa.hosts.get(one.host);
  const segment = segmentOf(world, one);
  if (host === undefined || segment === undefined || one.payload['host_status'] !== 'NORMAL')
    return over('ignored');
  if (one.payload['event'] === 'STARTED') return over('finished');
  Object.assign(host, { on_maintenance: true, reserved: false, updated: world.clock.now() });
  disable(world, host.name, 'Masakari detected host failed.');
  one.done = ['DisableComputeServiceTask'];
  world.clock.after(AFTER_DISABLE, () => {
    one.done = ['DisableComputeServiceTask', 'PrepareHAEnabledInstancesTask'];
    const reserves = world.instanceHa.hosts.filter(
      (each) => each.segment === segment.id && each.reserved && !each.on_maintenance,
    );
    const failed = { host: host.name, method: segment.recovery_method, reserves, cause: one };
    evacuateHost(world, failed, (succeeded) => {
      if (succeeded) one.done = [...(TASKS['COMPUTE_HOST'] ?? [])];
      over(succeeded ? 'finished' : 'error');
    });
  });
}

function ofServer(world: SimState, one: Notification, over: Over): void {
  if (EVENTS[one.payload['event'] ?? ''] !== one.payload['vir_domain_event']) return over('ignored');
  const server = world.compute.servers.get(one.payload['instance_uuid'] ?? '');
  if (server === undefined) return over('error');
  if (flag(server.metadata['HA_Enabled']) !== true) return over('finished');
  if (['paused', 'rescued'].includes(server.vm_state)) return over('ignored');
  const { action } = world.settings.timing;
  startTask(world, server, 'powering-off', action, () => {
    Object.assign(server, { vm_state: 'stopped', power_state: 4 });
    one.done = ['StopInstanceTask'];
    startTask(world, server, 'powering-on', action, () => {
      Object.assign(server, { vm_state: 'active', power_state: 1 });
      one.done = [...(TASKS['VM'] ?? [])];
      over('finished');
    });
  });
}

function ofProcess(world: SimState, one: Notification, over: Over): void {
  const host = world.instanceHa.hosts.get(one.host);
  if (one.payload['event'] === 'STOPPED' && host !== undefined) {
    Object.assign(host, { on_maintenance: true, updated: world.clock.now() });
    if (one.payload['process_name'] === 'nova-compute') {
      disable(world, host.name, 'Masakari detected process failed.');
      one.done = [...(TASKS['PROCESS'] ?? [])];
    }
  }
  over('finished');
}

function disable(world: SimState, host: string, reason: string): void {
  const service = serviceOf(world, host);
  if (service !== undefined) Object.assign(service, { disabled: true, disabled_reason: reason });
}

const segmentOf = (world: SimState, one: Notification) =>
  world.instanceHa.segments.get(world.instanceHa.hosts.get(one.host)?.segment ?? '');
