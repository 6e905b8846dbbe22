/** The names of the notifications of a task, without their prefix, in the versioned format. */
interface TaskEvents {
  readonly start: string;
  readonly end: string;
}

const both = (name: string): TaskEvents => ({ start: `${name}.start`, end: `${name}.end` });

/**
 * What nova-compute tells while it does a task (`nova/compute/manager.py`, `notify_about_instance_action`). Live migrations,
 * volumes and interfaces have notifications of their own, which say nothing of a state, and are not sent.
 */
export const TASK_EVENTS: Readonly<Record<string, TaskEvents>> = {
  deleting: both('delete'),
  image_backup: both('snapshot'),
  image_uploading: both('snapshot'),
  pausing: both('pause'),
  'powering-off': both('power_off'),
  'powering-on': both('power_on'),
  rebooting: both('reboot'),
  rebooting_hard: both('reboot'),
  rebuilding: both('rebuild'),
  rescuing: both('rescue'),
  resize_migrating: { start: 'resize.start', end: 'resize_finish.end' },
  resize_reverting: both('resize_revert'),
  resuming: both('resume'),
  shelving: both('shelve'),
  shelving_offloading: both('shelve_offload'),
  spawning: both('create'),
  suspending: both('suspend'),
  unpausing: both('unpause'),
  unrescuing: both('unrescue'),
  unshelving: both('unshelve'),
};

/** The name in the unversioned format, which differs in one only. */
export const unversionedEvent = (event: string): string =>
  `compute.instance.${event === 'resize_finish.end' ? 'finish_resize.end' : event}`;
