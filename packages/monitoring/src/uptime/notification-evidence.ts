import { aDuration, type Duration, milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { ServerNotification } from '../events/server-notification.ts';
import type { EvidenceState, UptimeEvidence } from './evidence.ts';

export interface NotificationEvidenceOptions {
  /** How often Nova looks at the power state, as in `watchUptime`. @default '10m' */
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

/** Tasks that leave the guest alone (`nova/compute/task_states.py`); what is not named here may be stopping it. */
const HARMLESS = new Set([
  'image_backup',
  'image_pending_upload',
  'image_snapshot',
  'image_snapshot_pending',
  'image_uploading',
  'migrating',
  'updating_password',
]);

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
  const state = stateOf(told);
  if (Number.isNaN(at) || state === undefined) return [];
  const lag = state === 'up' ? milliseconds(options.powerSync ?? '10m') : 0;
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

function stateOf({ state, powerState, taskState, publisher }: ServerNotification): EvidenceState | undefined {
  if (state === undefined) return undefined;
  if (state === 'deleted') return 'deleted';
  if (STOPPED.has(state)) return 'down';
  if (publisher !== 'nova-compute' && publisher !== 'compute') return undefined;
  if (!RUNNING.has(state)) return 'unknown';
  if (taskState !== undefined && !HARMLESS.has(taskState)) return 'unknown';
  // `pending` is what Nova's versioned notifications call NOSTATE: it is not known.
  if (powerState === 'pending') return 'unknown';
  return powerState === undefined || powerState === 'running' ? 'up' : 'down';
}
