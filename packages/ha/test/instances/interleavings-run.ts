import { status as answering } from '@groundcrew/sim';
import fc from 'fast-check';
import { haPolicy, type HaPolicy } from '../../src/instances/policy.ts';
import { boot, crash, liveMigrate, pauseOne, stopCompute } from './interleavings-machines.ts';
import { Disk, Process } from './interleavings-process.ts';
import { InterleavingsWorld } from './interleavings-world.ts';

const KINDS = [
  'crash',
  'crash',
  'crash',
  'power-loss',
  'power-loss',
  'compute-stops',
  'comes-back',
  'comes-back',
  'blind',
  'all-down',
  'sees',
  'board-deaf',
  'board-mute',
  'board-stale',
  'board-honest',
  'nova-503',
  'nova-500',
  'nova-lost',
  'nova-dark',
  'dark-once-evacuating',
  'dark-once-evacuating',
  'nova-heals',
  'live-migrate',
  'live-migrate',
  'live-migrate-and-crash',
  'live-migrate-and-crash',
  'pause',
  'cell-down',
  'cells-back',
  'disable',
  'kill',
  'kill-at',
  'kill-at',
  'second',
  'lose-lease',
  'nothing',
] as const;

/** One thing that happens, and the seconds until the next. */
export interface Event {
  readonly kind: (typeof KINDS)[number];
  readonly host: string;
  readonly seconds: number;
  readonly n: number;
}

export interface Story {
  readonly maxHostsAtOnce: number;
  readonly budget: number;
  readonly returning: HaPolicy['returning'];
  /** Seconds; the longer one outlives a proof. */
  readonly stagger: number;
  readonly events: readonly Event[];
}

// Few hosts are struck again and again: that is where it is hard.
const host = fc.integer({ min: 1, max: 4 }).map((n) => `compute-${n}`);

export const stories: fc.Arbitrary<Story> = fc.record({
  maxHostsAtOnce: fc.integer({ min: 1, max: 3 }),
  budget: fc.integer({ min: 1, max: 2 }),
  returning: fc.constantFrom('power-on', 'when-up', 'never'),
  stagger: fc.constantFrom(0, 70),
  events: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      host,
      seconds: fc.constantFrom(1, 3, 10, 40, 90),
      n: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 4, maxLength: 14 },
  ),
});

export interface Told {
  readonly violations: readonly string[];
  readonly evacuations: number;
  readonly outcomes: readonly string[];
}

/** Lives a story, then a quiet time, and says all that must not have been. */
export async function live({ events, budget, maxHostsAtOnce, returning, stagger }: Story): Promise<Told> {
  const world = new InterleavingsWorld();
  const disk = new Disk();
  const servers = await world.populate();
  const { compute, ids } = world.simulated.state;
  compute.aggregates.add({
    id: '1',
    uuid: ids.uuid(),
    created: world.clock.now(),
    updated: null,
    name: 'rack',
    hosts: ['compute-1', 'compute-2', 'compute-3'],
    metadata: {},
  });
  const policy = haPolicy({
    observers: ['nova-service', 'ping'],
    maxHostsAtOnce,
    aggregateBudgets: { rack: budget },
    returning,
    stagger: stagger * 1000,
    serverTimeout: '1m',
  });
  const all: Process[] = [];
  const start = (): void => void all.push(new Process(world, disk, policy, `controller-${all.length}`));
  const living = (): Process[] => all.filter(({ dead }) => !dead);
  start();
  await world.pass(35);
  for (const event of events) {
    happen(world, event, living(), start);
    await world.pass(event.seconds);
    if (living().length === 0) start();
  }

  const healed = world.clock.now();
  world.onEvacuation.length = 0;
  world.simulated.heal();
  world.sight.clear();
  world.dark.clear();
  for (const machine of world.machines.values()) machine.board = 'honest';
  for (const process of living()) process.killAt(Infinity, false);
  await world.pass(25 * 60);
  for (const process of living()) process.stop();
  const end = { over: false };
  const ends = Promise.all(all.map(({ ended }) => ended)).then(() => (end.over = true));
  for (let waited = 0; !end.over && waited < 900; waited += 5) await world.pass(5);
  if (end.over) await ends;
  else world.violations.push('5: a controller that was stopped does not end');
  unfinished(world, disk, servers, { policy, healed });
  return {
    violations: world.violations,
    evacuations: world.evacuations.length,
    outcomes: disk.outcomes.map(({ outcome }) => outcome.status),
  };
}

