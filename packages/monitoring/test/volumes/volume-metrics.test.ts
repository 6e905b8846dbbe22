import { type Cloud, connect, type Observed } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInventory } from '../../src/index.ts';
import { type VolumeIo, type VolumeIoSource, volumeMetrics } from '../../src/volumes.ts';

const simulated = simulateCloud({ scenario: 'site' });
let cloud: Cloud;
beforeAll(async () => {
  const { connectOptions } = await simulated.listen({ port: 0 });
  cloud = connect(connectOptions);
  // Each volume of the site is a server's.
  await cloud.blockStorage.volumes.create({ size: 1, name: 'spare' });
});
afterAll(async () => {
  await cloud.close();
  await simulated.close();
});

const ioOf = (writtenBytes: number, more: Partial<VolumeIo> = {}): VolumeIo => ({
  readBytes: 0,
  writtenBytes,
  readRequests: 0,
  writeRequests: 0,
  lastWrittenAt: undefined,
  disks: 1,
  seen: 1,
  ...more,
});
const telling = (
  value: ReadonlyMap<string, VolumeIo>,
  completeness: Observed<unknown>['completeness'] = 'complete',
): VolumeIoSource => ({
  name: 'test',
  readVolumeIo: () =>
    Promise.resolve({ value, at: '2026-11-29T09:00:00Z', source: 'test', completeness, gaps: [] }),
});

test('each volume has its size, type, pool, attachments and copies, as the lists have them', async () => {
  const inventory = await readInventory(cloud);
  const { volumes } = await volumeMetrics(cloud, { inventory });
  expect(volumes.completeness).toBe('complete');
  expect(volumes.value.length).toBe(inventory.volumes.value.length);
  const snapshots = volumes.value.reduce((sum, volume) => sum + (volume.snapshots ?? NaN), 0);
  expect(snapshots).toBe(inventory.snapshots.value.length);
  const attached = volumes.value.find(({ attachments }) => attachments.length > 0);
  expect(attached).toMatchObject({ status: 'in-use', io: 'no-source' });
  expect(attached?.project).toMatch(/^[0-9a-f]{32}$/);
  const detached = volumes.value.find(({ attachments }) => attachments.length === 0);
  expect(detached?.io).toBe('detached');
});

test('the top by what was written, and of how many nothing is known, by the reason', async () => {
  const inventory = await readInventory(cloud);
  const attached = inventory.volumes.value.filter(({ attachments }) => attachments.length > 0);
  const [first, second] = attached;
  const known = new Map([
    [first?.id ?? '', ioOf(10)],
    [second?.id ?? '', ioOf(20)],
  ]);
  const volumes = await volumeMetrics(cloud, { inventory, io: telling(known) });
  const top = volumes.top({ by: 'writtenBytes', limit: 1 });
  expect(top.rows).toEqual([
    { key: second?.id, name: second?.name, value: 20, volumes: 1, unknown: 0, isPartial: false },
  ]);
  expect(top.known).toBe(2);
  expect(top.unknown).toEqual({
    detached: inventory.volumes.value.length - attached.length,
    'not-covered': attached.length - 2,
  });
  const projects = volumes.top({ by: 'writtenBytes', of: 'project' }).rows;
  expect(projects.reduce((sum, { value }) => sum + value, 0)).toBe(30);
  expect(projects.reduce((sum, row) => sum + row.unknown, 0)).toBeGreaterThan(0);
  const sizes = volumes.top({ by: 'sizeGib', of: 'type', limit: 1000 });
  expect(sizes.rows.reduce((sum, { value }) => sum + value, 0)).toBe(
    inventory.volumes.value.reduce((sum, { size }) => sum + size, 0),
  );
});

test('a source that tells of one disk of two, or not of all, makes the figures too low, and says so', async () => {
  const inventory = await readInventory(cloud);
  const [volume] = inventory.volumes.value.filter(({ attachments }) => attachments.length > 0);
  if (volume === undefined) throw new Error('the site has attached volumes');
  const [attachment] = volume.attachments;
  const shared = { ...volume, attachments: [attachment, { ...attachment, server_id: 'another' }] };
  const two = { ...inventory, volumes: { ...inventory.volumes, value: [shared] } } as typeof inventory;
  const one = await volumeMetrics(cloud, { inventory: two, io: telling(new Map([[volume.id, ioOf(5)]])) });
  expect(one.top({ by: 'writtenBytes' }).rows[0]).toMatchObject({ value: 5, isPartial: true });
  expect(
    one
      .top({ by: 'writtenBytes', of: 'server' })
      .rows.map(({ key }) => key)
      .toSorted(),
  ).toEqual([attachment?.server_id ?? '', 'another'].toSorted());
  const failing = await volumeMetrics(cloud, { inventory: two, io: telling(new Map(), 'failed') });
  expect(failing.top({ by: 'writtenBytes' })).toMatchObject({ rows: [], unknown: { 'source-failed': 1 } });
});

test('a list of snapshots or backups that failed leaves no counts: none of them is 0', async () => {
  const inventory = await readInventory(cloud);
  const lost = { ...inventory.snapshots, value: [], completeness: 'failed' as const };
  const { volumes } = await volumeMetrics(cloud, {
    inventory: { ...inventory, snapshots: lost, backups: { ...inventory.backups, completeness: 'partial' } },
  });
  expect(new Set(volumes.value.map((volume) => volume.snapshots))).toEqual(new Set([undefined]));
  expect(new Set(volumes.value.map((volume) => volume.backups))).toEqual(new Set([undefined]));
  expect(new Set(volumes.value.map((volume) => volume.newestBackupAt))).toEqual(new Set([undefined]));
});

test('options are parsed strictly', async () => {
  await expect(volumeMetrics(cloud, { windw: '1h' } as never)).rejects.toThrow('windw');
  await expect(volumeMetrics(cloud, { io: {} as never })).rejects.toThrow('io');
  const volumes = await volumeMetrics(cloud, {});
  expect(() => volumes.top({ by: 'write' } as never)).toThrow('by');
  expect(() => volumes.top({ by: 'sizeGib', limit: NaN })).toThrow('limit');
});
