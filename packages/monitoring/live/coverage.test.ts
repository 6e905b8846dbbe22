import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInventory } from '../src/index.ts';
import { blindSpots, coverageWays, observeCoverage } from '../src/coverage.ts';

// Real Ceilometer and Gnocchi 4.4 with the meters of Debian's own polling.yaml, which names none of volumes, and then with the lines that
// the blind spots name. The interval is shortened, and points are kept by the second; the meters are Debian's.
let lab: Lab;
let cloud: Cloud;
let etc = '';
let own = '';
const undo: (() => Promise<unknown>)[] = [];
const name = `groundcrew-coverage-${process.pid}`;
const ids = { volume: '', snapshot: '' };
let server: Awaited<ReturnType<typeof boot>>;

const aDayAgo = new Date(Date.now() - 86_400_000).toISOString();

/** Three rounds. Of points in spans of five minutes, as `ceilometer-low` keeps them, no freshness below that could be told. */
const freshness = '45s';
const FIGURES = ['volumes.size', 'snapshots.size'] as const;

const withMeters = async (...meters: readonly string[]): Promise<void> => {
  const debian = await readFile('/etc/ceilometer/polling.yaml', 'utf8');
  const lines = meters.map((meter) => `        ${meter}\n`).join('');
  await writeFile(
    join(etc, 'polling.yaml'),
    `${debian.replace(/interval: \d+/, 'interval: 15').trimEnd()}\n${lines}`,
  );
  await lab.restart('ceilometer-central');
};

/** Ceilometer's own `pipeline.yaml`, but that its points are kept by the second. */
const bySecond = `sources:
  - { name: meter_source, meters: ['*'], sinks: [meter_sink] }
sinks:
  - { name: meter_sink, publishers: ['gnocchi://?archive_policy=ceilometer-high'] }
`;

const spots = async () => {
  const spotsOf = blindSpots(await observeCoverage(cloud, { freshness }));
  return new Map(spotsOf.map((spot) => [spot.figure, spot]));
};

/** Whether Gnocchi has a point that is fresh. */
async function hasPoint(id: string, metric: string): Promise<boolean> {
  const start = new Date(Date.now() - 45_000).toISOString();
  const path = `resource/volume/${id}/metric/${metric}/measures`;
  const { body } = await cloud.request('metric', { path, query: { start } });
  return Array.isArray(body) && body.length > 0;
}

/** Asks no more often than every five seconds: an observation is some thirty requests. */
function seldom(ask: () => Promise<boolean>): () => Promise<boolean> {
  let next = 0;
  return async () => {
    if (Date.now() < next) return false;
    next = Date.now() + 5_000;
    return ask();
  };
}

async function boot() {
  const { images, data } = cloud.image;
  const { servers, flavors } = cloud.compute.at('2.37');
  const image = await images.create({ name, disk_format: 'raw', container_format: 'bare' });
  undo.push(() => images.delete({ id: image.id }));
  await data.upload({ id: image.id }, new Uint8Array(65_536));
  const flavor = await flavors.create({ name, vcpus: 1, ram: 64, disk: 0 });
  undo.push(() => flavors.delete({ id: flavor.id }));
  const { id } = await servers.create({
    name,
    imageRef: image.id,
    flavorRef: flavor.id,
    networks: 'none',
  });
  undo.push(() => servers.delete({ id }).then(() => servers.waitGone(id)));
  return servers.waitFor(id, 'ACTIVE', { interval: 300 });
}

/** Gives a program's configuration further lines of its first section, and starts the program anew. */
async function configure(daemon: string, file: string, lines: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  undo.push(async () => {
    await writeFile(file, before);
    await lab.restart(daemon);
  });
  await writeFile(file, before.replace('[DEFAULT]\n', `[DEFAULT]\n${lines}\n`));
  await lab.restart(daemon);
}