function happen(world: InterleavingsWorld, event: Event, living: Process[], start: () => void): void {
  const { kind, host: name, n } = event;
  const observer = n % 2 === 0 ? 'ping' : 'nova-service';
  const nova = { service: 'compute' };
  const acting = living[n % Math.max(1, living.length)];
  const happenings: Record<Event['kind'], () => unknown> = {
    crash: () => crash(world, name, true),
    'power-loss': () => crash(world, name, false),
    'compute-stops': () => stopCompute(world, name),
    'comes-back': () => boot(world, name, true),
    blind: () => world.sight.set(observer, 'blind'),
    'all-down': () => world.sight.set(observer, 'all-down'),
    sees: () => world.sight.clear(),
    'board-deaf': () => {
      world.machine(name).board = 'deaf';
      crash(world, name, true);
    },
    'board-mute': () => (world.machine(name).board = 'mute'),
    'board-stale': () => {
      world.machine(name).board = 'stale';
      crash(world, name, true);
    },
    'board-honest': () => (world.machine(name).board = 'honest'),
    'nova-503': () => world.simulated.fault({ match: nova, percent: 50, reply: answering(503) }),
    'nova-500': () => world.simulated.fault({ match: nova, first: n, reply: answering(500) }),
    'nova-lost': () =>
      world.simulated.fault({ match: nova, percent: 30, reply: { kind: 'reset', when: 'after' } }),
    'nova-dark': () => world.simulated.fault({ match: nova, reply: answering(503) }),
    // As long as it takes until each step has given up; and then Nova is back.
    'dark-once-evacuating': () => {
      crash(world, name, n % 2 === 0);
      world.onEvacuation.push(() => {
        const dark = world.simulated.fault({ match: nova, reply: answering(503) });
        world.clock.after(n * 60_000, () => dark.stop());
      });
    },
    'nova-heals': () => world.simulated.heal(),
    'live-migrate': () => liveMigrate(world, name, `compute-${(n % 8) + 1}`),
    'live-migrate-and-crash': () => {
      liveMigrate(world, name, `compute-${(n % 8) + 1}`);
      // Before the switch, between it and Nova's knowing, and after both.
      world.clock.after(n * 4_000, () => crash(world, name, n % 2 === 0));
    },
    pause: () => pauseOne(world, name),
    'cell-down': () => world.dark.add(name),
    'cells-back': () => world.dark.clear(),
    disable: () => {
      const service = world.simulated.state.compute.services.find(
        (row) => row.host === name && row.binary === 'nova-compute',
      );
      if (service !== undefined) Object.assign(service, { disabled: true, disabled_reason: 'by hand' });
    },
    kill: () => acting?.kill(),
    'kill-at': () => acting?.killAt(n, n % 2 === 0),
    second: () => living.length < 2 && start(),
    'lose-lease': () => acting?.loseLease(),
    nothing: () => undefined,
  };
  happenings[kind]();
}

/** What is neither well nor explained at the end. */
function unfinished(
  world: InterleavingsWorld,
  disk: Disk,
  servers: readonly string[],
  { policy, healed }: { readonly policy: HaPolicy; readonly healed: number },
): void {
  const { violations } = world;
  for (const { host: name, state } of disk.history?.recoveries ?? [])
    if (state === 'running') violations.push(`5: the recovery of ${name} is left running`);
  for (const id of servers) {
    const on = world.hostOf(id) ?? '';
    const { power, alive, failures } = world.machine(on);
    const state = world.simulated.state.compute.servers.get(id)?.vm_state;
    if (power && alive && (state === 'active' || state === 'paused')) continue;
    // Said now, and of this server or of what keeps its host from being recovered: that something failed once, or that the
    // host was recovered, explains no server that is still down.
    const said = [
      ...(disk.decision?.leftBehind ?? []).flatMap(({ servers: left }) =>
        left.flatMap(({ server, code }) => (server === id ? [code] : [])),
      ),
      ...(disk.decision?.refusals ?? []).flatMap(({ code, subject, reason }) =>
        subject?.id === on || reason.includes(on) || subject === undefined ? [code] : [],
      ),
    ];
    // It waits for the next attempt: then one was made since all is well again, which no pause outlasts.
    const triedAgain = disk.outcomes.some(
      (ended) => ended.host === on && Date.parse(ended.outcome.startedAt) > healed,
    );
    const explains = (code: string): boolean => {
      if (code === 'ha.recovered') return false;
      if (code === 'next-attempt' || code === 'ha.left-behind') return triedAgain;
      // Its machine is off, and whoever looks sees it by now.
      if (code === 'host-not-judged') return false;
      // It failed as often as is said, and a recovery that did not end is no failure more.
      return code !== 'ha.flapping' || failures >= policy.maxRecoveries;
    };
    if (!said.some(explains) && !disk.declined.has(on))
      violations.push(
        `5: ${id} is ${state ?? 'gone'} on ${on} (power ${power}), and nobody says why, but for ${said.join(', ') || 'nothing'}`,
      );
  }
}
