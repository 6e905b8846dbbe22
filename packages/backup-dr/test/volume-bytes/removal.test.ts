import type { Cloud } from '@groundcrew/core';
import { expect, test } from 'vitest';
import { snapshotGone, temporaryVolumeGone, volumeGone } from '../../src/cinder-removal.ts';
import { type Site, siteOf } from '../recovery/site.ts';

interface Watched {
  readonly site: Site;
  /** Nobody looks at it. */
  readonly plain: Cloud;
  /** Its requests are in `asked`, and `before` is called before each. */
  readonly cloud: Cloud;
  readonly asked: string[];
  before: (asked: string) => Promise<void>;
}

async function watched(): Promise<Watched> {
  const site = siteOf();
  const { id: project, cloud: plain } = await site.project('shop');
  const asked: string[] = [];
  const cloud = site.client(project, async (input, init) => {
    const request = new Request(input, init);
    const line = `${request.method} ${new URL(request.url).pathname.split('/').slice(-2)[0]}`;
    asked.push(line);
    await watching.before(line);
    return site.simulated.handle(request);
  });
  const watching: Watched = { site, plain, cloud, asked, before: async () => {} };
  return watching;
}

test('an attachment that comes while the volume is made is taken off, without waiting for anything else', async () => {
  const watching = await watched();
  const { plain, cloud, site } = watching;
  const { volumes, attachments } = plain.blockStorage;
  const { id } = await volumes.create({ name: 'temporary', size: 1 });
  let looks = 0;
  watching.before = async (line) => {
    if (line !== 'GET volumes') return;
    looks += 1;
    // The process that was killed had sent its request: it is carried out once the volume is there.
    if (looks !== 2) return;
    await volumes.waitFor(id, 'available');
    await attachments.create({ volume_uuid: id, connector: { host: 'backup-1' } });
  };
  const began = site.simulated.clock.now();
  await temporaryVolumeGone(cloud, id, { size: 1 });
  expect(looks).toBeGreaterThan(2);
  expect(await Array.fromAsync(attachments.listBrief())).toEqual([]);
  expect(await Array.fromAsync(volumes.listBrief())).toEqual([]);
  expect(site.simulated.clock.now() - began).toBeLessThan(60_000);
});

test('one that is gone is removed, at whatever moment it goes', async () => {
  const { cloud, plain } = await watched();
  const { id } = await plain.blockStorage.volumes.create({ name: 'temporary', size: 1 });
  await volumeGone(plain, id);
  await expect(temporaryVolumeGone(cloud, id)).resolves.toBeUndefined();
  await expect(snapshotGone(cloud, id)).resolves.toBeUndefined();
});

test('a size that is known is not asked for', async () => {
  const { cloud, plain, asked } = await watched();
  const { volumes, snapshots } = plain.blockStorage;
  const looks = async (remove: () => Promise<void>): Promise<number> => {
    asked.length = 0;
    await remove();
    return asked.filter((line) => line === 'GET snapshots').length;
  };
  const snapshot = async (): Promise<string> => {
    const { id } = await volumes.create({ name: 'data', size: 1 });
    await volumes.waitFor(id, 'available');
    const made = await snapshots.create({ volume_id: id });
    await snapshots.waitFor(made.id, 'available');
    return made.id;
  };
  const [one, other] = [await snapshot(), await snapshot()];
  const asking = await looks(() => snapshotGone(cloud, one));
  expect(await looks(() => snapshotGone(cloud, other, { size: 1 }))).toBe(asking - 1);
});