beforeAll(async () => {
  lab = await ensureLab({ only: 'full' });
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  etc = join(dirname(lab.cloudsYaml), lab.controlPlane, 'etc', 'ceilometer');
  own = await readFile(join(etc, 'polling.yaml'), 'utf8');
  undo.push(async () => {
    await writeFile(join(etc, 'polling.yaml'), own);
    await rm(join(etc, 'pipeline.yaml'), { force: true });
    await lab.restart('ceilometer-central');
    await lab.restart('ceilometer-notification');
  });
  await writeFile(join(etc, 'pipeline.yaml'), bySecond);
  await lab.restart('ceilometer-notification');
  await withMeters();
  const { volumes, snapshots } = cloud.blockStorage;
  ids.volume = (await volumes.create({ name, size: 1 })).id;
  undo.push(() => volumes.delete({ id: ids.volume }).then(() => volumes.waitGone(ids.volume)));
  await volumes.waitFor(ids.volume, 'available', { interval: 300 });
  ids.snapshot = (await snapshots.create({ name, volume_id: ids.volume })).id;
  undo.push(() => snapshots.delete({ id: ids.snapshot }).then(() => snapshots.waitGone(ids.snapshot)));
  await snapshots.waitFor(ids.snapshot, 'available', { interval: 300 });
  server = await boot();
}, 2_400_000);

afterAll(async () => {
  for (const step of undo.toReversed()) await step();
  await cloud?.close();
}, 300_000);

test("with Debian's own polling.yaml the volume meters are missing, and named; opened as told, they are not, once a point has come", async () => {
  // They become old enough to be missed, and the point of the volume's creation, which Cinder's notification made, becomes too old.
  await waitUntil(
    seldom(async () => {
      const found = await spots();
      return [ids.volume, ids.snapshot].every((id, index) =>
        found.get(FIGURES[index] ?? 'volumes.size')?.things.includes(id),
      );
    }),
    { within: 300_000, what: 'blind spots' },
  );
  const before = await spots();
  expect(before.get('volumes.size')?.stale.find(({ id }) => id === ids.volume)?.since).toMatch(/^20.*Z$/);
  expect(before.get('snapshots.size')?.stale.map(({ id }) => id)).not.toContain(ids.snapshot);
  const lines = FIGURES.map((figure) => before.get(figure)?.opensWith[0]);
  expect(lines.map((setting) => [setting?.line, setting?.byDefault])).toEqual([
    ['- volume.size', { onSince: '2023.2' }],
    ['- volume.snapshot.size', { onSince: '2023.2' }],
  ]);
  await withMeters(...lines.map((setting) => setting?.line ?? ''));
  // What is gone from the list has a point by then; otherwise it would be gone without a value.
  const early: string[] = [];
  await waitUntil(
    seldom(async () => {
      const found = await spots();
      const isGone = !found.get('snapshots.size')?.things.includes(ids.snapshot);
      if (isGone && !(await hasPoint(ids.snapshot, 'volume.snapshot.size')))
        early.push(new Date().toISOString());
      return isGone && !found.get('volumes.size')?.things.includes(ids.volume);
    }),
    { within: 180_000, what: 'points of the opened meters' },
  );
  expect(early).toEqual([]);
}, 1_800_000);

test("Nova's usage audits are switched off by default, and named; switched on as told, the server's host has told of its servers", async () => {
  const audits = async () => {
    const inventory = await readInventory(cloud);
    // What is told hourly is not missed of a server that is younger than three hours: this one is a day old.
    const value = inventory.servers.value.map((one) => ({ ...one, 'OS-SRV-USG:launched_at': aDayAgo }));
    const servers = { ...inventory.servers, value };
    const found = blindSpots(await observeCoverage(cloud, { inventory: { ...inventory, servers } }));
    return found.find((spot) => spot.figure === 'servers.audit');
  };
  const isBlind = async () => (await audits())?.things.includes(server.id) === true;
  expect(await isBlind()).toBe(true);
  const setting = (await audits())?.opensWith[0];
  expect(setting).toMatchObject({ file: 'nova.conf [DEFAULT]', byDefault: 'off' });
  const host = server['OS-EXT-SRV-ATTR:host'] ?? '';
  const nova = join(dirname(etc), 'nova');
  await configure('nova-api', join(nova, 'nova.conf'), setting?.line ?? '');
  await configure(host, join(nova, `${host}.conf`), setting?.line ?? '');
  await waitUntil(
    seldom(async () => !(await isBlind())),
    { within: 180_000, what: 'the audit' },
  );
}, 600_000);

test('each metric that the table looks for in Gnocchi is one that its Ceilometer makes resource types for', async () => {
  const { body } = await cloud.request('metric', { path: 'resource_type' });
  const types = (body as { readonly name: string }[]).map((type) => type.name);
  const missing = coverageWays.flatMap((way) =>
    way.source === 'gnocchi' && !types.includes(way.type) ? way.type : [],
  );
  expect(missing).toEqual([]);
});
