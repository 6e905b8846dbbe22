import type { HaPolicy } from './policy.ts';
import type { ServerView } from './situation.ts';
import { NOT_TOLD } from './told-server.ts';
import { whereabouts } from './whereabouts.ts';

/** States in which Nova takes an evacuation (nova `compute/api.py`, `evacuate`: active, stopped, error). */
const MOVABLE = new Set(['active', 'stopped', 'error']);

/** The reason why a server of a dead host stays where it is. */
export type LeftBehindCode =
  /** Its metadata or the policy says that it is not moved. */
  | 'opted-out'
  /** It is being deleted, or was. */
  | 'deleted'
  /** Nova does not evacuate from this state. */
  | 'state'
  /** It was in error before, and the policy leaves those. */
  | 'was-in-error'
  /** Its cell does not respond. */
  | 'cell-down'
  /** Its guest may run on a further host, which is not held off. */
  | 'may-run-elsewhere'
  /** It is not known on which hosts its guest may run. */
  | 'not-known-where'
  /** It should be moved: its host was fenced, and the observers do not agree that the host is down. */
  | 'host-not-judged'
  /** It could not be moved, and another attempt comes. */
  | 'next-attempt';

/** A server of a dead host that a recovery does not move: named, with the reason. */
export interface LeftBehind {
  readonly server: string;
  readonly name: string;
  readonly state: string;
  readonly code: LeftBehindCode;
  readonly reason: string;
  /** Hosts that must be off before it can be moved, beyond its own. */
  readonly waitsFor: readonly string[];
}

/** The servers of a host: those that a recovery moves, first first, and all others with the reason. */
export interface Sorted {
  readonly moving: readonly ServerView[];
  readonly left: readonly LeftBehind[];
}

/**
 * Selects the servers of a dead host that a recovery moves: those with `HA_Enabled` first, the others only if the policy says
 * so. Nobody is left out in silence: every other server of the host is in `left`.
 *
 * @param heldOff hosts that are fenced and kept off: a guest that may run there does not. @default none
 */
export function sortServers(
  host: string,
  servers: readonly ServerView[],
  policy: HaPolicy,
  heldOff: ReadonlySet<string> = new Set(),
): Sorted {
  const moving: ServerView[] = [];
  const left: LeftBehind[] = [];
  for (const server of servers) {
    if (server.host !== host) continue;
    const why = whyLeft(server, policy, heldOff);
    if (why === undefined) moving.push(server);
    else left.push({ server: server.id, name: server.name, state: server.state, waitsFor: [], ...why });
  }
  const inOrder = moving.toSorted(
    (a, b) =>
      Number(b.haEnabled ?? false) - Number(a.haEnabled ?? false) ||
      a.priority - b.priority ||
      (a.id < b.id ? -1 : 1),
  );
  return { moving: inOrder, left: left.toSorted((a, b) => (a.server < b.server ? -1 : 1)) };
}

/** Only those that are moved, first first. */
export const serversToMove = (
  host: string,
  servers: readonly ServerView[],
  policy: HaPolicy,
  heldOff?: ReadonlySet<string>,
): readonly ServerView[] => sortServers(host, servers, policy, heldOff).moving;

/** `true` if the reason goes away once more is known: another host is off, or the cell answers. */
export const isSetAside = ({ code }: Pick<LeftBehind, 'code'>): boolean =>
  code === 'may-run-elsewhere' || code === 'not-known-where' || code === 'cell-down';

type Why = Pick<LeftBehind, 'code' | 'reason'> & Partial<Pick<LeftBehind, 'waitsFor'>>;

function whyLeft(server: ServerView, policy: HaPolicy, heldOff: ReadonlySet<string>): Why | undefined {
  const { state, task } = server;
  if (state === 'unknown') return { code: 'cell-down', reason: 'its cell does not respond' };
  if (state === NOT_TOLD)
    return { code: 'not-known-where', reason: 'Nova does not tell its state, or its metadata' };
  if (state === 'deleted' || task === 'deleting' || task === 'soft-deleting' || state === 'soft-delete')
    return { code: 'deleted', reason: `it is deleted, or about to be: ${task ?? state}` };
  // What nobody marked is the policy's to decide (masakari `evacuate_all_instances`).
  if (!(server.haEnabled ?? policy.evacuateAll))
    return {
      code: 'opted-out',
      reason: server.haEnabled === false ? 'HA_Enabled is false' : 'not HA_Enabled, and evacuateAll is off',
    };
  if (state === 'error' && !policy.evacuateErrors)
    return { code: 'was-in-error', reason: 'it was in error before, and evacuateErrors is off' };
  if (!MOVABLE.has(state) && !isReset(state, policy))
    return { code: 'state', reason: `Nova does not evacuate a server that is ${state}` };
  // Nothing is being done with it, and no record says otherwise: most servers, most of the time.
  if (task === undefined && server.moves === undefined && server.host !== undefined) return undefined;
  const { hosts, unknown } = whereabouts(server);
  if (unknown !== undefined) return { code: 'not-known-where', reason: unknown };
  const waitsFor = hosts.filter((each) => each !== server.host && !heldOff.has(each));
  if (waitsFor.length === 0) return undefined;
  const words = task === undefined ? 'an unfinished migration' : `its task ${task}`;
  return {
    code: 'may-run-elsewhere',
    reason: `by ${words} it may be running on ${waitsFor.join(', ')}, not known to be off`,
    waitsFor,
  };
}

/** Does the policy have it reset to `error`, so that Nova evacuates it? */
export const isReset = (state: string, { resetStates }: Pick<HaPolicy, 'resetStates'>): boolean =>
  resetStates.some((resettable) => resettable === state);
