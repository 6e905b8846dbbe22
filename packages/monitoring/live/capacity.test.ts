import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { PlacementQuestion } from '../src/capacity/placement-question.ts';
import { roomOfQuestion } from '../src/capacity/zone-room.ts';
import { freeSlots, observeCapacity } from '../src/capacity.ts';

let lab: Lab;
let cloud: Cloud;
const name = `groundcrew-capacity-${process.pid}`;

beforeAll(async () => {
  lab = await ensureLab({});
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
}, 900_000);
afterAll(() => cloud?.close());

/** Undoes what a test made, last first. */
function cleanUp(): (undo: () => Promise<unknown>) => void {
  const steps: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const step of steps.toReversed()) await step();
  }, 300_000);
  return (undo) => void steps.push(undo);
}

test('as many servers boot as were told, and then there is No valid host', async () => {
  const later = cleanUp();
  const nova = cloud.compute.at('2.75');
  const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  later(() => cloud.image.images.delete({ id: image.id }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const flavor = await nova.flavors.create({ name, vcpus: 1, ram: 64, disk: 0 });
  later(() => nova.flavors.delete({ id: flavor.id }));
  // So much memory that two fit on a host, whatever else is there, and the quota does not see it.
  const [some] = await Array.fromAsync(nova.hypervisors.list());
  const { inventories } = await cloud.placement.inventories.get({ resource_provider_id: some?.id ?? '' });
  const { total, allocation_ratio } = inventories['MEMORY_MB'] ?? { total: 0, allocation_ratio: 1 };
  const amount = Math.floor(total * allocation_ratio * 0.4);
  await cloud.compute.flavorExtraSpecs.merge({
    flavor_id: flavor.id,
    extra_specs: { 'resources:MEMORY_MB': String(amount) },
  });
  const read = async () => {
    const rows = freeSlots(await observeCapacity(cloud, { flavors: [name] }));
    for (const { slots, because } of rows) {
      expect(slots.upper).toBe(slots.lower);
      expect(because).toEqual([]);
    }
    return rows.reduce((sum, { slots }) => sum + slots.lower, 0);
  };
  const told = await read();
  expect(told).toBeGreaterThanOrEqual(2);
  expect(told).toBeLessThanOrEqual(8);
  const boot = async (): Promise<{ id: string; status: string }> => {
    const { id } = await nova.servers.create({
      name,
      imageRef: image.id,
      flavorRef: flavor.id,
      networks: 'none',
    });
    later(async () => {
      await nova.servers.delete({ id });
      await nova.servers.waitGone(id);
    });
    return nova.servers.waitFor(id, 'ACTIVE', { interval: 300 });
  };
  for (let left = told; left > 0; left -= 1) {
    expect((await boot()).status).toBe('ACTIVE');
    expect(await read()).toBe(left - 1);
  }
  await expect(boot()).rejects.toThrow(/No valid host/);
}, 600_000);

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('trees and shared storage of real Placement: what can be allocated, one after the other, is between the bounds', async () => {
  const later = cleanUp();
  const placement = cloud.placement.at('1.36');
  const classes = { cpu: 'CUSTOM_GCTEST_CPU', gpu: 'CUSTOM_GCTEST_GPU', disk: 'CUSTOM_GCTEST_DISK' } as const;
  for (const each of Object.values(classes)) {
    await placement.resourceClasses.ensure({ id: each });
    later(() => placement.resourceClasses.delete({ id: each }));
  }
  const next = random(11);
  const upTo = (most: number): number => 1 + Math.floor(next() * most);
  const seen: { n: number; lower: number; upper: number | undefined }[] = [];
  for (let round = 0; round < 12; round += 1) {
    const made: string[] = [];
    const consumers: string[] = [];
    const provider = async (inventory: Record<string, number>, parent?: string): Promise<string> => {
      const { uuid } = await placement.resourceProviders.create({
        name: `${name}-${round}-${made.length}`,
        ...(parent !== undefined && { parent_provider_uuid: parent }),
      });
      made.push(uuid);
      const { resource_provider_generation } = await placement.inventories.get({
        resource_provider_id: uuid,
      });
      await placement.inventories.replace({
        resource_provider_id: uuid,
        resource_provider_generation,
        inventories: Object.fromEntries(
          Object.entries(inventory).map(([kind, total]) => [kind, { total, max_unit: total }]),
        ),
      });
      return uuid;
    };
    try {
      const roots: string[] = [];
      for (let host = 0; host < 2; host += 1) {
        const root = await provider(round % 3 === 0 ? { [classes.cpu]: upTo(12) } : {});
        roots.push(root);
        for (let cell = 0; cell < 2; cell += 1)
          await provider(
            { ...(round % 3 !== 0 && { [classes.cpu]: upTo(8) }), [classes.gpu]: upTo(4) },
            root,
          );
      }
      const isShared = round % 2 === 0;
      if (isShared) {
        const store = await provider({ [classes.disk]: upTo(40) });
        await share(cloud, store, roots);
      }
      const amounts = {
        [classes.cpu]: upTo(3),
        [classes.gpu]: 1,
        ...(isShared && { [classes.disk]: upTo(5) }),
      };
      const resources = Object.entries(amounts)
        .map(([kind, amount]) => `${kind}:${amount}`)
        .join(',');
      const question: PlacementQuestion = { query: { resources }, amounts };
      const hosts = roots.map(
        (root) => ({ provider: root, name: root, zone: 'az', state: 'open', conditions: [] }) as const,
      );
      const ask = () => placement.allocationCandidates.get({ resources });
      const [room] = roomOfQuestion(question, await ask(), hosts, {
        areAllHosts: true,
        isCut: false,
        base: undefined,
      }).zones;
      let n = 0;
      for (;;) {
        const { allocation_requests: offers } = await ask();
        const offer = offers[Math.floor(next() * offers.length)];
        if (offer === undefined) break;
        const id = crypto.randomUUID();
        const { allocations, mappings } = offer;
        await placement.allocations.replace({
          id,
          allocations,
          mappings,
          project_id: 'p',
          user_id: 'u',
          consumer_generation: null,
        });
        consumers.push(id);
        n += 1;
      }
      seen.push({ n, lower: room?.lower ?? -1, upper: room?.upper });
    } finally {
      for (const id of consumers) await placement.allocations.delete({ id });
      for (const id of made.toReversed()) await placement.resourceProviders.delete({ id });
    }
  }
  // Of these every class comes from any of its providers: the bounds are one, and the truth is that.
  expect(seen.map(({ lower, upper }) => [lower, upper])).toEqual(seen.map(({ n }) => [n, n]));
  expect(seen.some(({ n }) => n > 1)).toBe(true);
}, 300_000);

/** Has a provider share what it has with others, through an aggregate of theirs. */
async function share(cloud_: Cloud, store: string, roots: readonly string[]): Promise<void> {
  const placement = cloud_.placement.at('1.36');
  const aggregate = crypto.randomUUID();
  for (const resource_provider_id of [store, ...roots]) {
    const { resource_provider_generation } = await placement.aggregates.get({ resource_provider_id });
    await placement.aggregates.replace({
      resource_provider_id,
      aggregates: [aggregate],
      resource_provider_generation,
    });
  }
  const { resource_provider_generation } = await placement.providerTraits.get({
    resource_provider_id: store,
  });
  await placement.providerTraits.replace({
    resource_provider_id: store,
    traits: ['MISC_SHARES_VIA_AGGREGATE'],
    resource_provider_generation,
  });
}
