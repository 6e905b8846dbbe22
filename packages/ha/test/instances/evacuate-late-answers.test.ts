import { virtualClock } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fencer } from '../../src/fencing/fencer.ts';
import type { PowerState } from '../../src/fencing/power-driver.ts';
import { evacuate } from '../../src/instances/evacuate.ts';
import { SharedProofs } from '../../src/instances/shared-proof.ts';
import { answering } from '../foreign/dark-cells.ts';
import { type Site, siteWithServers } from './site.ts';

// Nova's conductor writes the record of an evacuation after the API has answered, and a server's task ends after its record.

const HOST = 'compute-2';
type Change = (body: Record<string, unknown>, path: string) => unknown;

/** A dead host whose Nova answers late: `change` sees every answer after the order to evacuate. */
async function late(change: (site: Site) => Change) {
  const site = await siteWithServers(1);
  const [id = ''] = site.servers;
  site.boards.crash(HOST);
  await site.simulated.clock.advance('5m');
  const changed = change(site);
  let ordered = false;
  const cloud = answering(site.simulated, async (request, response) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/action')) ordered = true;
    if (!ordered || request.method !== 'GET' || response.status !== 200) return response;
    const body = (await response.json()) as Record<string, unknown>;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    return new Response(JSON.stringify(changed(body, pathname)), { headers });
  });
  onTestFinished(async () => cloud[Symbol.asyncDispose]());
  return { site, id, cloud, proof: await site.fence.off(HOST) };
}

test('an earlier record is not taken for one that is not written yet', async () => {
  let looks = 0;
  const { site, id, cloud, proof } = await late(({ simulated, servers: [server = ''] }) => {
    const { compute, ids } = simulated.state;
    const row = compute.servers.get(server);
    if (row === undefined) throw new Error('no server');
    const earlier = compute.migrations.add({
      id: ids.uuid(),
      row: compute.row('migrations'),
      server,
      project_id: row.project_id,
      user_id: row.user_id,
      type: 'evacuation',
      source: HOST,
      dest: 'compute-1',
      created: simulated.clock.now(),
      updated: simulated.clock.now(),
      old_flavor: row.flavor.row,
      new_flavor: row.flavor.row,
      status: 'completed',
    });
    return (body) => {
      const { migrations } = body;
      if (!Array.isArray(migrations)) return body;
      looks += 1;
      const old = migrations.filter(({ uuid }: { uuid: string }) => uuid === earlier.id);
      return looks === 1 ? { ...body, migrations: old } : body;
    };
  });
  const { migration } = await evacuate(cloud, id, proof);
  const last = site.simulated.state.compute.migrations.filter(({ server }) => server === id).at(-1);
  expect(migration).toBe(last?.id);
  expect(looks).toBeGreaterThan(1);
});

test('a server whose record is done is looked at until its task has ended', async () => {
  let looks = 0;
  const { id, cloud, proof } = await late(() => (body) => {
    const { server } = body;
    if (typeof server !== 'object' || server === null) return body;
    looks += 1;
    return looks > 2
      ? body
      : { server: { ...server, status: 'REBUILD', 'OS-EXT-STS:task_state': 'rebuild_spawning' } };
  });
  expect(await evacuate(cloud, id, proof)).toMatchObject({ status: 'ACTIVE' });
  expect(looks).toBe(3);
});

describe('proofs that many evacuations share', () => {
  /** A board that answers so, in turn, and counts how often it was asked. */
  const shared = (...states: PowerState[]) => {
    const clock = virtualClock();
    let reads = 0;
    const driver = {
      method: 'scripted',
      read: async () => ({ state: states[Math.min(reads++, states.length - 1)] ?? 'unknown', statement: '' }),
      off: async () => {},
      on: async () => {},
    };
    const proofs = new SharedProofs(fencer({ drivers: [driver], clock }), clock, 30_000);
    const { signal } = new AbortController();
    return { clock, of: (host: string) => proofs.of(host, signal), reads: () => reads };
  };

  test('are asked for once by all who start together', async () => {
    const { of, reads } = shared('off');
    const [one, two] = await Promise.all([of('shared-a'), of('shared-a')]);
    expect(one).toBe(two);
    expect(reads()).toBe(3);
    expect(await of('shared-a')).toBe(one);
  });

  test('are asked for anew when they have aged', async () => {
    const { of, clock, reads } = shared('off');
    const first = await of('shared-b');
    await clock.advance('31s');
    expect(await of('shared-b')).not.toBe(first);
    expect(reads()).toBe(6);
  });

  test('that could not be had are asked for again by the next', async () => {
    const { of } = shared('on', 'off');
    await expect(of('shared-c')).rejects.toMatchObject({ code: 'fence-not-off' });
    expect(await of('shared-c')).toMatchObject({ host: 'shared-c' });
  });
});
