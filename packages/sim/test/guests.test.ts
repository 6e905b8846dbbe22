// A guest that shuts itself down, as Nova's own code has it: `_sync_power_states` of nova/compute/manager.py.
import { connect } from '@groundcrew/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SimulatedCloud, simulateCloud, virtualClock } from '../src/index.ts';

let cloud: SimulatedCloud;
let os: ReturnType<typeof connect>;

const start = async (more: Parameters<typeof simulateCloud>[0] = {}): Promise<void> => {
  cloud = simulateCloud({
    seed: 3,
    scenario: 'site',
    clock: virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' }),
    ...more,
  });
  const { connectOptions } = await cloud.listen({ port: 0, speed: 0 });
  os = connect({ ...connectOptions, clock: cloud.clock });
};
beforeEach(() => start());
afterEach(async () => {
  await os.close();
  await cloud.close();
});

async function running(): Promise<{ id: string; host: string }> {
  for await (const each of os.compute.servers.list({ all_tenants: true }))
    if (each.status === 'ACTIVE') return { id: each.id, host: each['OS-EXT-SRV-ATTR:host'] ?? '' };
  throw new Error('the scenario has an active server');
}

const shown = async (id: string) => {
  const server = await os.compute.servers.get({ id });
  return [server.status, server['OS-EXT-STS:power_state'], server['OS-EXT-STS:task_state']];
};
const actionsOf = (server: string) =>
  Array.fromAsync(os.compute.at('2.51').instanceActions.list({ server_id: server }));

/** Seconds until Nova shows that it is off; within a limit. */
async function noticed(id: string, limit = 2_000): Promise<number> {
  for (let second = 0; second < limit; second += 1) {
    if (cloud.state.compute.servers.get(id)?.vm_state === 'stopped') return second;
    await cloud.clock.advance('1s');
  }
  throw new Error('Nova never noticed');
}

test('Nova calls it ACTIVE until it looks, and then stops it itself: an action of nobody', async () => {
  const { id } = await running();
  await cloud.clock.advance('15m');
  cloud.guests.shutDown(id);
  expect(cloud.guests.isRunning(id)).toBe(false);
  expect(await shown(id)).toEqual(['ACTIVE', 1, null]);
  const seconds = await noticed(id);
  // A little more than ten minutes at most: the jitter of oslo.service, and the stop itself.
  expect(seconds).toBeLessThanOrEqual(600 * 1.05 + 4);
  expect(seconds).toBeGreaterThan(0);
  expect(await shown(id)).toEqual(['SHUTOFF', 4, null]);
  const [stop] = await actionsOf(id);
  expect(stop).toMatchObject({ action: 'stop', user_id: null, project_id: null, message: null });
  await os.compute.servers.start({ id });
  await cloud.clock.advance('1h');
  expect(await shown(id)).toEqual(['ACTIVE', 1, null]);
  expect(cloud.guests.isRunning(id)).toBe(true);
});

test('two looks are an interval apart, and up to 5 percent more', async () => {
  const { id } = await running();
  const gaps: number[] = [];
  let before: number | undefined;
  for (let turn = 0; turn < 30; turn += 1) {
    cloud.guests.shutDown(id);
    await noticed(id);
    // The action begins with the look.
    const [stop] = await actionsOf(id);
    const at = Date.parse(stop?.start_time ?? '');
    if (before !== undefined) gaps.push((at - before) / 1_000);
    before = at;
    await os.compute.servers.start({ id });
    await cloud.clock.advance('4s');
  }
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(600);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(630);
  expect(Math.max(...gaps)).toBeGreaterThan(610);
});

test('a pending task is not disturbed: a look finds nothing, and one after it does', async () => {
  await os.close();
  await cloud.close();
  await start({ timing: { image: '25m' } });
  const { id } = await running();
  await os.compute.servers.createImage({ id, name: 'long' });
  cloud.guests.shutDown(id);
  await cloud.clock.advance('24m');
  expect(await shown(id)).toEqual(['ACTIVE', 1, 'image_uploading']);
  expect(await noticed(id)).toBeGreaterThan(60);
});

