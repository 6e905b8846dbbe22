import { describe, expect, test } from 'vitest';
import { masakariObserver } from '../../src/masakari/masakari-observer.ts';
import { notifyMasakari } from '../../src/masakari/notify-masakari.ts';
import { type Site, siteWithServers } from '../instances/site.ts';

// Masakari evacuates everything on a host of which it is told that it is off: what it is told must be proven.

const HOST = 'compute-2';
async function segment({ cloud }: Site): Promise<void> {
  const { segments, hosts } = cloud.instanceHa;
  const { uuid } = await segments.create({ name: 'rack', recovery_method: 'auto', service_type: 'COMPUTE' });
  const fields = { segment_id: uuid, type: 'COMPUTE', control_attributes: 'SSH' };
  for (const name of ['compute-1', HOST]) await hosts.create({ ...fields, name });
}
async function dead(): Promise<Site> {
  const site = await siteWithServers(1);
  await segment(site);
  site.boards.crash(HOST);
  return site;
}
const told = ({ simulated }: Site): number => simulated.requests.count({ operation: 'notifications.create' });

describe('Masakari is not told', () => {
  test('with a proof that has aged', async () => {
    const site = await dead();
    const proof = await site.fence.off(HOST);
    await site.simulated.clock.advance('61s');
    await expect(notifyMasakari(site.cloud, proof)).rejects.toMatchObject({
      code: 'evacuation-without-proof',
    });
    expect(told(site)).toBe(0);
  });

  test('with a proof of a host that was turned on since, be it the second of two', async () => {
    const site = await dead();
    const [proof, further] = [await site.fence.off(HOST), await site.fence.off('compute-3')];
    await site.fence.on('compute-3');
    await expect(notifyMasakari(site.cloud, [proof, further])).rejects.toMatchObject({
      code: 'evacuation-without-proof',
      message: expect.stringContaining('compute-3'),
    });
    expect(told(site)).toBe(0);
  });

  test('while a server of the host may be running elsewhere, until that is proven off, too', async () => {
    const site = await dead();
    const { compute } = site.simulated.state;
    const server = compute.servers.get(site.servers[0] ?? '');
    Object.assign(server ?? {}, { task_state: 'spawning' });
    await expect(notifyMasakari(site.cloud, await site.fence.off(HOST))).rejects.toMatchObject({
      code: 'evacuation-without-proof',
      message: expect.stringContaining('Masakari would evacuate vm-1'),
    });
    expect(told(site)).toBe(0);
  });
});

test('of two notifications the newer counts', async () => {
  const site = await dead();
  const state = async () => (await masakariObserver(site.cloud).observe([HOST]))[0]?.state;
  const notify = async (event: string, cluster_status: string): Promise<void> => {
    await site.cloud.instanceHa.notifications.create({
      type: 'COMPUTE_HOST',
      hostname: HOST,
      generated_time: new Date(site.simulated.clock.now()).toISOString().slice(0, 19),
      payload: { event, cluster_status, host_status: 'NORMAL' },
    });
    await site.simulated.clock.advance('10s');
  };
  await notify('STARTED', 'ONLINE');
  expect(await state()).toBe('up');
  await notify('STOPPED', 'OFFLINE');
  expect(await state()).toBe('down');
});
