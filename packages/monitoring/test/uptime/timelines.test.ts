// Timelines on the simulated cloud, which knows of each second whether a guest really ran. They go through HTTP to the watch.
import { afterEach, expect, test } from 'vitest';
import { IMAGE, LAG, POLL, SimWorld } from './sim-world.ts';

let world: SimWorld;
afterEach(() => world.close());

const MINUTE = 60;

async function opened(
  more: { readonly servers?: number; readonly resumeGuests?: boolean } = {},
): Promise<string> {
  world = await SimWorld.open({ seed: 1, servers: 1, ...more });
  await world.watch();
  await world.pass(25 * MINUTE);
  return world.servers[0] ?? '';
}

/** Ends the timeline, and holds the answer against the truth. */
async function judged(id: string, exclude: readonly { readonly from: string; readonly to: string }[] = []) {
  await world.end();
  const up = await world.uptimeOf(id, exclude);
  expect(world.wrongIn(id, up, exclude)).toEqual([]);
  const real = world.trueUp(id, exclude);
  expect(up.durations.upMs).toBeLessThanOrEqual(real);
  expect(up.durations.upMs + up.durations.unknownMs).toBeGreaterThanOrEqual(real);
  return { ...up, states: up.intervals.map(({ state }) => state) };
}

test('a guest that shuts itself down: up until the look before, down from the stop that Nova makes, and unknown in between', async () => {
  const id = await opened();
  const at = world.now;
  world.simulated.guests.shutDown(id);
  await world.pass(25 * MINUTE);
  const { states, intervals } = await judged(id);
  expect(states).toEqual(['up', 'unknown', 'down', 'unknown']);
  const gap = intervals[1];
  expect(Date.parse(gap?.from ?? '')).toBeLessThanOrEqual(at);
  expect(Date.parse(gap?.to ?? '')).toBeGreaterThan(at);
  expect(gap?.durationMs).toBeGreaterThan(LAG / 2);
});

test('no notification and no action: polls alone know of it, a poll later', async () => {
  const id = await opened();
  world.delivers(() => ({ copies: 0, late: 0 }));
  world.simulated.guests.shutDown(id);
  await world.pass(10 * MINUTE);
  await world.ask(() => world.cloud.compute.servers.delete({ id }));
  await world.pass(1);
  await world.stopWatching();
  await world.pass(20 * MINUTE);
  world.simulated.novaManage.archiveDeletedRows();
  await world.watch();
  await world.pass(10 * MINUTE);
  const { states } = await judged(id);
  expect(states[0]).toBe('up');
  expect(states.at(-1)).toBe('excluded');
});

test('a guest that goes off in a snapshot: Nova looks later, and the ledger knows that', async () => {
  const id = await opened();
  await world.snapshot(id);
  await world.pass(30);
  world.simulated.guests.shutDown(id);
  await world.pass(IMAGE / 1_000 + 15 * MINUTE);
  const { states, durations } = await judged(id);
  expect(states).toEqual(['up', 'unknown', 'down', 'unknown']);
  // The lateness of the look and the snapshot together.
  expect(durations.unknownMs).toBeGreaterThan(IMAGE);
});

test('a guest that goes on running through a snapshot was up all the while', async () => {
  const id = await opened();
  await world.snapshot(id);
  await world.pass(IMAGE / 1_000 + 25 * MINUTE);
  expect((await judged(id)).states).toEqual(['up', 'unknown']);
});

test('a host that dies and comes back: Nova calls its guests ACTIVE until it looks; they are down from then on', async () => {
  const id = await opened();
  world.simulated.hosts.kill(world.hostOf(id));
  await world.pass(20 * MINUTE);
  world.simulated.hosts.revive(world.hostOf(id));
  await world.pass(15 * MINUTE);
  const { states } = await judged(id);
  expect(states).toEqual(['up', 'unknown', 'down', 'unknown']);
});

test('a host that is back before anybody sees it dead', async () => {
  const id = await opened();
  world.simulated.hosts.kill(world.hostOf(id));
  await world.pass(45);
  world.simulated.hosts.revive(world.hostOf(id));
  await world.pass(20 * MINUTE);
  expect((await judged(id)).states).toEqual(['up', 'unknown', 'down', 'unknown']);
});

