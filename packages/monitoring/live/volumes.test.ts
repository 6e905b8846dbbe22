import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prometheus as readerOf } from '../src/prometheus.ts';
import { volumeMetrics } from '../src/volumes.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

// Volumes of real Cinder, and a real Prometheus. The lab has no libvirt: what its exporter says is said here, in the series
// of inovex' exporter, of the lab's own ids.
let lab: Lab;
let cloud: Cloud;
let prom: Prometheus;
let undo: (() => Promise<unknown>)[] = [];
const name = `groundcrew-volumes-${process.pid}`;
const ids: Record<'attached' | 'detached', string> = { attached: '', detached: '' };
/** Bytes that the disk has written: more with each scrape. */
let written = 0;

const exporter = createServer((_, response) => {
  written += 4096;
  const disk = `domain="instance-00000001",target_device="vdb"`;
  response.end(
    [
      `libvirt_domain_block_meta{${disk},serial="${ids.attached}",source_file="/dev/sdb"} 1`,
      `libvirt_domain_block_stats_write_bytes_total{${disk}} ${written}`,
      `libvirt_domain_block_stats_write_requests_total{${disk}} ${written / 4096}`,
      `libvirt_domain_block_stats_read_bytes_total{${disk}} 0`,
      '',
    ].join('\n'),
  );
});

beforeAll(async () => {
  lab = await ensureLab({});
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const { volumes } = cloud.blockStorage;
  const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  undo.push(() => cloud.image.images.delete({ id: image.id }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const flavor = (await Array.fromAsync(cloud.compute.flavors.list())).toSorted((a, b) => a.ram - b.ram)[0];
  const compute = cloud.compute.at('2.37');
  const flavorRef = flavor?.id ?? '';
  const server = await compute.servers.create({ name, imageRef: image.id, flavorRef, networks: 'none' });
  for (const which of ['attached', 'detached'] as const) {
    const { id } = await volumes.create({ name: `${name}-${which}`, size: 1 });
    ids[which] = id;
    undo.push(async () => {
      await volumes.delete({ id });
      await volumes.waitGone(id);
    });
    await volumes.waitFor(id, 'available', { interval: 300 });
  }
  undo.push(async () => {
    await compute.servers.delete({ id: server.id });
    await compute.servers.waitGone(server.id);
    await volumes.waitFor(ids.attached, 'available', { interval: 300 });
  });
  await compute.servers.waitFor(server.id, 'ACTIVE', { interval: 300 });
  await cloud.compute.volumeAttachments.create({ server_id: server.id, volumeId: ids.attached });
  await volumes.waitFor(ids.attached, 'in-use', { interval: 300 });
  const snapshot = await cloud.blockStorage.snapshots.create({ volume_id: ids.detached, name });
  undo.push(async () => {
    await cloud.blockStorage.snapshots.delete({ id: snapshot.id });
    await cloud.blockStorage.snapshots.waitGone(snapshot.id, { interval: 300 });
  });
  exporter.listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  const url = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}/metrics`;
  prom = await startPrometheus({ targets: [{ job: 'libvirt', url }] });
}, 900_000);

afterAll(async () => {
  await prom?.[Symbol.asyncDispose]();
  exporter.closeAllConnections();
  exporter.close();
  for (const step of undo.toReversed()) await step();
  await cloud?.close();
}, 300_000);

test('a volume of the lab is found by its serial in what Prometheus has scraped; a detached one has no source', async () => {
  await using reader = readerOf(prom.url);
  // Of five minutes every fifth second is looked at: what has been watched for less than that may have none of these moments in it.
  const seenWrites =
    'increase(libvirt_domain_block_stats_write_bytes_total[1m]) > 0 and count_over_time(libvirt_domain_block_stats_write_bytes_total[5m:5s]) > 0';
  await waitUntil(async () => (await reader.query(seenWrites)).value.length === 1, {
    within: 60_000,
    what: 'writes that Prometheus has seen, at a moment that is looked at',
  });
  const volumes = await volumeMetrics(cloud, { io: reader, window: '5m' });
  expect(volumes.io?.completeness).toBe('complete');
  const [attached, detached] = [ids.attached, ids.detached].map((id) =>
    volumes.volumes.value.find((volume) => volume.id === id),
  );
  // Prometheus has watched for seconds of the five minutes.
  expect(attached).toMatchObject({ status: 'in-use', sizeGib: 1, snapshots: 0, isIoPartial: true });
  expect(attached?.io).toMatchObject({ readBytes: 0, disks: 1 });
  const seen = typeof attached?.io === 'object' ? attached.io.seen : undefined;
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThan(1);
  expect(attached?.pool).toMatch(/@.+#/);
  expect(detached).toMatchObject({ io: 'detached', snapshots: 1, backups: 0, newestBackupAt: null });
  const [first] = volumes.top({ by: 'writtenBytes' }).rows;
  expect(first).toMatchObject({ key: ids.attached, name: `${name}-attached`, volumes: 1 });
  expect(first?.value).toBeGreaterThan(0);
});

test('a range of the same Prometheus has the counter as it rose, and its end is the newest value', async () => {
  await using reader = readerOf(prom.url);
  const asked = () => {
    const to = Date.now();
    const expression = 'libvirt_domain_block_stats_write_bytes_total';
    return reader.queryRange(expression, { from: to - 60_000, to, step: '1s' });
  };
  await waitUntil(async () => ((await asked()).value[0]?.points.length ?? 0) > 2, {
    within: 60_000,
    what: 'three points',
  });
  const range = await asked();
  expect(range.completeness).toBe('complete');
  const values = (range.value[0]?.points ?? []).map(({ value }) => value);
  expect(values).toEqual(values.toSorted((first, second) => first - second));
});

test('its own words for an expression that it does not understand, and for a range that is too long', async () => {
  await using reader = readerOf(prom.url);
  await expect(reader.query('up{')).rejects.toThrow(/does not understand the expression: .*parse error/);
  const day = 86_400_000;
  const range = await reader.queryRange('up', { from: Date.now() - 30 * day, to: Date.now(), step: '1m' });
  expect(range.completeness).toBe('complete'); // 43,200 points a series, in four questions
});
