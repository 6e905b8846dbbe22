import { Ids } from '../../ids.ts';
import type { SimState } from '../../sim-state.ts';
import { SHUTDOWN } from './guest.ts';
import { isHostRunning, serviceOf } from './hosts.ts';
import { tellPending, tellShutDown } from './instance-log.ts';
import { startTask } from './lifecycle.ts';
import type { Server } from './server.ts';

/** The longest time from the start of nova-compute to its first periodic tasks (`periodic_fuzzy_delay`); seconds. */
const FUZZY_DELAY = 60;

/** When the nova-compute of one host looks at the power state of its guests. */
interface Looks {
  readonly random: Ids;
  next: number;
  isExpected: boolean;
}

/**
 * Nova's periodic look at the guests (`_sync_power_states` of `nova/compute/manager.py`). Each host begins with one within
 * a minute of its start. Each following one comes after `sync_power_state_interval`, to which oslo.service adds a jitter of
 * up to 5 percent (`_nearest_boundary` of `oslo_service/periodic_task.py`).
 *
 * The looks are computed when something is there to be found, so that a cloud whose guests all run has no timer.
 */
class PowerSync {
  readonly #looks = new Map<string, Looks>();

  /** Lets the next look of this host find what it will. */
  expect(state: SimState, host: string): void {
    const looks = this.#of(state, host);
    if (looks.isExpected || !isHostRunning(state, host)) return;
    looks.isExpected = true;
    state.clock.after(this.next(state, host) - state.clock.now(), () => {
      // After a new start there are other looks.
      if (this.#looks.get(host) !== looks || !isHostRunning(state, host)) return;
      looks.isExpected = false;
      if (look(state, host)) this.expect(state, host);
    });
  }

  /** When this host looks the next time; milliseconds since 1970. */
  next(state: SimState, host: string): number {
    const looks = this.#of(state, host);
    while (looks.next <= state.clock.now()) looks.next = after(looks, state.settings.powerSync);
    return looks.next;
  }

  /** nova-compute starts: it forgets when it has looked, and looks within a minute. */
  start(state: SimState, host: string): void {
    const random = this.#of(state, host).random;
    const next = state.clock.now() + random.below(FUZZY_DELAY + 1) * 1_000;
    this.#looks.set(host, { random, next, isExpected: false });
    if (state.compute.servers.kept().some((server) => server.host === host && server.hasShutDown))
      this.expect(state, host);
  }

  #of(state: SimState, host: string): Looks {
    const known = this.#looks.get(host);
    if (known !== undefined) return known;
    const service = serviceOf(state, host);
    const random = new Ids(service?.row ?? 0);
    const began = service?.since ?? state.clock.now();
    const looks = { random, next: began + random.below(FUZZY_DELAY + 1) * 1_000, isExpected: false };
    this.#looks.set(host, looks);
    return looks;
  }
}

const after = ({ next, random }: Looks, interval: number): number =>
  next + interval + Math.floor((interval / 1_000) * (random.random() / 20)) * 1_000;

/** Looks at the guests of a host: whether there is one left about which Nova is still wrong. */
function look(state: SimState, host: string): boolean {
  let isLeft = false;
  for (const server of state.compute.servers.kept()) {
    if (server.host !== host || !server.hasShutDown) continue;
    // A pending task is not disturbed: the next look may find it.
    if (server.task_state === null) notice(state, server);
    else {
      tellPending(state, server);
      isLeft = true;
    }
  }
  return isLeft;
}

/** What Nova does when it finds a guest off: it stops the server by its own API, as nobody and of no project. */
function notice(state: SimState, server: Server): void {
  const was = server.power_state;
  server.power_state = SHUTDOWN;
  tellShutDown(state, server, was);
  if (server.vm_state !== 'active' && server.vm_state !== 'paused') {
    server.hasShutDown = false;
    return;
  }
  const action = state.compute.began(server, 'stop', {
    requestId: state.ids.requestId(),
    userId: null,
    projectId: null,
  });
  startTask(
    state,
    server,
    'powering-off',
    state.settings.timing.action,
    () => Object.assign(server, { vm_state: 'stopped', power_state: SHUTDOWN }),
    action,
  );
}

const ofClouds = new WeakMap<SimState, PowerSync>();

/** The looks of a cloud's hosts. */
export function powerSyncOf(state: SimState): PowerSync {
  const known = ofClouds.get(state) ?? new PowerSync();
  ofClouds.set(state, known);
  return known;
}
