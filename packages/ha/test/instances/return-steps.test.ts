import { describe, expect, test } from 'vitest';
import { awaitService, enableHost, powerOn } from '../../src/instances/actions.ts';
import { Reserves } from '../../src/instances/reserves.ts';
import { returnImplementations } from '../../src/instances/return-implementations.ts';
import { type Site, siteWithServers } from './site.ts';
import { partsOf } from './steps.ts';

// A host comes back in the order in which nothing runs twice: turned on, heard, cleaned up, forced up, up, enabled.

const HOST = 'compute-2';
const { signal } = new AbortController();
const rowOf = ({ simulated }: Site, host = HOST) => {
  const row = simulated.state.compute.services.find(
    (service) => service.host === host && service.binary === 'nova-compute',
  );
  if (row === undefined) throw new Error(`no service on ${host}`);
  return row;
};
const implementations = ({ cloud, fence }: Site) => returnImplementations({ cloud, fencer: fence });
async function serviceOf({ cloud }: Site, host = HOST): Promise<string> {
  const services = await Array.fromAsync(cloud.compute.at('2.73').services.list({ binary: 'nova-compute' }));
  return services.find((service) => service.host === host)?.id ?? '';
}
function record({ simulated, servers: [id = ''] }: Site, differs: object): { status: string } {
  const { compute, ids } = simulated.state;
  const server = compute.servers.get(id);
  if (server === undefined) throw new Error('no server');
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
/** A dead host that was forced down; its guest runs elsewhere. */
async function forcedDown(): Promise<Site> {
  const site = await siteWithServers(1);
  site.boards.crash(HOST);
  Object.assign(rowOf(site), {
    forced_down: true,
    disabled: true,
    disabled_reason: 'groundcrew: evacuated (run-1)',
  });
  Object.assign(site.simulated.state.compute.servers.get(site.servers[0] ?? '') ?? {}, { host: 'compute-3' });
  return site;
}

describe('forced up is a host', () => {
  test('only when it was heard of: an old heartbeat is none', async () => {
    const site = await forcedDown();
    let before: boolean | undefined;
    site.simulated.clock.after(300_000, () => {
      before = rowOf(site).forced_down;
      site.simulated.hosts.revive(HOST);
    });
    const { heartbeat } = await partsOf(implementations(site), awaitService).perform({
      host: HOST,
      service: await serviceOf(site),
    });
    expect(before).toBe(true);
    expect(rowOf(site).forced_down).toBe(false);
    expect(Date.parse(heartbeat)).toBeGreaterThan(Date.parse('2026-01-01T00:00:00Z'));
  });

  test.each(['done', 'accepted', 'pre-migrating'])(
    'only when no evacuation from it is %s: its copy is not deleted, or a guest is about to start elsewhere',
    async (status) => {
      const site = await forcedDown();
      const mine = record(site, { status });
      site.simulated.hosts.revive(HOST);
      // The simulated nova-compute cleans up within seconds; here it does not come to that.
      let during: boolean | undefined;
      site.simulated.clock.after(300_000, () => {
        during = rowOf(site).forced_down;
        mine.status = 'completed';
      });
      const hold = (): void => {
        if (site.simulated.clock.now() - begun < 299_000) {
          mine.status = status;
          site.simulated.clock.after(500, hold);
        }
      };
      const begun = site.simulated.clock.now();
      hold();
      await partsOf(implementations(site), awaitService).perform({
        host: HOST,
        service: await serviceOf(site),
      });
      expect(during).toBe(true);
    },
  );
});

test('a host is not turned on while a server of it may be running elsewhere', async () => {
  const site = await siteWithServers(1);
  const step = partsOf(implementations(site), powerOn);
  expect(await step.precondition({ host: HOST })).toBe(undefined);
  record(site, { type: 'live-migration', status: 'running' });
  expect(await step.precondition({ host: HOST })).toMatchObject({ code: 'ha.may-run-elsewhere' });
});

test('a host is not enabled if somebody else has disabled it meanwhile', async () => {
  const site = await siteWithServers(0);
  const step = partsOf(implementations(site), enableHost);
  const input = { host: HOST, service: await serviceOf(site) };
  Object.assign(rowOf(site), { disabled: true, disabled_reason: 'new disks' });
  expect(await step.precondition(input)).toMatchObject({ code: 'ha.changed' });
  Object.assign(rowOf(site), { disabled_reason: 'groundcrew: returning (run-1)' });
  expect(await step.precondition(input)).toBe(undefined);
  Object.assign(rowOf(site), { disabled: false, disabled_reason: null });
  expect(await step.precondition(input)).toBe(undefined);
});

describe('a reserve', () => {
  test('that is no compute host, or not up, is not used', async () => {
    const site = await siteWithServers(0);
    const reserves = new Reserves(site.cloud);
    await expect(reserves.use('compute-9', signal)).rejects.toThrow('is no compute host');
    site.boards.crash('compute-3');
    Object.assign(rowOf(site, 'compute-3'), { disabled: true, disabled_reason: 'groundcrew: reserved' });
    await site.simulated.clock.advance('5m');
    await expect(reserves.use('compute-3', signal)).rejects.toThrow('is not up');
    expect(rowOf(site, 'compute-3').disabled).toBe(true);
  });

  test('that somebody has disabled meanwhile keeps his reason', async () => {
    const site = await siteWithServers(0);
    Object.assign(rowOf(site, 'compute-3'), { disabled: true, disabled_reason: 'new disks' });
    expect(await new Reserves(site.cloud).giveBack(['compute-3'], signal)).toEqual([]);
    expect(rowOf(site, 'compute-3').disabled_reason).toBe('new disks');
  });

  test('that carries a server stays in use', async () => {
    const site = await siteWithServers(1);
    expect(await new Reserves(site.cloud).giveBack([HOST, 'compute-3'], signal)).toEqual([HOST]);
    expect([rowOf(site).disabled, rowOf(site, 'compute-3').disabled]).toEqual([false, true]);
  });
});
