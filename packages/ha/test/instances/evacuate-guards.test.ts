import { status } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { evacuate } from '../../src/instances/evacuate.ts';
import { mayRunElsewhere } from '../../src/instances/may-run-elsewhere.ts';
import { movesOf } from '../../src/instances/moves.ts';
import { proveStopped } from '../../src/instances/stopped-proof.ts';
import { type Site, siteWithServers } from './site.ts';

// What an evacuation asks of Nova and of its proofs: each of these would start a guest twice, or say that it moved.

const HOST = 'compute-2';
interface Dead extends Site {
  readonly id: string;
  /** Orders to evacuate that Nova got. */
  orders(): number;
}

/** A host that died, that Nova counts as down, and of which one server is to be moved. */
async function dead(): Promise<Dead> {
  const site = await siteWithServers(1);
  const [id = ''] = site.servers;
  site.boards.crash(HOST);
  await site.simulated.clock.advance('5m');
  return { ...site, id, orders: () => site.simulated.requests.count({ operation: 'servers.evacuate' }) };
}

const serverOf = ({ simulated, id }: Dead): object => simulated.state.compute.servers.get(id) ?? {};

function record({ simulated, id }: Dead, differs: object = {}): { status: string } {
  const { compute, ids } = simulated.state;
  const server = compute.servers.get(id);
  if (server === undefined) throw new Error(`no server ${id}`);
  return compute.migrations.add({
    id: ids.uuid(),
    row: compute.row('migrations'),
    server: id,
    project_id: server.project_id,
    user_id: server.user_id,
    type: 'evacuation',
    source: HOST,
    dest: 'compute-3',
    created: simulated.clock.now(),
    updated: simulated.clock.now(),
    old_flavor: server.flavor.row,
    new_flavor: server.flavor.row,
    status: 'done',
    ...differs,
  });
}

describe('the proof', () => {
  test('is of the host that may run the guest, not of any host that is off', async () => {
    const site = await dead();
    const other = await site.fence.off('compute-3');
    const asked = proveStopped(site.cloud, site.id, [other], { maxAge: 60_000 });
    await expect(asked).rejects.toMatchObject({ code: 'evacuation-without-proof', host: HOST });
    await expect(evacuate(site.cloud, site.id, other)).rejects.toMatchObject({
      code: 'evacuation-elsewhere',
    });
    expect(site.orders()).toBe(0);
  });

  test('does not help where Nova does not tell all hosts that may run it', async () => {
    const site = await dead();
    Object.assign(serverOf(site), { task_state: 'spawning' });
    const proof = await site.fence.off(HOST);
    await expect(evacuate(site.cloud, site.id, proof)).rejects.toMatchObject({
      code: 'evacuation-not-known-where',
    });
    expect(site.orders()).toBe(0);
  });

  test('of its own host is not enough while another evacuation to or from elsewhere is under way', async () => {
    const site = await dead();
    record(site, { source: 'compute-1', dest: HOST, status: 'accepted' });
    const proof = await site.fence.off(HOST);
    await expect(evacuate(site.cloud, site.id, proof)).rejects.toMatchObject({
      code: 'evacuation-without-proof',
      host: 'compute-1',
    });
    expect(site.orders()).toBe(0);
  });
});

