import type { InstanceActionWithEvents } from '@groundcrew/core/compute';
import { type EvidenceState, type UptimeEvidence, WIDEST } from './evidence.ts';

/** What an action that succeeded says of a server's state before it began and after it had ended. */
interface Effect {
  readonly before?: EvidenceState;
  readonly after?: EvidenceState;
}

/**
 * The actions of Nova that change whether a guest runs (`nova/compute/instance_actions.py`). A `reboot` may be of a server
 * that was off, and a `rebuild`, a `resize` or an `evacuate` leaves one off that was off: those say less. So does a `stop`: it may
 * be of a server in error, and the one that Nova makes itself is of a guest that was off already, paused perhaps before that.
 */
const EFFECTS: Readonly<Record<string, Effect>> = {
  create: { before: 'not-created', after: 'up' },
  delete: { after: 'deleted' },
  start: { before: 'down', after: 'up' },
  stop: { after: 'down' },
  reboot: { after: 'up' },
  pause: { before: 'up', after: 'down' },
  unpause: { before: 'down', after: 'up' },
  suspend: { before: 'up', after: 'down' },
  resume: { before: 'down', after: 'up' },
  shelve: { after: 'down' },
  shelveOffload: { before: 'down', after: 'down' },
  unshelve: { before: 'down', after: 'up' },
  rescue: { after: 'down' },
  unrescue: { before: 'down', after: 'up' },
};

/** Actions that leave the guest alone. What is not named here may have stopped it. */
const HARMLESS: ReadonlySet<string> = new Set([
  'addFixedIp',
  'attach_interface',
  'attach_volume',
  'changePassword',
  'confirmResize',
  'createBackup',
  'createImage',
  'detach_interface',
  'detach_volume',
  'extend_volume',
  'live-migration',
  'live_migration_abort',
  'live_migration_force_complete',
  'lock',
  'removeFixedIp',
  'reserve',
  'resetState',
  'swap_volume',
  'unlock',
]);

/** Whether an action leaves the guest alone, so that its steps need not be read. */
export const isHarmless = (verb: string): boolean => HARMLESS.has(verb);

/** Nova's database keeps whole seconds: each time may be off by one. */
const SECOND = 1_000;

/**
 * What an instance action tells of a server; `undefined` while it is still going on.
 *
 * Nova believes that a server runs which has shut itself down, until it looks; so that it was up before a `pause` is true of
 * some moment within `lag` before.
 *
 * @param lag - milliseconds between two looks of Nova at the power state
 */
export function actionEvidence(
  action: InstanceActionWithEvents,
  { lag }: { readonly lag: number },
): readonly UptimeEvidence[] | undefined {
  const { action: verb, instance_uuid: server, request_id, events = [] } = action;
  if (isHarmless(verb)) return [];
  const failed = action.message !== null || events.some(({ result }) => result === 'Error');
  const finished = events.flatMap(({ finish_time }) =>
    finish_time === null ? [] : [Date.parse(finish_time)],
  );
  // No steps are shown to this user, or there are none yet.
  if (events.length === 0 && !failed) return undefined;
  if (finished.length < events.length) return undefined;
  const began = Date.parse(action.start_time);
  const ended = Math.max(began, ...finished);
  if (Number.isNaN(began) || Number.isNaN(ended)) return [];
  const { before, after }: Effect = failed ? {} : (EFFECTS[verb] ?? {});
  const say = (part: string, state: EvidenceState, earliest: number, latest: number): UptimeEvidence => ({
    id: `action:${server}:${request_id}:${verb}:${part}`,
    subject: { server },
    state,
    earliest,
    latest,
    source: 'action',
    text: `action ${verb} (${request_id})`,
    ...(action.project_id === null ? {} : { project: action.project_id }),
  });
  const evidence: UptimeEvidence[] = [];
  if (before !== undefined)
    evidence.push(say('before', before, began - SECOND - (before === 'up' ? lag : 0), began + SECOND));
  if (before === undefined || after === undefined) {
    const [from, to] = [began - SECOND, ended + SECOND];
    if (to - from <= WIDEST) evidence.push(say('during', 'unknown', from, to));
    else evidence.push(say('begun', 'unknown', from, from), say('ended', 'unknown', to, to));
  }
  if (after !== undefined) evidence.push(say('after', after, ended - SECOND, ended + SECOND));
  return evidence;
}
