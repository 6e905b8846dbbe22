import { aDuration, type Duration, milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { ServerNotification } from '../events/server-notification.ts';
import type { EvidenceState, UptimeEvidence } from './evidence.ts';
import { LEAVES_GUEST } from './pending-tasks.ts';
import { BETWEEN_LOOKS } from './power-look.ts';

export interface NotificationEvidenceOptions {
  /** The longest time between two looks of Nova at the power state, as in `watchUptime`. @default '12.5m' */
  readonly powerSync?: Duration | undefined;
}

const evidenceOptions = optionsSchema<NotificationEvidenceOptions>({ powerSync: aDuration.optional() });

/** States of Nova in which the server's own system does not run (`nova/compute/vm_states.py`). */
const STOPPED = new Set([
  'paused',
  'rescued',
  'shelved',
  'shelved_offloaded',
  'soft-delete',
  'stopped',
  'suspended',
]);
const RUNNING = new Set(['active', 'resized']);

/**
 * What a notification of Nova says of a server's uptime: nothing, or one piece of evidence.
 *
 * That it is up is taken from `nova-compute` alone: Nova's API and conductor tell what the database holds, also of servers whose
 * host is dead. It is true of some moment since Nova last looked, `powerSync` before at most. While a task goes on that may stop
 * the guest (a reboot, a rebuild), it is not known.
 *
 * @example
 * const told = serverNotification(notification);
 * if (told !== undefined) await ledger.append(notificationEvidence(told));
 */
export function notificationEvidence(
  told: ServerNotification,
  options: NotificationEvidenceOptions = {},
): UptimeEvidence[] {
  parseArguments('notificationEvidence', evidenceOptions, options);
  const at = told.at === undefined ? NaN : Date.parse(told.at);
  const found = stateOf(told);
  if (Number.isNaN(at) || found === undefined) return [];
  const { state, isLook } = found;
  const lag = isLook ? milliseconds(options.powerSync ?? BETWEEN_LOOKS) : 0;
  return [
    {
      id: `notification:${told.id}`,
      subject: { server: told.serverId },
      state,
      earliest: at - lag,
      latest: at,
      source: 'notification',
      text: `notification ${told.event}${told.requestId === undefined ? '' : ` (${told.requestId})`}`.slice(
        0,
        500,
      ),
      ...(told.projectId === undefined ? {} : { project: told.projectId }),
    },
  ];
}

/** A state, and whether Nova knows it by its look at the guest alone. */
interface Told {
  readonly state: EvidenceState;
  readonly isLook: boolean;
}

const byNova = (state: EvidenceState): Told => ({ state, isLook: false });

function stateOf(told: ServerNotification): Told | undefined {
  const { state, powerState, taskState, oldTaskState, publisher, event } = told;
  if (state === undefined) return undefined;
  if (state === 'deleted') return byNova('deleted');
  if (STOPPED.has(state)) return byNova('down');
  if (publisher !== 'nova-compute' && publisher !== 'compute') return undefined;
  if (!RUNNING.has(state)) return byNova('unknown');
  if (taskState !== undefined && !LEAVES_GUEST.has(taskState)) return byNova('unknown');
  // Nova does not look while a task leaves the guest alone, which may take hours; a snapshot's own end tells no task any more.
  if (taskState !== undefined || (oldTaskState !== undefined && LEAVES_GUEST.has(oldTaskState)))
    return undefined;
  if (event.startsWith('snapshot.')) return undefined;
  // `pending` is what Nova's versioned notifications call NOSTATE: it is not known.
  if (powerState === 'pending') return byNova('unknown');
  return { state: powerState === undefined || powerState === 'running' ? 'up' : 'down', isLook: true };
}
