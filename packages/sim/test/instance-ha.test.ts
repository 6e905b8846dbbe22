import { type Cloud, connect } from '@groundcrew/core';
import { expect, onTestFinished, test } from 'vitest';
import { simulateCloud, type SimulatedCloud } from '../src/index.ts';

interface Site {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  readonly segment: string;
  readonly servers: readonly string[];
  notify(payload?: object, generated?: string): ReturnType<Cloud['instanceHa']['notifications']['create']>;
}

/** Three hosts in one segment, and servers on compute-2. */
async function site(method: 'auto' | 'reserved_host' = 'auto', count = 4): Promise<Site> {
  const simulated = simulateCloud({ release: '2023.1' });
  const { connectOptions } = await simulated.listen();
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
  });
  const { hosts, notifications, segments } = cloud.instanceHa;
  const { uuid } = await segments.create({ name: 's', recovery_method: method, service_type: 'COMPUTE' });
  for (const name of ['compute-1', 'compute-2', 'compute-3'])
    await hosts.create({
      segment_id: uuid,
      name,
      type: 'COMPUTE',
      control_attributes: 'SSH',
      reserved: name === 'compute-3' && method === 'reserved_host',
    });
  const { flavors, servers } = cloud.compute;
  const flavor = await flavors.find('m1.nano');
  const image = await cloud.image.images.find('cirros');
  const made = [];
  for (let n = 0; n < count; n += 1) {
    const fields = { name: `vm-${n}`, flavorRef: flavor.id, imageRef: image.id, networks: 'none' as const };
    const metadata = n === count - 1 ? { HA_Enabled: 'True' } : {};
    made.push((await cloud.compute.at('2.74').servers.create({ ...fields, host: 'compute-2', metadata })).id);
  }
  for (const id of made) await servers.waitFor(id, 'ACTIVE');
  const off = { event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'NORMAL' } as const;
  return {
    simulated,
    cloud,
    segment: uuid,
    servers: made,
    notify: (payload = off, generated = new Date(simulated.clock.now()).toISOString().slice(0, 19)) =>
      notifications.create({
        type: 'COMPUTE_HOST',
        hostname: 'compute-2',
        generated_time: generated,
        payload: payload as typeof off,
      }),
  };
}

const hostOf = async ({ cloud }: Site, id: string): Promise<string | null | undefined> =>
  (await cloud.compute.servers.get({ id }))['OS-EXT-SRV-ATTR:host'];

test('a host that is said to be off is disabled, and its servers are moved after the wait', async () => {
  const here = await site();
  here.simulated.hosts.kill('compute-2');
  const { notification_uuid: id, status } = await here.notify();
  expect(status).toBe('new');
  const { hosts, notifications, segments } = here.cloud.instanceHa;
  await here.simulated.clock.advance('60s');
  expect(await notifications.get({ id })).toMatchObject({ status: 'running' });
  await expect(segments.delete({ id: here.segment })).rejects.toMatchObject({ status: 409 });
  expect(await hostOf(here, here.servers[0] ?? '')).toBe('compute-2');
  await notifications.waitFor(id, 'finished');
  for (const server of here.servers) expect(await hostOf(here, server)).not.toBe('compute-2');
  const took = here.simulated.clock.now() - Date.parse((await notifications.get({ id })).created_at);
  expect(took).toBeGreaterThanOrEqual(180_000);

  const moves = await Array.fromAsync(here.cloud.instanceHa.vmoves.list({ notification_id: id }));
  expect(moves.map((move) => move.status)).toEqual(here.servers.map(() => 'succeeded'));
  // The one with HA_Enabled came first; lists begin with the newest.
  expect(moves.at(-1)?.instance_uuid).toBe(here.servers.at(-1));
  const [service] = await Array.fromAsync(here.cloud.compute.at('2.53').services.list({ host: 'compute-2' }));
  expect(service).toMatchObject({ status: 'disabled', disabled_reason: 'Masakari detected host failed.' });
  const [host] = await Array.fromAsync(hosts.list({ segment_id: here.segment, name: 'compute-2' }));
  expect(host?.on_maintenance).toBe(true);
  await expect(here.notify()).rejects.toMatchObject({ status: 409 });
  const details = await here.cloud.instanceHa.at('1.1').notifications.get({ id });
  expect(details.recovery_workflow_details.map(({ state }) => state)).toEqual([
    'SUCCESS',
    'SUCCESS',
    'SUCCESS',
  ]);
});

test('to the reserve, which is one no more', async () => {
  const here = await site('reserved_host', 2);
  here.simulated.hosts.kill('compute-2');
  const { notification_uuid: id } = await here.notify();
  await here.cloud.instanceHa.notifications.waitFor(id, 'finished', { patience: 600_000 });
  for (const server of here.servers) expect(await hostOf(here, server)).toBe('compute-3');
  const reserved = here.cloud.instanceHa.hosts.list({ segment_id: here.segment, reserved: 1 });
  expect(await Array.fromAsync(reserved)).toEqual([]);
});

test('a host that Nova takes to be up: tried twice, then failed', async () => {
  const here = await site('auto', 2);
  const { notification_uuid: id } = await here.notify();
  await here.simulated.clock.advance('190s');
  const { notifications, vmoves } = here.cloud.instanceHa;
  expect((await notifications.get({ id })).status).toBe('error');
  await here.simulated.clock.advance('400s');
  expect((await notifications.get({ id })).status).toBe('failed');
  const moves = await Array.fromAsync(vmoves.list({ notification_id: id, status: 'failed' }));
  expect(moves).toHaveLength(4);
  expect(moves[0]?.message).toBe('Compute service of compute-2 is still in use.');
});

test('what is not known to be off is ignored, and so is a segment that is disabled', async () => {
  const here = await site('auto', 1);
  const { notifications, segments } = here.cloud.instanceHa;
  const unknown = await here.notify({ event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'UNKNOWN' });
  await here.simulated.clock.advance('1s');
  expect((await notifications.get({ id: unknown.notification_uuid })).status).toBe('ignored');
  await here.cloud.instanceHa.at('1.2').segments.update({ id: here.segment, enabled: false });
  const disabled = await here.notify();
  await here.simulated.clock.advance('1s');
  expect((await notifications.get({ id: disabled.notification_uuid })).status).toBe('ignored');
  expect(await segments.find('s')).toMatchObject({ enabled: false });
});
