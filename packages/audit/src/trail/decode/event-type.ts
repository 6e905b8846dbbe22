import type { EventOutcome } from '../event.ts';
import { entryOf } from './loose.ts';
import { singular, verbOf } from './names.ts';

/**
 * The last word of an event's type, where it says how far it came: Nova's (nova/notifications/objects/base.py), Ironic's
 * (ironic/objects/notification.py, `EventType.status`), Masakari's (masakari/objects/fields.py, `EventNotificationPhase`),
 * and those of services that use oslo.messaging's notifier as they like.
 */
const phases: Readonly<Record<string, EventOutcome>> = {
  start: 'pending',
  progress: 'pending',
  end: 'success',
  success: 'success',
  error: 'failure',
  failure: 'failure',
  failed: 'failure',
  fail: 'failure',
  abort: 'failure',
  // A report of what there is: that it was made is all that it tells.
  exists: 'success',
};

/** Events without such a word that are sent before the action. */
const BEFORE: readonly RegExp[] = [
  /^image\.prepare$/, // glance/notifier.py: before the data are stored
];
/** Events without such a word that are sent when the action is done, each with the place that shows it. */
const DONE: readonly RegExp[] = [
  /^image\.(?:create|update|upload|delete|activate|send|member\.(?:create|update|delete))$/, // glance/notifier.py
  /^identity\.[a-z_]+\.(?:created|updated|deleted|disabled)$/, // keystone/notifications.py, `Audit`: called after the driver
  /^dns\.[a-z_]+\.(?:create|update|delete)$/, // designate/common/decorators/notification.py, `notify_type`: after the call
  // nova/notifications/base.py, `send_instance_update_notification`; nova/compute/utils.py, `notify_usage_exists`;
  // nova/compute/api.py, `evacuate`
  /^compute\.instance\.(?:update|exists|evacuate)$/,
  /^(?:instance|flavor|server_group|service|metrics|keypair|aggregate)\.[a-z_]+$/, // Nova's versioned, likewise
  /^volume\.usage$/, // nova/compute/manager.py, `_update_volume_usage_cache`
];

export interface EventType {
  readonly type: string;
  readonly action: string;
  readonly outcome: EventOutcome;
}

/**
 * `compute.instance.create.end`, `security_group_rule.create.end`, `image.create`, `baremetal.node.provision_set.success`.
 * What says nothing of its end, and is of no family that is known, is of unknown outcome: not everything that is told went well.
 *
 * @param isError - it was sent as an error: Glance's `image.upload` and `image.send` are told so when they failed, and Nova's
 * unversioned exceptions, whose type is the name of a function (nova/exception_wrapper.py)
 */
export function eventTypeOf(eventType: string, isError: boolean): EventType {
  // `split` gives at least one part, so that the defaults below are for the type only; `unknown` says that it is not told.
  const parts = eventType.split('.');
  const last = parts.at(-1) ?? '';
  // Nova tells of an exception that nobody caught in its API or a manager (nova/exception_wrapper.py).
  if (last === 'exception')
    return { type: singular(parts.at(-2) ?? 'unknown'), action: last, outcome: 'failure' };
  const ended = parts.length > 1 ? entryOf(phases, last) : undefined;
  if (ended !== undefined) parts.pop();
  const action = parts.length > 1 ? verbOf(parts.pop() ?? '') : 'unknown';
  return {
    type: singular(parts.at(-1) ?? 'unknown') || 'unknown',
    action: ended !== undefined && last === 'exists' ? 'exists' : action || 'unknown',
    outcome: ended ?? (isError ? 'failure' : withoutPhase(eventType)),
  };
}

function withoutPhase(eventType: string): EventOutcome {
  if (BEFORE.some((pattern) => pattern.test(eventType))) return 'pending';
  return DONE.some((pattern) => pattern.test(eventType)) ? 'success' : 'unknown';
}