test('a snapshot begins with a look: the power state is told, and the server is stopped at the next one', async () => {
  const { id } = await running();
  cloud.guests.shutDown(id);
  await os.compute.servers.createImage({ id, name: 'off' });
  expect(await shown(id)).toEqual(['ACTIVE', 4, 'image_uploading']);
  await noticed(id);
});

test('a reboot starts it again; it is neither paused nor suspended while it is off', async () => {
  const { id } = await running();
  cloud.guests.shutDown(id);
  await os.compute.servers.pause({ id });
  await cloud.clock.advance('5s');
  expect((await shown(id))[0]).toBe('ACTIVE');
  expect((await actionsOf(id))[0]).toMatchObject({ action: 'pause', message: 'Error' });
  await os.compute.servers.reboot({ id, type: 'HARD' });
  await cloud.clock.advance('5s');
  expect(cloud.guests.isRunning(id)).toBe(true);
  await cloud.clock.advance('1h');
  expect(await shown(id)).toEqual(['ACTIVE', 1, null]);
});

test('a host that loses its power takes its guests with it; back, it stops them within a minute, or starts them', async () => {
  const { id, host } = await running();
  cloud.hosts.kill(host);
  await cloud.clock.advance('1h');
  expect([cloud.guests.isRunning(id), ...(await shown(id))]).toEqual([false, 'ACTIVE', 1, null]);
  cloud.hosts.revive(host);
  expect(cloud.guests.isRunning(id)).toBe(false);
  expect(await noticed(id)).toBeLessThanOrEqual(60 + 4);

  await os.close();
  await cloud.close();
  await start({ resumeGuests: true });
  cloud.hosts.kill(host);
  cloud.hosts.revive(host);
  const [other] = cloud.state.compute.servers.kept().filter((server) => server.host === host);
  expect(cloud.guests.isRunning(other?.id ?? '')).toBe(true);
  await cloud.clock.advance('1h');
  expect(cloud.state.compute.servers.get(other?.id ?? '')?.vm_state).toBe('active');
});

test('a deleted server keeps its actions and its usage until its row is archived', async () => {
  const { id } = await running();
  await os.compute.servers.delete({ id });
  await cloud.clock.advance('1m');
  const [deletion] = await actionsOf(id);
  expect(deletion).toMatchObject({ action: 'delete', message: null });
  expect(
    await os.compute.at('2.51').instanceActions.get({ server_id: id, id: deletion?.request_id ?? '' }),
  ).toMatchObject({
    events: [{ event: 'compute_delete_instance', result: 'Success' }],
  });
  await expect(
    Array.fromAsync(os.compute.at('2.20').instanceActions.list({ server_id: id })),
  ).rejects.toThrow(/404|not be found/);
  const used = async (): Promise<unknown> => {
    for await (const { server_usages = [] } of os.compute.at('2.40').usages.list({ detailed: 1 }))
      for (const usage of server_usages) if (usage.instance_id === id) return [usage.state, usage.ended_at];
    return undefined;
  };
  expect(await used()).toEqual(['terminated', expect.stringMatching(/T00:20:02\.000000/)]);
  expect(cloud.novaManage.archiveDeletedRows({ before: '2026-01-01T00:00:01Z' })).toBe(0);
  expect(await actionsOf(id)).toHaveLength(1);
  expect(cloud.novaManage.archiveDeletedRows()).toBe(1);
  await expect(actionsOf(id)).rejects.toThrow(/404|not be found/);
  expect(await used()).toBeUndefined();
});

test('an id that no server has is an InputError, and so is another format', () => {
  expect(() => cloud.guests.shutDown('nobody')).toThrow(
    /guests\.shutDown: server: there is no server nobody/,
  );
  expect(() => cloud.guests.isRunning(undefined as never)).toThrow(/server/);
  expect(() => cloud.notifications.queue({ format: 'legacy' as never })).toThrow(/format/);
  expect(() => cloud.novaManage.archiveDeletedRows({ before: 'soon' })).toThrow(/before/);
});
