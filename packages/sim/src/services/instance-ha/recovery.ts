import { flag } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import { serviceOf } from '../compute/hosts.ts';
import { startTask } from '../compute/lifecycle.ts';
import { evacuateHost } from './evacuate-host.ts';
import type { Notification, NotificationStatus } from './state.ts';

/** `wait_period_after_service_update`: the time between disabling a host and evacuating it. */
const AFTER_DISABLE = 180_000;
/** `process_unfinished_notifications_interval`: the time until a failed notification is tried once more. */
const TRY_AGAIN = 120_000;

const TASKS: { readonly [type: string]: readonly string[] } = {
  COMPUTE_HOST: ['DisableComputeServiceTask', 'PrepareHAEnabledInstancesTask', 'EvacuateInstancesTask'],
  VM: ['StopInstanceTask', 'StartInstanceTask', 'ConfirmInstanceActiveTask'],
  PROCESS: ['DisableComputeNodeTask', 'ConfirmComputeNodeDisabledTask'],
};

/** The events of libvirt that start a recovery (masakari `engine/instance_events.py`). */
const EVENTS: { readonly [event: string]: string } = {
  QEMU_GUEST_AGENT_ERROR: 'STOPPED_FAILED',
  LIFECYCLE: 'STOPPED_FAILED',
  IO_ERROR: 'IO_ERROR_REPORT',
};

/**
 * Starts the work of Masakari's engine on a notification (masakari `engine/manager.py`), by the cloud's clock and with its
 * default settings. Like Masakari it asks for no proof that the host is off.
 */
export function startRecovery(state: SimState, notification: Notification): void {
  state.clock.after(0, () => {
    if (segmentOf(state, notification)?.enabled === false) end(state, notification, 'ignored');
    else start(state, notification, false);
  });
}

/** The tasks of a notification that have ended, and the one that runs; shown since 1.1. */
export function tasksOf(notification: Notification): object[] {
  const all = TASKS[notification.type] ?? [];
  const over = notification.status !== 'running' && notification.status !== 'new';
  const shown = notification.status === 'new' || (over && notification.done.length === 0) ? [] : all;
  return shown.slice(0, notification.done.length + (over ? 0 : 1)).map((name) => {
    const ended = notification.done.includes(name);
    return { name, state: ended ? 'SUCCESS' : 'RUNNING', progress: ended ? 1 : 0, progress_details: [] };
  });
}

function start(state: SimState, notification: Notification, again: boolean): void {
  Object.assign(notification, { status: 'running', updated: state.clock.now() });
  const over = (status: NotificationStatus): void => {
    if (status === 'error' && again) end(state, notification, 'failed');
    else {
      end(state, notification, status);
      if (status === 'error') state.clock.after(TRY_AGAIN, () => start(state, notification, true));
    }
  };
  if (notification.type === 'COMPUTE_HOST') ofHost(state, notification, over);
  else if (notification.type === 'VM') ofServer(state, notification, over);
  else ofProcess(state, notification, over);
}

const end = (state: SimState, notification: Notification, status: NotificationStatus): void =>
  void Object.assign(notification, { status, updated: state.clock.now() });

type Over = (status: NotificationStatus) => void;

function ofHost(state: SimState, notification: Notification, over: Over): void {
  const host = state.instanceHa.hosts.get(notification.host);
  const segment = segmentOf(state, notification);
  if (host === undefined || segment === undefined || notification.payload['host_status'] !== 'NORMAL')
    return over('ignored');
  if (notification.payload['event'] === 'STARTED') return over('finished');
  Object.assign(host, { on_maintenance: true, reserved: false, updated: state.clock.now() });
  disable(state, host.name, 'Masakari detected host failed.');
  notification.done = ['DisableComputeServiceTask'];
  state.clock.after(AFTER_DISABLE, () => {
    notification.done = ['DisableComputeServiceTask', 'PrepareHAEnabledInstancesTask'];
    const reserves = state.instanceHa.hosts.filter(
      (candidate) => candidate.segment === segment.id && candidate.reserved && !candidate.on_maintenance,
    );
    const failed = { host: host.name, method: segment.recovery_method, reserves, cause: notification };
    evacuateHost(state, failed, (succeeded) => {
      if (succeeded) notification.done = [...(TASKS['COMPUTE_HOST'] ?? [])];
      over(succeeded ? 'finished' : 'error');
    });
  });
}

function ofServer(state: SimState, notification: Notification, over: Over): void {
  if (EVENTS[notification.payload['event'] ?? ''] !== notification.payload['vir_domain_event'])
    return over('ignored');
  const server = state.compute.servers.get(notification.payload['instance_uuid'] ?? '');
  if (server === undefined) return over('error');
  if (flag(server.metadata['HA_Enabled']) !== true) return over('finished');
  if (['paused', 'rescued'].includes(server.vm_state)) return over('ignored');
  const { action } = state.settings.timing;
  startTask(state, server, 'powering-off', action, () => {
    Object.assign(server, { vm_state: 'stopped', power_state: 4 });
    notification.done = ['StopInstanceTask'];
    startTask(state, server, 'powering-on', action, () => {
      Object.assign(server, { vm_state: 'active', power_state: 1 });
      notification.done = [...(TASKS['VM'] ?? [])];
      over('finished');
    });
  });
}

function ofProcess(state: SimState, notification: Notification, over: Over): void {
  const host = state.instanceHa.hosts.get(notification.host);
  if (notification.payload['event'] === 'STOPPED' && host !== undefined) {
    Object.assign(host, { on_maintenance: true, updated: state.clock.now() });
    if (notification.payload['process_name'] === 'nova-compute') {
      disable(state, host.name, 'Masakari detected process failed.');
      notification.done = [...(TASKS['PROCESS'] ?? [])];
    }
  }
  over('finished');
}

function disable(state: SimState, host: string, reason: string): void {
  const service = serviceOf(state, host);
  if (service !== undefined) Object.assign(service, { disabled: true, disabled_reason: reason });
}

const segmentOf = (state: SimState, notification: Notification) =>
  state.instanceHa.segments.get(state.instanceHa.hosts.get(notification.host)?.segment ?? '');
