import { type Loose, objectIn, textIn, timeIn } from './loose.ts';
import type { OsloNotification } from './notification.ts';
import { unversioned } from './versioned.ts';

/** What one of Nova's notifications says of a server, whichever of Nova's two formats it came in. */
export interface ServerNotification {
  /** The message's own id: a message that is delivered twice has it twice. */
  readonly id: string;
  /** When Nova wrote it: ISO 8601, UTC. `undefined` if it does not say so. */
  readonly at: string | undefined;
  readonly format: 'versioned' | 'unversioned';
  /** The program that sent it, as it names itself: `nova-compute`, `nova-api`; of the unversioned format `compute`, `api`. */
  readonly publisher: string | undefined;
  /** The event without its prefix, in the words of the versioned format: `power_off.end`, `update`, `create.error`. */
  readonly event: string;
  /** Nova sent it as an error, or the event's name ends so. */
  readonly isError: boolean;
  readonly serverId: string;
  readonly projectId: string | undefined;
  readonly name: string | undefined;
  /** The compute service whose server it is. Nova tells it to administrators alone, and notifications are read by those. */
  readonly host: string | undefined;
  /** `active`, `stopped`, `error`, …: the state that Nova holds, in lower case. */
  readonly state: string | undefined;
  /** `update` tells the state before it, too. */
  readonly oldState: string | undefined;
  /** What the hypervisor said last: `running`, `shutdown`, `crashed`, …; only the versioned format tells it. */
  readonly powerState: string | undefined;
  readonly taskState: string | undefined;
  /** The task before it, of an `update`. */
  readonly oldTaskState: string | undefined;
  readonly requestId: string | undefined;
  readonly launchedAt: string | undefined;
  readonly deletedAt: string | undefined;
}

/**
 * Reads a notification of Nova about one server. `undefined` for what is about something else, or does not say about which
 * server it is: such a message is no word about any.
 *
 * The names of the two formats are made one: `compute.instance.power_off.end` and `instance.power_off.end` are both
 * `power_off.end` (nova/notifications/base.py and nova/notifications/objects/instance.py).
 *
 * @example
 * const notification = parseNotification(message);
 * const told = notification === undefined ? undefined : serverNotification(notification);
 * if (told?.event === 'power_off.end') console.log(told.serverId, told.at);
 */
export function serverNotification(notification: OsloNotification): ServerNotification | undefined {
  const { eventType, payload, id, at, isError, context } = notification;
  const event = EVENT.exec(eventType)?.[1];
  if (event === undefined) return undefined;
  const versioned = unversioned(payload);
  if (versioned !== undefined && versioned.namespace !== 'nova') return undefined;
  const body = versioned?.body ?? payload;
  const serverId = textIn(body['uuid']) ?? textIn(body['instance_id']);
  if (serverId === undefined) return undefined;
  const update = objectIn(body['state_update']);
  return {
    id,
    at,
    format: versioned === undefined ? 'unversioned' : 'versioned',
    publisher: textIn(notification.publisher.split(/[.:]/)[0]),
    event,
    isError: isError || event.endsWith('.error'),
    serverId,
    projectId: textIn(body['tenant_id']) ?? textIn(body['project_id']),
    name: textIn(body['display_name']),
    host: textIn(body['host']),
    state: word(body, 'state') ?? (update === undefined ? undefined : word(update, 'state')),
    oldState: update === undefined ? word(body, 'old_state') : word(update, 'old_state'),
    powerState: word(body, 'power_state'),
    // The unversioned format calls it `state_description`, but for an update (nova/notifications/base.py, `info_from_instance`).
    taskState: word(body, 'task_state') ?? word(body, 'new_task_state') ?? word(body, 'state_description'),
    oldTaskState: word(update ?? body, 'old_task_state'),
    requestId: textIn(body['request_id']) ?? context.request_ids[0],
    launchedAt: timeIn(body['launched_at']),
    deletedAt: timeIn(body['deleted_at']) ?? timeIn(body['terminated_at']),
  };
}

const EVENT = /^(?:compute\.)?instance\.([a-z_.]+)$/;

const word = (body: Loose, name: string): string | undefined => textIn(body[name])?.toLowerCase();