describe('an evacuation', () => {
  test('that is under way is followed, not ordered again', async () => {
    const site = await dead();
    const mine = record(site, { status: 'accepted' });
    const proof = await site.fence.off(HOST);
    site.simulated.clock.after(10_000, () => {
      mine.status = 'done';
      Object.assign(serverOf(site), { host: 'compute-3' });
    });
    expect(await evacuate(site.cloud, site.id, proof)).toMatchObject({ to: 'compute-3' });
    expect(site.orders()).toBe(0);
  });

  test('is told by its own record, not by one of an earlier failure', async () => {
    const site = await dead();
    record(site, { status: 'completed', dest: 'compute-1' });
    const earlier = new Set(site.simulated.state.compute.migrations.filter(() => true));
    const { migration } = await evacuate(site.cloud, site.id, await site.fence.off(HOST));
    const made = site.simulated.state.compute.migrations.filter((each) => !earlier.has(each));
    expect(made.map(({ id }) => id)).toEqual([migration]);
  });

  test('that ended as failed has failed, wherever the server is by then', async () => {
    const site = await dead();
    const mine = record(site, { status: 'accepted' });
    const proof = await site.fence.off(HOST);
    site.simulated.clock.after(10_000, () => {
      mine.status = 'failed';
      Object.assign(serverOf(site), { host: 'compute-1' });
    });
    await expect(evacuate(site.cloud, site.id, proof)).rejects.toMatchObject({ code: 'evacuation-failed' });
  });

  test('that ended as done, with the server where it was, has failed', async () => {
    const site = await dead();
    const mine = record(site, { status: 'accepted' });
    const proof = await site.fence.off(HOST);
    site.simulated.clock.after(10_000, () => (mine.status = 'done'));
    await expect(evacuate(site.cloud, site.id, proof)).rejects.toMatchObject({ code: 'evacuation-failed' });
  });

  test('that does not end is given up, and may go on', async () => {
    const site = await dead();
    record(site, { status: 'accepted' });
    const attempt = evacuate(site.cloud, site.id, await site.fence.off(HOST), { timeout: '30s' });
    await expect(attempt).rejects.toMatchObject({ code: 'evacuation-timeout' });
  });

  test('resets no state that is not the one it was told', async () => {
    const site = await dead();
    await evacuate(site.cloud, site.id, await site.fence.off(HOST), { reset: 'paused' });
    expect(site.simulated.requests.count({ operation: 'servers.resetState' })).toBe(0);
  });

  test('goes where the scheduler says if its target is refused, and nowhere if the order is', async () => {
    const site = await dead();
    const refused = site.simulated.fault({
      match: { operation: 'servers.evacuate' },
      first: 1,
      reply: status(409),
    });
    const proof = await site.fence.off(HOST);
    const { to } = await evacuate(site.cloud, site.id, proof, { target: 'compute-3' });
    expect(['compute-1', 'compute-3']).toContain(to);
    expect(site.orders()).toBe(2);
    refused.stop();
    const other = await dead();
    other.simulated.fault({ match: { operation: 'servers.evacuate' }, reply: status(403) });
    const attempt = evacuate(other.cloud, other.id, await other.fence.off(HOST), { target: 'compute-3' });
    await expect(attempt).rejects.toMatchObject({ status: 403 });
    expect(other.orders()).toBe(1);
  });

  test('of a server that was deleted, and of one that could not be asked about', async () => {
    const site = await dead();
    const proof = await site.fence.off(HOST);
    const unknown = '00000000-0000-4000-8000-000000000000';
    await expect(evacuate(site.cloud, unknown, proof)).rejects.toMatchObject({ code: 'evacuation-gone' });
    site.simulated.fault({ match: { operation: 'servers.get' }, reply: status(403) });
    await expect(evacuate(site.cloud, site.id, proof)).rejects.toMatchObject({ status: 403 });
  });
});

test('the moves of a server are told with the newest first', async () => {
  const site = await dead();
  record(site, { status: 'completed', dest: 'compute-1' });
  record(site, { status: 'completed', dest: 'compute-3' });
  const moves = await movesOf(site.cloud, site.id, undefined);
  expect(moves.map(({ dest }) => dest)).toEqual(['compute-3', 'compute-1']);
});

describe('a host is not turned on, nor handed to others', () => {
  const why = ({ cloud }: Dead, off: readonly string[] = []): Promise<string | undefined> =>
    mayRunElsewhere(cloud, HOST, undefined, new Set(off));

  test('while a server of it may be running elsewhere, unless it is proven off there', async () => {
    const site = await dead();
    expect(await why(site)).toBe(undefined);
    record(site, { type: 'live-migration', status: 'running' });
    expect(await why(site)).toContain('it may be running on compute-3');
    expect(await why(site, ['compute-3'])).toBe(undefined);
  });

  test('while where a server of it runs is not known', async () => {
    const site = await dead();
    Object.assign(serverOf(site), { task_state: 'spawning' });
    expect(await why(site)).toContain('its task is spawning');
    expect(await why(site, ['compute-1', 'compute-3'])).toContain('its task is spawning');
  });

  test('whosever the server is', async () => {
    const site = await dead();
    Object.assign(serverOf(site), { project_id: '0123456789abcdef0123456789abcdef' });
    record(site, { type: 'live-migration', status: 'running' });
    expect(await why(site)).toContain('it may be running on compute-3');
  });

  test('while Nova does not answer', async () => {
    const site = await dead();
    site.simulated.fault({ match: { operation: 'migrations.list' }, reply: status(403) });
    await expect(why(site)).rejects.toMatchObject({ status: 403 });
  });
});
