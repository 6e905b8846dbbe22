import { flag } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import { evacuate } from '../compute/evacuation.ts';
import { isUp, serviceOf } from '../compute/hosts.ts';
import type { Server } from '../compute/server.ts';
import type { Notification, SegmentHost, VMove } from './state.ts';

/** `host_failure_recovery_threads` */
const AT_A_TIME = 3;
/** `verify_interval`: the time between two checks of an evacuation. */
const VERIFY_INTERVAL = 1000;
/** `wait_period_after_evacuation` */
const PATIENCE = 90_000;

interface Failed {
  readonly host: string;
  /** `auto`, `reserved_host`, `auto_priority`, `rh_priority`. */
  readonly method: string;
  readonly reserves: readonly SegmentHost[];
  readonly cause: Notification;
}

/**
 * Moves the servers of a host, those with `HA_Enabled` first. The recovery method gives the choices of a target: the
 * scheduler's, the reserved hosts, or both in one order. Servers that one choice did not move are tried with the next.
 */
export function evacuateHost(state: SimState, failed: Failed, done: (succeeded: boolean) => void): void {
  const choices = choicesOf(failed);
  const next = (): void => {
    const servers = [...state.compute.servers.values()].filter((server) => server.host === failed.host);
    if (servers.length === 0) return done(true);
    const choice = choices.shift();
    if (choice === undefined) return done(false);
    if (choice !== 'scheduler') use(state, choice);
    const target = choice === 'scheduler' ? undefined : choice.name;
    const moves = servers
      .toSorted((a, b) => Number(haEnabled(b)) - Number(haEnabled(a)))
      .map((server) => ({ server, move: moveOf(state, failed, server) }));
    moveAll(state, moves, target, next);
  };
  next();
}

function choicesOf({ method, reserves }: Failed): ('scheduler' | SegmentHost)[] {
  if (method === 'reserved_host') return [...reserves];
  if (method === 'rh_priority') return [...reserves, 'scheduler'];
  return method === 'auto_priority' ? ['scheduler', ...reserves] : ['scheduler'];
}

interface Moving {
  readonly server: Server;
  readonly move: VMove;
}

function moveAll(
  state: SimState,
  all: readonly Moving[],
  target: string | undefined,
  over: () => void,
): void {
  const waiting = [...all];
  let underWay = 0;
  const next = (): void => {
    while (underWay < AT_A_TIME && waiting.length > 0) {
      const move = waiting.shift() as Moving;
      underWay += 1;
      moveOne(state, move, target, () => {
        underWay -= 1;
        next();
      });
    }
    if (underWay === 0 && waiting.length === 0) over();
  };
  next();
}

function moveOne(
  state: SimState,
  { server, move }: Moving,
  target: string | undefined,
  over: () => void,
): void {
  const { clock } = state;
  const ended = (status: 'failed' | 'succeeded', message: string | null): void => {
    const dest = status === 'succeeded' ? server.host : null;
    Object.assign(move, { status, message, dest, end: clock.now() });
    // The callback runs in a later turn, so that a loop which starts several is not interrupted.
    clock.after(0, over);
  };
  Object.assign(move, { status: 'ongoing', start: clock.now() });
  const source = serviceOf(state, move.source);
  if (source !== undefined && isUp(clock.now(), source))
    return ended('failed', `Compute service of ${move.source} is still in use.`);
  // Nova evacuates only these; Masakari resets the others to `error` first.
  if (!['active', 'stopped', 'error'].includes(server.vm_state) || server.task_state !== null)
    Object.assign(server, { vm_state: 'error', task_state: null });
  const by = { project_id: server.project_id, user_id: server.user_id };
  // Masakari uses Nova's microversion 2.53.
  evacuate(state, server, { only: target, staysOff: false, by });
  const until = clock.now() + PATIENCE;
  const verify = (): void => {
    if (server.host !== move.source && server.task_state === null) ended('succeeded', null);
    else if (clock.now() >= until) ended('failed', 'Failed reason: timeout.');
    else clock.after(VERIFY_INTERVAL, verify);
  };
  clock.after(VERIFY_INTERVAL, verify);
}

function moveOf(state: SimState, { cause, host }: Failed, server: Server): VMove {
  const { instanceHa, ids, clock } = state;
  return instanceHa.vmoves.add({
    id: ids.uuid(),
    row: instanceHa.row('vmoves'),
    notification: cause.id,
    server: server.id,
    name: server.name,
    source: host,
    dest: null,
    start: null,
    end: null,
    status: 'pending',
    message: null,
    created: clock.now(),
  });
}

function use(state: SimState, reserve: SegmentHost): void {
  const service = serviceOf(state, reserve.name);
  if (service !== undefined) Object.assign(service, { disabled: false, disabled_reason: null });
  Object.assign(reserve, { reserved: false, updated: state.clock.now() });
}

const haEnabled = (server: Server): boolean => flag(server.metadata['HA_Enabled']) === true;
