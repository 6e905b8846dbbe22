import { NOT_TOLD } from './told-server.ts';
import type { ServerMove, ServerView } from './situation.ts';

/** The hosts on which the guest of a server may be running, as far as Nova's database tells. */
export interface Whereabouts {
  /** Every machine that may run it, the server's own host first: each must be off before it is started elsewhere. */
  readonly hosts: readonly string[];
  /** The reason why there may be further hosts; `undefined` if `hosts` are all. */
  readonly unknown: string | undefined;
}

/**
 * The states that end a migration for Nova (nova `db/main/api.py`, `migration_get_in_progress_by_host_and_node`). Whatever is
 * not in here is unfinished, also a word that a later release brings.
 */
const ENDED = new Set(['confirmed', 'reverted', 'error', 'failed', 'completed', 'cancelled', 'done']);

/** Is a migration record of Nova still going somewhere? */
const isUnfinished = (status: string): boolean => !ENDED.has(status);

/**
 * Tasks that another host may be carrying out, or be carried out for. While one of them lasts, some record names the
 * other host; where none does, that host is not known (nova `compute/task_states.py`).
 */
const ELSEWHERE = new Set([
  'migrating',
  'resize_prep',
  'resize_migrating',
  'resize_migrated',
  'resize_finish',
  'resize_reverting',
  'resize_confirming',
  'rebuilding',
  'rebuild_block_device_mapping',
  'rebuild_spawning',
  'scheduling',
  'block_device_mapping',
  'networking',
  'spawning',
  'unshelving',
]);

/** Tasks that the server's own host carries out on a guest that it has (nova `compute/task_states.py`). */
const ON_ITS_HOST = new Set([
  'image_snapshot',
  'image_snapshot_pending',
  'image_pending_upload',
  'image_uploading',
  'image_backup',
  'updating_password',
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
  'reboot_pending_hard',
  'reboot_started_hard',
  'pausing',
  'unpausing',
  'suspending',
  'resuming',
  'powering-off',
  'powering-on',
  'rescuing',
  'unrescuing',
  'shelving',
  'shelving_image_pending_upload',
  'shelving_image_uploading',
  'shelving_offloading',
  'attaching_volume',
  'detaching_volume',
  'soft-deleting',
  'restoring',
  'deleting',
]);

/**
 * On which machines a server's guest may be running. Nova's `host` is not enough: libvirt switches a live migration to its
 * destination before Nova writes `host` (nova `compute/manager.py`, `_post_live_migration`), and Nova's own evacuation looks
 * at no task (`compute/api.py`, `evacuate`: `task_state=None`), so that it would start the guest a second time.
 *
 * Pure. `server.moves` that are missing were not read: then its task decides, and whoever acts reads them (`proveStopped`).
 */
export function whereabouts(server: Pick<ServerView, 'host' | 'state' | 'task' | 'moves'>): Whereabouts {
  const hosts = new Set<string>(server.host === undefined ? [] : [server.host]);
  const moves = server.moves ?? [];
  const open = moves.filter(
    (move, place) => mayHaveCopies(move) || (place === 0 && failedAfterSwitch(move, server)),
  );
  for (const { source, dest } of open) {
    if (source !== undefined) hosts.add(source);
    if (dest !== undefined) hosts.add(dest);
  }
  return { hosts: [...hosts], unknown: notKnown(server, open) };
}

function notKnown(
  { host, task }: Pick<ServerView, 'host' | 'task'>,
  open: readonly ServerMove[],
): string | undefined {
  if (host === undefined) return 'Nova does not say on which host it is';
  const nowhere = open.find(({ source, dest }) => source === undefined || dest === undefined);
  if (nowhere !== undefined)
    return `its ${nowhere.type ?? 'migration'} is ${nowhere.status}, and Nova does not say to where`;
  if (task === undefined || ON_ITS_HOST.has(task)) return undefined;
  if (open.length > 0) return undefined;
  return ELSEWHERE.has(task)
    ? `its task is ${task}, and no migration record names the other host`
    : `its task is ${task}, which may be another host's`;
}

/** May there be a guest at both ends of this move? */
function mayHaveCopies({ type, status }: ServerMove): boolean {
  // A resize ends in `finished`: its source has stopped the guest, and only a revert, which is `reverting`, starts it there
  // again (nova `compute/manager.py`, `_resize_instance`, `_finish_resize`).
  if (status === 'finished' || status === 'confirming') return type !== 'migration' && type !== 'resize';
  return isUnfinished(status);
}

/**
 * A live migration that failed after the switch leaves its record and the server in error, "as its almost certainly too late
 * to rollback" (nova `compute/manager.py`, `_do_live_migration`), with the guest at the destination. Whoever has looked there
 * resets the server's state. Earlier records of that kind are of another time.
 */
const failedAfterSwitch = (
  { type, status, source }: ServerMove,
  { host, state }: Pick<ServerView, 'host' | 'state'>,
): boolean => type === 'live-migration' && status === 'error' && MAY_BE_ERROR.has(state) && source === host;

/** A state that Nova does not tell may be that one. */
const MAY_BE_ERROR: ReadonlySet<string> = new Set(['error', 'unknown', NOT_TOLD]);