test('lost, doubled, late and out of order: the same answer as when each comes once', async () => {
  const told = async (deliver: Parameters<SimWorld['delivers']>[0]): Promise<unknown> => {
    const id = await opened();
    world.delivers(deliver);
    await world.ask(() => world.cloud.compute.servers.stop({ id }));
    await world.pass(15 * MINUTE);
    await world.ask(() => world.cloud.compute.servers.start({ id }));
    await world.pass(25 * MINUTE);
    const { states } = await judged(id);
    await world.close();
    return states;
  };
  const once = await told(() => ({ copies: 1, late: 0 }));
  expect(once).toEqual(['up', 'unknown', 'down', 'unknown', 'up', 'unknown']);
  let turn = 0;
  expect(await told(() => ({ copies: 0, late: 0 }))).toEqual(once);
  expect(await told(() => ({ copies: 2, late: 0 }))).toEqual(once);
  expect(await told(() => ({ copies: 1, late: (turn += 1) % 2 === 0 ? 0 : 400 }))).toEqual(once);
});

test('our own outage: unknown, with what was before and after; a stop in it is told by its action', async () => {
  const id = await opened();
  await world.stopWatching();
  await world.pass(10 * MINUTE);
  await world.ask(() => world.cloud.compute.servers.stop({ id }));
  await world.pass(10 * MINUTE);
  await world.watch();
  await world.pass(10 * MINUTE);
  const { states, intervals } = await judged(id);
  expect(states).toEqual(['up', 'unknown', 'down', 'unknown']);
  expect(intervals.map(({ because }) => because).join()).toMatch(/action stop|notification power_off/);
});

test('maintenance is left out, whatever happened in it', async () => {
  const id = await opened();
  const from = new Date(world.now).toISOString();
  world.simulated.guests.shutDown(id);
  await world.pass(20 * MINUTE);
  await world.ask(() => world.cloud.compute.servers.start({ id }));
  await world.pass(5 * MINUTE);
  const to = new Date(world.now).toISOString();
  await world.pass(25 * MINUTE);
  const { states, durations } = await judged(id, [{ from, to }]);
  expect(states).toContain('excluded');
  expect(durations.excludedMs).toBe(25 * MINUTE * 1_000);
  expect(durations.downMs).toBe(0);
});

test('an API that answers nothing for a while is no evidence', async () => {
  const id = await opened();
  world.breakApi();
  await world.pass(15 * MINUTE);
  world.healApi();
  await world.pass(25 * MINUTE);
  const { states, durations } = await judged(id);
  expect(states).toEqual(['up', 'unknown', 'up', 'unknown']);
  expect(durations.unknownMs).toBeGreaterThan(10 * MINUTE * 1_000);
  expect(durations.unknownMs).toBeLessThan(15 * MINUTE * 1_000 + 2 * LAG + 3 * POLL);
});

test('a nova-compute that starts anew right before it would have looked: the look comes later than its interval', async () => {
  const id = await opened();
  world.simulated.guests.shutDown(id);
  await world.pass(6 * MINUTE);
  // The stop that Nova makes begins with its look.
  const [stop] = await Array.fromAsync(
    world.cloud.compute.at('2.51').instanceActions.list({ server_id: id }),
  );
  await world.ask(() => world.cloud.compute.servers.start({ id }));
  await world.pass(5);
  const look = Date.parse(stop?.start_time ?? '');
  // Nova looks each 300 s, and up to 15 s later: up to the next but one of these it is on, and then off at once.
  const next = world.simulated.guests.nextLook(id);
  expect(next - look).toBeGreaterThanOrEqual(300_000);
  await world.pass((next - world.now) / 1_000 + 1);
  world.simulated.guests.shutDown(id);
  await world.stopWatching();
  await world.pass(83);
  await world.watch();
  await world.pass(196);
  world.simulated.hosts.kill(world.hostOf(id));
  await world.pass(45);
  world.revive(world.hostOf(id));
  await world.pass(15 * MINUTE);
  const { states } = await judged(id);
  expect(states.at(-2)).toBe('down');
});
