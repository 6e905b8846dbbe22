import { randomUUID } from 'node:crypto';
import type { Cloud } from '@groundcrew/core';
import { expect, test } from 'vitest';
import { readPoint } from '../../src/point.ts';
import { sweepTemporaries } from '../../src/volume-bytes.ts';
import { readers } from '../backup/readers.ts';
import { siteOf } from '../recovery/site.ts';

const NOTHING = { images: 0, volumes: 0, snapshots: 0, groupSnapshots: 0, failed: [] };

async function volumeIn(cloud: Cloud): Promise<string> {
  const { id } = await cloud.blockStorage.volumes.create({ name: 'data', size: 1 });
  await cloud.blockStorage.volumes.waitFor(id, 'available');
  return id;
}

const imagesIn = async (cloud: Cloud): Promise<readonly string[]> =>
  (await Array.fromAsync(cloud.image.images.list())).map(({ id }) => id);

test('an image of another project is left, whatever it is called, and whoever sweeps sees it', async () => {
  const site = siteOf();
  const [shop, mail] = [await site.project('shop'), await site.project('mail')];
  const called = (cloud: Cloud, visibility: 'private' | 'public') =>
    cloud.image.images.create({
      name: `groundcrew-temporary-run-${randomUUID()}`,
      disk_format: 'raw',
      container_format: 'bare',
      visibility,
    });
  const theirs = [await called(mail.cloud, 'private'), await called(mail.cloud, 'public')];
  const ours = await called(shop.cloud, 'private');
  await site.simulated.clock.advance('2h');
  // An administrator is shown the images of all projects.
  expect(await imagesIn(shop.cloud)).toEqual(expect.arrayContaining(theirs.map(({ id }) => id)));
  expect(await sweepTemporaries(shop.cloud, { olderThan: '1h' })).toEqual({ ...NOTHING, images: 1 });
  const left = await imagesIn(shop.cloud);
  expect(left).toEqual(expect.arrayContaining(theirs.map(({ id }) => id)));
  expect(left).not.toContain(ours.id);
});

test('what a reading by attachment left goes with its attachment, and is no part of a point meanwhile', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const id = await volumeIn(cloud);
  // It is never disposed.
  await readers.attachment(cloud).open({ id }, { run: 'killed' });
  const { volumes, snapshots, attachments } = cloud.blockStorage;
  expect(await Array.fromAsync(attachments.listBrief())).toHaveLength(1);
  const point = await readPoint(cloud, { project: 'shop' });
  expect(point.resources.filter(({ kind }) => kind === 'volume').map((volume) => volume.id)).toEqual([id]);
  await site.simulated.clock.advance('2h');
  expect(await sweepTemporaries(cloud, { olderThan: '1h', keep: ['killed'] })).toEqual(NOTHING);
  expect(await sweepTemporaries(cloud, { olderThan: '3h' })).toEqual(NOTHING);
  expect(await sweepTemporaries(cloud, { olderThan: '1h' })).toEqual({
    ...NOTHING,
    volumes: 1,
    snapshots: 1,
  });
  expect((await Array.fromAsync(volumes.list())).map((volume) => volume.id)).toEqual([id]);
  expect(await Array.fromAsync(snapshots.list())).toEqual([]);
  expect(await Array.fromAsync(attachments.listBrief())).toEqual([]);
});

test('what is called so and carries no mark, or has no time, is left', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { volumes } = cloud.blockStorage;
  // As a person may call a volume; and a restored one, which has a run's tag.
  await volumes.create({ name: 'groundcrew-temporary-mine', size: 1 });
  await volumes.create({ name: 'data', size: 1, metadata: { groundcrew_run: 'r', groundcrew_for: 'x' } });
  await cloud.image.images.create({
    name: 'groundcrew-temporary-mine',
    disk_format: 'raw',
    container_format: 'bare',
  });
  await site.simulated.clock.advance('2h');
  expect(await sweepTemporaries(cloud, { olderThan: '1h' })).toEqual(NOTHING);
});

test('a client in the scope of no project is refused', async () => {
  const { admin } = siteOf();
  await expect(sweepTemporaries(admin.scoped({ system_scope: 'all' }))).rejects.toThrow(
    expect.objectContaining({ field: 'cloud' }),
  );
});
