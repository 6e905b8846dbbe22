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
export function handle(state: SimState, one: Notification): void {
  state.clock.after(0, () => {
    if (segmentOf(state, one)?.enabled === false) end(state, one, 'ignored');
    else start(state, one, false);
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

function start(state: SimState, one: Notification, again: boolean): void {
  Object.assign(one, { status: 'running', updated: state.clock.now() });
  const over = (status: NotificationStatus): void => {
    if (status === 'error' && again) end(state, one, 'failed');
    else {
      end(state, one, status);
      if (status === 'error') state.clock.after(TRY_AGAIN, () => start(state, one, true));
    }
  };
  if (one.type === 'COMPUTE_HOST') ofHost(state, one, over);
  else if (one.type === 'VM') ofServer(state, one, over);
  else ofProcess(state, one, over);
}

const end = (state: SimState, one: Notification, status: NotificationStatus): void =>
  void Object.assign(one, { status, updated: state.clock.now() });

type Over = (status: NotificationStatus) => void;

function ofHost(state: SimState, one: Notification, over: Over): void {
  const host = state.instanceHa.hosts.get(one.host);
  const segment = segmentOf(state, one);
  if (host === undefined || segment === undefined || one.payload['host_status'] !== 'NORMAL')
    return over('ignored');
  if (one.payload['event'] === 'STARTED') return over('finished');
  Object.assign(host, { on_maintenance: true, reserved: false, updated: state.clock.now() });
  disable(state, host.name, 'Masakari detected host failed.');
  one.done = ['DisableComputeServiceTask'];
  state.clock.after(AFTER_DISABLE, () => {
    one.done = ['DisableComputeServiceTask', 'PrepareHAEnabledInstancesTask'];
    const reserves = state.instanceHa.hosts.filter(
      (each) => each.segment === segment.id && each.reserved && !each.on_maintenance,
    );
    const failed = { host: host.name, method: segment.recovery_method, reserves, cause: one };
    evacuateHost(state, failed, (succeeded) => {
      if (succeeded) one.done = [...(TASKS['COMPUTE_HOST'] ?? [])];
      over(succeeded ? 'finished' : 'error');
    });
  });
}

function ofServer(state: SimState, one: Notification, over: Over): void {
  if (EVENTS[one.payload['event'] ?? ''] !== one.payload['vir_domain_event']) return over('ignored');
  const server = state.compute.servers.get(one.payload['instance_uuid'] ?? '');
  if (server === undefined) return over('error');
  if (flag(server.metadata['HA_Enabled']) !== true) return over('finished');
  if (['paused', 'rescued'].includes(server.vm_state)) return over('ignored');
  const { action } = state.settings.timing;
  startTask(state, server, 'powering-off', action, () => {
    Object.assign(server, { vm_state: 'stopped', power_state: 4 });
    one.done = ['StopInstanceTask'];
    startTask(state, server, 'powering-on', action, () => {
      Object.assign(server, { vm_state: 'active', power_state: 1 });
      one.done = [...(TASKS['VM'] ?? [])];
      over('finished');
    });
  });
}

function ofProcess(state: SimState, one: Notification, over: Over): void {
  const host = state.instanceHa.hosts.get(one.host);
  if (one.payload['event'] === 'STOPPED' && host !== undefined) {
    Object.assign(host, { on_maintenance: true, updated: state.clock.now() });
    if (one.payload['process_name'] === 'nova-compute') {
      disable(state, host.name, 'Masakari detected process failed.');
      one.done = [...(TASKS['PROCESS'] ?? [])];
    }
  }
  over('finished');
}

function disable(state: SimState, host: string, reason: string): void {
  const service = serviceOf(state, host);
  if (service !== undefined) Object.assign(service, { disabled: true, disabled_reason: reason });
}

const segmentOf = (state: SimState, one: Notification) =>
  state.instanceHa.segments.get(state.instanceHa.hosts.get(one.host)?.segment ?? '');
