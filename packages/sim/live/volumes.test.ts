import { isBadRequest, isNotFound } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, unique, parityClouds } from './parity-clouds.ts';

describe.each(parityClouds)('volumes on $name', (parityCloud) => {
  test('create, snapshot, backup, restore, delete', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { volumes, snapshots, backups } = cloud.blockStorage;
    const name = unique('volume');
    const { id } = await volumes.create({ name, size: 1 });
    clean.later(async () => {
      await volumes.delete({ id }, { missingOk: true });
      await volumes.waitGone(id);
    });
    expect(await volumes.waitFor(id, 'available', { interval: 300 })).toMatchObject({
      name,
      size: 1,
      status: 'available',
      attachments: [],
    });

    const snapshot = await snapshots.create({ volume_id: id, name });
    await snapshots.waitFor(snapshot.id, 'available', { interval: 300 });
    const inUse = await volumes.delete({ id }).catch((caught: unknown) => caught);
    expect(isBadRequest(inUse)).toBe(true);
    await snapshots.delete({ id: snapshot.id });
    await snapshots.waitGone(snapshot.id, { interval: 300 });

    const backup = await backups.create({ volume_id: id, name });
    clean.later(async () => {
      await backups.delete({ id: backup.id }, { missingOk: true });
      await backups.waitGone(backup.id);
    });
    expect(await backups.waitFor(backup.id, 'available', { interval: 300 })).toMatchObject({
      volume_id: id,
      size: 1,
      is_incremental: false,
    });
    await volumes.waitFor(id, 'available', { interval: 300 });

    const restored = await backups.restore({ id: backup.id, name: `${name}-restored` });
    clean.later(async () => {
      await volumes.delete({ id: restored.volume_id }, { missingOk: true });
      await volumes.waitGone(restored.volume_id);
    });
    expect(restored.backup_id).toBe(backup.id);
    await volumes.waitFor(restored.volume_id, 'available', { interval: 300 });
    await backups.waitFor(backup.id, 'available', { interval: 300 });
  });

  test('extend it, and find it by name', async () => {
    const clean = new CleanUp();
    const { volumes } = (await asAdmin(parityCloud)).blockStorage;
    const name = unique('volume');
    const { id } = await volumes.create({ name, size: 1 });
    clean.later(async () => {
      await volumes.delete({ id }, { missingOk: true });
      await volumes.waitGone(id);
    });
    await volumes.waitFor(id, 'available', { interval: 300 });
    await volumes.extend({ id, new_size: 2 });
    await volumes.waitFor(id, 'available', { interval: 300 });
    expect((await volumes.find(name)).size).toBe(2);
    expect(await volumes.find(unique('nothing'), { missingOk: true })).toBeUndefined();
  });

  test('attach it to a server and take it off again', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { volumes } = cloud.blockStorage;
    const name = unique('attach');
    const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
    clean.later(() => cloud.image.images.delete({ id: image.id }));
    await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
    const flavor = (await Array.fromAsync(cloud.compute.flavors.list())).toSorted((a, b) => a.ram - b.ram)[0];
    const compute = cloud.compute.at('2.37');
    const server = await compute.servers.create({
      name,
      imageRef: image.id,
      flavorRef: flavor?.id ?? '',
      networks: 'none',
    });
    clean.later(async () => {
      await compute.servers.delete({ id: server.id });
      await compute.servers.waitGone(server.id);
    });
    const { id } = await volumes.create({ name, size: 1 });
    clean.later(async () => {
      await volumes.delete({ id });
      await volumes.waitGone(id);
    });
    await compute.servers.waitFor(server.id, 'ACTIVE', { interval: 300 });
    await volumes.waitFor(id, 'available', { interval: 300 });

    await cloud.compute.volumeAttachments.create({ server_id: server.id, volumeId: id });
    expect(await volumes.waitFor(id, 'in-use', { interval: 300 })).toMatchObject({
      attachments: [{ server_id: server.id, volume_id: id }],
    });
    expect(
      (await cloud.compute.servers.get({ id: server.id }))['os-extended-volumes:volumes_attached'],
    ).toMatchObject([{ id }]);
    await cloud.compute.volumeAttachments.delete({ server_id: server.id, volume_id: id });
    expect(await volumes.waitFor(id, 'available', { interval: 300 })).toMatchObject({ attachments: [] });
  });

  test('a pool has promised the whole size of its volumes, and nothing for snapshots', async () => {
    const clean = new CleanUp();
    const { volumes, snapshots, pools } = (await asAdmin(parityCloud)).blockStorage;
    const { id } = await volumes.create({ size: 3, name: unique('promised') });
    clean.later(async () => {
      await volumes.delete({ id });
      await volumes.waitGone(id);
    });
    await volumes.waitFor(id, 'available', { interval: 300 });
    const snapshot = await snapshots.create({ volume_id: id });
    clean.later(async () => {
      await snapshots.delete({ id: snapshot.id });
      await snapshots.waitGone(snapshot.id);
    });
    const kept = await snapshots.waitFor(snapshot.id, 'available', { interval: 300 });
    // A back end reports every ten seconds here, and once a minute by default: until then the scheduler's own sums are told.
    const reported = async (): Promise<unknown> => {
      const all = await Array.fromAsync(pools.list({ detail: true }));
      const owned = await Array.fromAsync(volumes.list({ all_tenants: true }));
      return all.map(({ name, capabilities }) => {
        const mine = owned.filter((volume) => volume['os-vol-host-attr:host'] === name);
        const since =
          Date.parse(String(capabilities?.['timestamp']).replace(/Z?$/, 'Z')) >=
          Date.parse(kept.created_at ?? '');
        const sizes = mine.reduce((sum, volume) => sum + volume.size, 0);
        return since && Number(capabilities?.provisioned_capacity_gb) === sizes;
      });
    };
    const { length } = await Array.fromAsync(pools.list());
    await expect
      .poll(reported, { timeout: 120_000, interval: 3000 })
      .toEqual(Array.from({ length }, () => true));
  });

  test('what is not there is a 404 in words of Cinder', async () => {
    const { volumes } = (await asAdmin(parityCloud)).blockStorage;
    const error = await volumes
      .get({ id: '00000000-0000-4000-8000-000000000000' })
      .catch((caught: unknown) => caught);
    expect(isNotFound(error)).toBe(true);
    expect(error).toMatchObject({
      fault: {
        type: 'itemNotFound',
        message: 'Volume 00000000-0000-4000-8000-000000000000 could not be found.',
      },
    });
  });
});
