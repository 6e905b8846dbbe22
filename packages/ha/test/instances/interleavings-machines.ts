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
  if (rebooted && bySomebody) settleMigrations(world, host);
  for (const id of world.servers) if (world.hostOf(id) === host) machine.guests.add(id);
  world.simulated.hosts.revive(host);
}

/** Seconds from the start of a live migration to the switch, and to when Nova writes the new host. */
const SWITCH = 15;
const WRITTEN = 40;

/**
 * A live migration begins: the guest goes over after a while, and Nova writes so later still, on the word of the source. A
 * source that dies in between leaves the record as it is, and the guest where it went.
 */
export function liveMigrate(world: InterleavingsWorld, from: string, to: string): void {
  const { compute, ids } = world.simulated.state;
  const id = world.servers.find((candidate) => {
    const server = compute.servers.get(candidate);
    return server?.host === from && server.vm_state === 'active' && server.task_state === null;
  });
  const server = id === undefined ? undefined : compute.servers.get(id);
  const works = (host: string): boolean => world.machine(host).alive && world.machine(host).compute;
  if (server === undefined || from === to || !works(from) || !works(to)) return;
  server.task_state = 'migrating';
  const record = compute.migrations.add({
    id: ids.uuid(),
    row: compute.row('migrations'),
    server: server.id,
    project_id: server.project_id,
    user_id: server.user_id,
    type: 'live-migration',
    source: from,
    dest: to,
    created: world.clock.now(),
    updated: world.clock.now(),
    old_flavor: server.flavor.row,
    new_flavor: server.flavor.row,
    status: 'running',
  });
  const goesOn = (): boolean =>
    record.status === 'running' && server.task_state === 'migrating' && works(from);
  world.clock.after(SWITCH * 1000, () => {
    if (!goesOn() || !works(to)) return;
    world.machine(from).guests.delete(server.id);
    world.machine(to).guests.add(server.id);
  });
  world.clock.after(WRITTEN * 1000, () => {
    if (!goesOn()) return;
    const switched = world.machine(to).guests.has(server.id);
    Object.assign(server, { task_state: null, host: switched ? to : from });
    record.status = switched ? 'completed' : 'failed';
  });
}

/** Who brings a source back looks where its guests are, and tells Nova. */
function settleMigrations(world: InterleavingsWorld, host: string): void {
  const { compute } = world.simulated.state;
  for (const record of compute.migrations.filter(
    (migration) => migration.type === 'live-migration' && migration.status === 'running',
  )) {
    const server = compute.servers.get(record.server);
    if (record.source !== host || server === undefined || server.host !== host) continue;
    const to = world.holders(server.id).at(0);
    Object.assign(server, { task_state: null, host: to ?? host });
    record.status = to === undefined ? 'failed' : 'completed';
  }
}

/** Its owner pauses a server: Nova does not evacuate it then. */
export function pauseOne(world: InterleavingsWorld, host: string): void {
  const { compute } = world.simulated.state;
  const id = world.servers.find((candidate) => {
    const server = compute.servers.get(candidate);
    return server?.host === host && server.vm_state === 'active' && server.task_state === null;
  });
  if (id !== undefined) Object.assign(compute.servers.get(id) ?? {}, { vm_state: 'paused', power_state: 3 });
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

/**
 * What it reports is kept, for those who ask later whether anybody saw life: that of one that calls every host down, as no look
 * at all.
 */
export const watched = (world: InterleavingsWorld, inner: Observer): Observer => ({
  id: inner.id,
  async observe(hosts, options) {
    const sight = world.sight.get(inner.id);
    const seen = (await inner.observe(hosts, options)).map((observation): Observation => {
      if (sight === 'blind') return { ...observation, state: 'unknown', statement: 'blind' };
      return sight === 'all-down' ? { ...observation, state: 'down', statement: 'all is dark' } : observation;
    });
    world.looks.push(
      ...(sight === 'all-down' ? seen.map((look): Observation => ({ ...look, state: 'unknown' })) : seen),
    );
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
