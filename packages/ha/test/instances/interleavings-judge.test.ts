import { expect, test } from 'vitest';
import { boot, crash, liveMigrate, stopCompute } from './interleavings-machines.ts';
import { InterleavingsWorld } from './interleavings-world.ts';

// Whoever judges the stories must be able to: what must not be is done here by hand, past all controllers.

async function populated() {
  const world = new InterleavingsWorld();
  const [server = ''] = await world.populate();
  const from = world.hostOf(server) ?? '';
  const cloud = world.connect(() => false);
  /** Does it while time passes. */
  const during = async (work: () => Promise<unknown>): Promise<void> => {
    const state = { over: false };
    const done = work().finally(() => (state.over = true));
    while (!state.over) await world.pass(1);
    await done;
  };
  /** As soon as Nova misses the host's heartbeat it takes any evacuation. */
  const evacuate = async (): Promise<void> => {
    await world.pass(90);
    await during(async () => {
      await cloud.compute.at('2.14').servers.evacuate({ id: server });
      await cloud.compute.servers.waitFor(server, 'ACTIVE');
    });
  };
  /** Somebody moved it back, with its guest. */
  const moveBack = (): void => {
    for (const { guests } of world.machines.values()) guests.delete(server);
    Object.assign(world.simulated.state.compute.servers.get(server) ?? {}, { host: from });
  };
  const told = () => [...new Set(world.violations.map((violation) => violation.replaceAll(server, 'S')))];
  return { world, from, evacuate, moveBack, told };
}

test('evacuated while it runs: without proof, from a machine that is on, and it runs twice', async () => {
  const { world, from, evacuate, told } = await populated();
  stopCompute(world, from);
  await evacuate();
  await world.pass(5);
  expect(told()).toEqual([
    `1: S evacuated from ${from} after 0 readings of off`,
    `1: S evacuated from ${from}, read off Infinity s ago`,
    `1: S evacuated from ${from}, which is on`,
    expect.stringMatching(new RegExp(`^2: S runs on ${from} and on `)),
  ]);
});

test('moved once more for the same failure', async () => {
  const { world, from, evacuate, moveBack, told } = await populated();
  crash(world, from, false);
  await evacuate();
  // Though its machine has not come back.
  moveBack();
  await evacuate();
  expect(told()).toContain(`6: S evacuated twice for one failure of ${from}`);
});

test('a machine that comes back and fails again may be left again', async () => {
  const { world, from, evacuate, moveBack, told } = await populated();
  crash(world, from, false);
  await evacuate();
  boot(world, from, true);
  moveBack();
  crash(world, from, false);
  await evacuate();
  expect(told().filter((violation) => violation.startsWith('6') || violation.startsWith('2'))).toEqual([]);
});

test('evacuated after its live migration switched, and before Nova knew: its source is off, and it runs twice', async () => {
  const { world, from, evacuate, told } = await populated();
  const dest = from === 'compute-7' ? 'compute-6' : 'compute-7';
  liveMigrate(world, from, dest);
  await world.pass(20);
  crash(world, from, false);
  await evacuate();
  await world.pass(5);
  expect(told()).toContain(`1: S evacuated from ${from} while it runs on ${dest}`);
  expect(told().filter((violation) => violation.startsWith(`2: S runs on ${dest} and on `))).toHaveLength(1);
});

test('turned on while its guest runs at the destination: it runs twice', async () => {
  const { world, from, told } = await populated();
  const dest = from === 'compute-7' ? 'compute-6' : 'compute-7';
  liveMigrate(world, from, dest);
  await world.pass(20);
  crash(world, from, false);
  boot(world, from, false);
  await world.pass(1);
  expect(told()).toEqual([`2: S runs on ${dest} and on ${from}`]);
});
