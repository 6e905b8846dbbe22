import type { PowerDriver, PowerReading } from '../../src/fencing/power-driver.ts';
import type { Observation, Observer } from '../../src/instances/observation.ts';
import type { InterleavingsWorld } from './interleavings-world.ts';

/** Nova moves its belief with what works; the machine's own guests stop with it. */
export function crash(world: InterleavingsWorld, host: string, power: boolean): void {
  const machine = world.machine(host);
  if (machine.alive) machine.failures += 1;
  machine.alive = false;
  machine.compute = false;
  if (!power) machine.power = false;
  world.simulated.hosts.kill(host);
}

/** nova-compute alone stops; the guests go on. */
export function stopCompute(world: InterleavingsWorld, host: string): void {
  world.machine(host).compute = false;
  world.simulated.hosts.kill(host);
}

/** It boots: nova-compute first deletes what is elsewhere by now, then what is still its own runs again. */
export function boot(world: InterleavingsWorld, host: string, bySomebody: boolean): void {
  const machine = world.machine(host);
  if (machine.power && machine.alive && machine.compute) return;
  const rebooted = !machine.power || !machine.alive;
  if (rebooted && bySomebody) machine.turnedOnAt = world.clock.now();
  Object.assign(machine, { power: true, alive: true, compute: true });
  if (rebooted) for (const id of machine.guests) if (world.hostOf(id) !== host) machine.guests.delete(id);
  for (const id of world.servers) if (world.hostOf(id) === host) machine.guests.add(id);
  world.simulated.hosts.revive(host);
}

/** The boards, as one process sees them. */
export function boards(
  world: InterleavingsWorld,
  dead: () => boolean,
  told: (order: string) => void,
): PowerDriver {
  const awake = (host: string): ReturnType<InterleavingsWorld['machine']> => {
    if (dead()) throw new Error('process died');
    const machine = world.machine(host);
    if (machine.board === 'mute') throw new Error('no answer from the board');
    return machine;
  };
  const read = (host: string): PowerReading => {
    const machine = awake(host);
    const stale = machine.board === 'stale' && machine.cached > 0;
    if (stale) machine.cached -= 1;
    // Its cache says what its order asked for, not what is.
    const state = stale || !machine.power ? 'off' : 'on';
    const all = world.readings.get(host) ?? [];
    all.push({ at: world.clock.now(), state });
    world.readings.set(host, all);
    return { state, statement: `PowerState ${state}` };
  };
  return {
    method: 'simulated',
    read: async (host) => read(host),
    off: async (host) => {
      const machine = awake(host);
      told(`off ${host}`);
      // It says yes, and does nothing; a stale one even claims that it did.
      if (machine.board === 'deaf') return;
      if (machine.board === 'stale') {
        machine.cached = 2;
        return;
      }
      if (machine.alive) machine.failures += 1;
      Object.assign(machine, { power: false, alive: false, compute: false });
      world.simulated.hosts.kill(host);
    },
    on: async (host) => {
      awake(host);
      told(`on ${host}`);
      boot(world, host, false);
    },
  };
}

/** What it reports is kept, for those who ask later whether anybody saw life. */
export const watched = (world: InterleavingsWorld, inner: Observer): Observer => ({
  id: inner.id,
  async observe(hosts, options) {
    const sight = world.sight.get(inner.id);
    const seen = (await inner.observe(hosts, options)).map((one): Observation => {
      if (sight === 'blind') return { ...one, state: 'unknown', statement: 'blind' };
      return sight === 'all-down' ? { ...one, state: 'down', statement: 'all is dark' } : one;
    });
    world.looks.push(...seen);
    return seen;
  },
});

export const pinging = (world: InterleavingsWorld): Observer => ({
  id: 'ping',
  observe: async (hosts) =>
    hosts.map((host) => {
      const { power, alive } = world.machine(host);
      const state = power && alive ? 'up' : 'down';
      return { host, observer: 'ping', at: world.clock.now(), state, statement: 'pinged' };
    }),
});
