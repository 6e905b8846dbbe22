import { connect } from '@groundcrew/core';
import { simulateCloud, status, type SimulateOptions } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import {
  assessPlacement,
  canRun,
  confirmByPlacement,
  legalLocations,
  licence,
  observePlacement,
  residency,
  schedulerRules,
} from '../../src/placement.ts';

// The cloud as it is read over HTTP, where the services leave out more than they say.
async function start(options: SimulateOptions = {}) {
  const simulated = simulateCloud({ seed: 4, release: 'zed', scenario: 'site', ...options });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  return { simulated, connectOptions, cloud };
}

test('a whole site: every host with traits and stock, every server with what rules ask about', async () => {
  const { cloud } = await start();
  const snapshot = await observePlacement(cloud);
  expect(snapshot.gaps).toEqual([]);
  expect(snapshot.locations.length).toBeGreaterThan(10);
  for (const one of snapshot.locations) {
    expect(one.labels, one.host).toBeDefined();
    expect(one.traits, one.host).toBeDefined();
    expect(one.stock?.['VCPU'], one.host).toMatchObject({ max_unit: expect.any(Number) as number });
  }
  const servers = await Array.fromAsync(cloud.compute.servers.list({ all_tenants: true }));
  expect(new Set(snapshot.workloads.map(({ id }) => id))).toEqual(new Set(servers.map(({ id }) => id)));
  // Zed does not tell which zone was asked for.
  expect(snapshot.workloads.every(({ zoneUnseen }) => zoneUnseen === true)).toBe(true);
  // Retired images are hidden, and run on.
  expect(snapshot.workloads.filter((entry) => entry.image_properties === undefined)).toEqual([]);
});

test('from 2.96 on Nova tells the zone that was asked for', async () => {
  const { cloud } = await start({ release: 'caracal' });
  const { workloads } = await observePlacement(cloud);
  expect(workloads.length).toBeGreaterThan(10);
  expect(workloads.some(({ zoneUnseen }) => zoneUnseen === true)).toBe(false);
});

test('a server that boots from a volume has the properties of the image in it', async () => {
  const { cloud } = await start();
  const { compute, image, blockStorage } = cloud;
  const made = await image.images.create({
    name: 'windows',
    disk_format: 'raw',
    container_format: 'bare',
    os_distro: 'windows',
  });
  await image.data.upload({ id: made.id }, new Uint8Array(1_024));
  const volume = await blockStorage.volumes.create({ name: 'root', size: 1, imageRef: made.id });
  await blockStorage.volumes.waitFor(volume.id, 'available');
  // Cinder takes all properties over from the image, as it does on the lab.
  await blockStorage.volumes.setImageMetadata({ id: volume.id, metadata: { os_distro: 'windows' } });
  const [flavor] = await Array.fromAsync(compute.flavors.list());
  const { id } = await compute.at('2.37').servers.create({
    name: 'booted-from-volume',
    flavorRef: flavor?.id ?? '',
    networks: 'none',
    block_device_mapping_v2: [
      { boot_index: 0, uuid: volume.id, source_type: 'volume', destination_type: 'volume' },
    ],
  });
  await compute.servers.waitFor(id, 'ACTIVE');
  const snapshot = await observePlacement(cloud);
  const workload = snapshot.workloads.find((entry) => entry.id === id);
  expect(workload).toMatchObject({ onVolume: true, image_properties: { os_distro: 'windows' } });
  const [location] = snapshot.locations;
  if (workload === undefined || location === undefined) throw new Error('nothing was seen');
  expect(canRun(workload, location, snapshot, [licence({ licensed: ['windows'] })]).answer).toBe('no');
});

test.each([
  ['images', '/images'],
  ['volumes', '/volumes/detail'],
  ['server groups', '/os-server-groups'],
  ['aggregates', '/os-aggregates'],
  ['resource providers', '/resource_providers'],
  ['projects', '/projects'],
])('%s that are denied are a gap, and nothing passes', async (what, path) => {
  const { simulated, cloud } = await start();
  simulated.fault({ match: { method: 'GET', path }, reply: status(403) });
  const snapshot = await observePlacement(cloud);
  expect(snapshot.gaps.map((gap) => gap.what).join()).toContain(what);
  const findings = assessPlacement(snapshot, [...schedulerRules, residency()]);
  expect(findings.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
});

test('what Placement says is what the rules say, of every server and every host', async () => {
  const { cloud } = await start();
  const snapshot = await observePlacement(cloud);
  const rules = schedulerRules.filter(({ id }) => id === 'capacity' || id === 'traits');
  for (const workload of snapshot.workloads.slice(0, 10)) {
    const answers = new Map(
      snapshot.locations.map((entry) => [entry.host, canRun(workload, entry, snapshot, rules)]),
    );
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    expect(await confirmByPlacement(cloud, workload, answers)).toMatchObject({
      complete: true,
      disagreements: [],
    });
  }
});

test('a user that sees only the own project is told nothing beyond it', async () => {
  const { simulated, connectOptions } = await start();
  const user = connect({
    ...connectOptions,
    clock: simulated.clock,
    auth: { ...connectOptions.auth, username: 'web-shop-operator', project_name: 'web-shop' },
  });
  onTestFinished(() => user.close());
  const snapshot = await observePlacement(user);
  expect(snapshot.gaps.length).toBeGreaterThan(3);
  expect(snapshot.workloads.length).toBeGreaterThan(0);
  expect(snapshot.workloads.every(({ host, nowhere }) => host === undefined && nowhere !== true)).toBe(true);
  expect(assessPlacement(snapshot, schedulerRules).every(({ verdict }) => verdict === 'unknown')).toBe(true);
  for (const one of snapshot.workloads)
    expect(legalLocations(one, snapshot, schedulerRules).legal).toEqual([]);
});
