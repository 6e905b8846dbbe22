import { type Cloud, isForbidden } from '@groundcrew/core';
import { odd, oddAnswers, simulateCloud, type SimulatedCloud, status } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CapacitySnapshot, type FreeSlots, freeSlots, observeCapacity } from '../../src/capacity.ts';
import { client } from '../metrics/clouds.ts';

function start(scenario: 'small' | 'site' | 'huge' = 'site'): { simulated: SimulatedCloud; cloud: Cloud } {
  const simulated = simulateCloud({ scenario });
  const cloud = client(simulated);
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  return { simulated, cloud };
}

const rowsOf = (room: CapacitySnapshot): Pick<FreeSlots, 'flavor' | 'zone' | 'slots' | 'limitedBy'>[] =>
  freeSlots(room).map(({ flavor, zone, slots, limitedBy }) => ({ flavor, zone, slots, limitedBy }));
const total = (room: CapacitySnapshot): number =>
  freeSlots(room).reduce((sum, { slots }) => sum + (slots.upper ?? NaN), 0);
const isNothing = ({ slots }: FreeSlots): boolean => slots.lower === 0 && slots.upper === undefined;

/** The slots by Placement's inventories and usages, provider by provider: the other way to the same number. */
async function byInventories(
  cloud: Cloud,
  amounts: Readonly<Record<string, number>>,
  hosts: readonly string[],
): Promise<number> {
  let sum = 0;
  for await (const { uuid: resource_provider_id, name } of cloud.placement.resourceProviders.list()) {
    if (!hosts.includes(name)) continue;
    const { inventories } = await cloud.placement.inventories.get({ resource_provider_id });
    const { usages } = await cloud.placement.usages.ofProvider({ resource_provider_id });
    const counts = Object.entries(amounts).map(([kind, amount]) => {
      const inventory = inventories[kind];
      if (inventory === undefined || amount > inventory.max_unit) return 0;
      const free = (inventory.total - inventory.reserved) * inventory.allocation_ratio - (usages[kind] ?? 0);
      return Math.floor(free / amount);
    });
    sum += Math.min(...counts);
  }
  return sum;
}

test('a site: the same as inventories and usages say, without the host that died and the one that is disabled', async () => {
  const { cloud } = start();
  const room = await observeCapacity(cloud, { flavors: ['m1.large'] });
  const rows = freeSlots(room);
  expect(rows.map(({ zone }) => zone)).toEqual(['rack-a', 'rack-b', 'rack-c']);
  for (const { zone, slots, hosts, because } of rows) {
    const open = room.hosts.value
      .filter((host) => host.zone === zone && host.state === 'open')
      .map(({ name }) => name);
    const expected = await byInventories(cloud, { VCPU: 4, MEMORY_MB: 8192, DISK_GB: 80 }, open);
    expect(slots).toEqual({ lower: expected, upper: expected });
    expect(because).toEqual([]);
    expect(hosts).toMatchObject({ free: open.length, full: 0, closed: zone === 'rack-a' ? 0 : 1 });
  }
  expect(room.disagreements).toEqual([]);
  expect(room.hosts.completeness).toBe('complete');
});

test('boots until No valid host: as many as were told, and then none', async () => {
  const { simulated, cloud } = start('small');
  const compute = cloud.compute.at('2.37');
  // Hosts of two servers each.
  for await (const { uuid } of cloud.placement.resourceProviders.list()) {
    const of = { resource_provider_id: uuid };
    const { inventories, resource_provider_generation } = await cloud.placement.inventories.get(of);
    const { usages } = await cloud.placement.usages.ofProvider(of);
    const memory = inventories['MEMORY_MB'];
    if (memory === undefined) throw new Error('no memory');
    const enough = (usages['MEMORY_MB'] ?? 0) + memory.reserved + 4096 + 1000;
    await cloud.placement.inventories.replace({
      ...of,
      resource_provider_generation,
      inventories: { ...inventories, MEMORY_MB: { ...memory, total: enough } },
    });
  }
  const told = total(await observeCapacity(cloud, { flavors: ['m1.small'] }));
  expect(told).toBe(6);
  const flavorRef = (await cloud.compute.flavors.find('m1.small')).id;
  const imageRef = (await cloud.image.images.find('cirros')).id;
  const boot = async (): Promise<string> => {
    const { id } = await compute.servers.create({ name: 'x', imageRef, flavorRef, networks: 'none' });
    await simulated.clock.advance('1m');
    return (await cloud.compute.servers.get({ id })).status;
  };
  for (let left = told; left > 0; left -= 1) {
    expect(total(await observeCapacity(cloud, { flavors: ['m1.small'] }))).toBe(left);
    expect(await boot()).toBe('ACTIVE');
  }
  const full = await observeCapacity(cloud, { flavors: ['m1.small'] });
  expect(rowsOf(full)).toEqual([
    { flavor: 'm1.small', zone: 'nova', slots: { lower: 0, upper: 0 }, limitedBy: 'MEMORY_MB' },
  ]);
  expect(await boot()).toBe('ERROR');
});

describe('inventories that are odd', () => {
  const odds = {
    'a ratio of 0': { allocation_ratio: 0 },
    'more reserved than there is': { reserved: 999_999_999 },
    'a largest unit below the flavor': { max_unit: 1 },
    'a smallest unit above it': { min_unit: 512 },
    'steps that the flavor is not in': { step_size: 3 },
    'steps of 0': { step_size: 0 },
    'a total of -1': { total: -1 },
  } as const;
  test.each(Object.entries(odds))('%s: no room, as Placement says', async (_, change) => {
    const { simulated, cloud } = start('small');
    const before = total(await observeCapacity(cloud, { flavors: ['m1.large'] }));
    const [first] = await Array.fromAsync(cloud.placement.resourceProviders.list());
    const provider = simulated.state.placement.providers.get(first?.uuid ?? '');
    Object.assign(provider?.inventories['VCPU'] ?? {}, change);
    const room = await observeCapacity(cloud, { flavors: ['m1.large'] });
    const [row] = freeSlots(room);
    expect(row?.hosts).toMatchObject({ free: 2, full: 1 });
    expect(row?.slots).toEqual({ lower: (before * 2) / 3, upper: (before * 2) / 3 });
  });

  test('a class that the provider does not have', async () => {
    const { simulated, cloud } = start('small');
    for (const provider of simulated.state.placement.providers.values())
      delete provider.inventories['DISK_GB'];
    expect(rowsOf(await observeCapacity(cloud, { flavors: ['m1.small'] }))).toMatchObject([
      { slots: { lower: 0, upper: 0 }, limitedBy: 'DISK_GB' },
    ]);
    expect(
      total(await observeCapacity(cloud, { flavors: ['m1.small'], bootFrom: 'volume' })),
    ).toBeGreaterThan(0);
  });
});

test('flavors that ask for the same are one question, and the calls do not grow with the hosts', async () => {
  const counts: number[] = [];
  for (const scenario of ['small', 'huge'] as const) {
    const { simulated, cloud } = start(scenario);
    await cloud.compute.flavors.create({ name: 'twin', vcpus: 1, ram: 2048, disk: 20 });
    await cloud.token();
    await observeCapacity(cloud, { flavors: ['m1.tiny'] });
    const before = simulated.requests.filter({}).length;
    const room = await observeCapacity(cloud, { flavors: ['m1.small', 'twin', 'm1.large'] });
    counts.push(simulated.requests.filter({}).length - before);
    expect(Object.keys(room.answers)).toHaveLength(2);
    expect(freeSlots(room)).toHaveLength(3);
  }
  // Services, aggregates, hypervisors, flavors, the wider question, and the two.
  expect(counts).toEqual([7, 7]);
});

test('a site of ten thousand providers costs no more calls than one of three', async () => {
  const { simulated, cloud } = start('small');
  const { placement, ids } = simulated.state;
  const [template] = placement.providers.values();
  for (let index = 0; index < 10_000; index += 1)
    placement.addProvider(ids, `spare-${index}`, structuredClone(template?.inventories ?? {}));
  await observeCapacity(cloud, { flavors: ['m1.tiny'] });
  const before = simulated.requests.filter({}).length;
  const room = await observeCapacity(cloud, { flavors: ['m1.small'] });
  expect(simulated.requests.filter({}).length - before).toBe(6);
  // None of them is Nova's: nothing will be placed there.
  expect(room.disagreements).toHaveLength(10_000);
  expect(freeSlots(room)[0]?.hosts?.free).toBe(3);
});

describe('Nova and Placement', () => {
  test('a provider that no hypervisor has is told, and has no room', async () => {
    const { simulated, cloud } = start('small');
    const before = total(await observeCapacity(cloud, { flavors: ['m1.small'] }));
    const { placement, ids } = simulated.state;
    const stray = placement.addProvider(
      ids,
      'gone',
      structuredClone([...placement.providers.values()][0]?.inventories ?? {}),
    );
    const room = await observeCapacity(cloud, { flavors: ['m1.small'] });
    expect(room.disagreements).toEqual([
      expect.objectContaining({ kind: 'provider-without-host', provider: stray.id, host: undefined }),
    ]);
    expect(total(room)).toBe(before);
  });

  test('a host is disabled: no room, and no disagreement; without its trait, and with the trait alone, there is one', async () => {
    const { simulated, cloud } = start('small');
    const [service] = await Array.fromAsync(
      cloud.compute.at('2.53').services.list({ binary: 'nova-compute' }),
    );
    const set = (to: 'enabled' | 'disabled') =>
      cloud.compute.at('2.53').services.update({ id: service?.id ?? '', status: to });
    await set('disabled');
    const disabled = await observeCapacity(cloud, { flavors: ['m1.small'] });
    expect(disabled.disagreements).toEqual([]);
    expect(freeSlots(disabled)[0]?.hosts).toMatchObject({ free: 2, closed: 1 });
    const provider = simulated.state.placement.byName(service?.host ?? '');
    const traits = provider?.traits ?? [];
    if (provider !== undefined)
      provider.traits = traits.filter((trait) => trait !== 'COMPUTE_STATUS_DISABLED');
    const offered = await observeCapacity(cloud, { flavors: ['m1.small'] });
    expect(offered.disagreements).toMatchObject([{ kind: 'disabled-but-offered', host: service?.host }]);
    expect(freeSlots(offered)[0]?.slots).toEqual(freeSlots(disabled)[0]?.slots);
    await set('enabled');
    if (provider !== undefined) provider.traits = traits;
    const withheld = await observeCapacity(cloud, { flavors: ['m1.small'] });
    expect(withheld.disagreements).toMatchObject([{ kind: 'enabled-but-withheld', host: service?.host }]);
    expect(freeSlots(withheld)[0]?.slots).toEqual(freeSlots(disabled)[0]?.slots);
  });

  test('an aggregate for one tenant: its hosts count for the upper bound alone', async () => {
    const { cloud } = start();
    const aggregate = await cloud.compute.aggregates.find('rack-a');
    await cloud.compute.aggregates.setMetadata({ id: aggregate.id, metadata: { filter_tenant_id: 'abc' } });
    const [row, other] = freeSlots(await observeCapacity(cloud, { flavors: ['m1.small'] }));
    expect(row).toMatchObject({
      zone: 'rack-a',
      slots: { lower: 0, upper: expect.any(Number) },
      because: ['5 hosts: an aggregate asks for filter_tenant_id=abc'],
    });
    expect(other?.slots.lower).toBe(other?.slots.upper);
  });

  test('a cell that does not respond: Nova lists no hypervisor, and what Placement offers may be of any zone', async () => {
    const { simulated, cloud } = start();
    const whole = total(await observeCapacity(cloud, { flavors: ['m1.small'] }));
    simulated.cells.lose('rack-c-compute-1');
    const room = await observeCapacity(cloud, { flavors: ['m1.small'] });
    expect(room.hosts.completeness).toBe('failed');
    const [row, ...more] = freeSlots(room);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ zone: undefined, slots: { lower: 0 } });
    expect(row?.slots.upper).toBeGreaterThanOrEqual(whole);
    expect(row?.because.join()).toMatch(/Nova does not tell of the host[^]*UNKNOWN/);
    expect(room.disagreements).toEqual([]);
  });
});

describe('what could not be read', () => {
  const match = { service: 'placement', path: '/allocation_candidates' } as const;

  // Of half a list no client can tell; 128 MiB of blanks are core's to refuse, and its tests'.
  test.each(oddAnswers.filter((kind) => kind !== 'half' && kind !== 'bomb'))(
    'an answer that is odd (%s) is never another number',
    async (kind) => {
      const { simulated, cloud } = start('small');
      const truth = rowsOf(await observeCapacity(cloud, { flavors: ['m1.small'] }))[0]?.slots;
      simulated.fault({ match, reply: odd(kind) });
      const [row, ...more] = freeSlots(await observeCapacity(cloud, { flavors: ['m1.small'] }));
      expect(more).toEqual([]);
      expect([{ lower: 0, upper: undefined }, truth]).toContainEqual(row?.slots);
    },
  );

  test.each([401, 403, 404, 503])('Placement answers %i: nothing is known, and no 0', async (code) => {
    const { simulated, cloud } = start('small');
    simulated.fault({ match, reply: status(code) });
    const rows = freeSlots(await observeCapacity(cloud));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.every(isNothing)).toBe(true);
    expect(rows[0]?.because[0]).toMatch(/./);
  });

  test.each(['/os-services', '/os-hypervisors/detail', '/os-aggregates'])(
    'Nova refuses %s: nothing fits for certain, and no host is told to be a stray',
    async (path) => {
      const { simulated, cloud } = start('small');
      const whole = total(await observeCapacity(cloud, { flavors: ['m1.small'] }));
      simulated.fault({ match: { service: 'compute', path }, reply: status(403) });
      const room = await observeCapacity(cloud, { flavors: ['m1.small'] });
      expect(room.hosts.completeness).not.toBe('complete');
      const rows = freeSlots(room);
      expect(rows.map(({ slots }) => slots.lower)).toEqual(rows.map(() => 0));
      expect(total(room)).toBe(whole);
      expect(rows[0]?.because.length).toBeGreaterThan(0);
      expect(room.disagreements).toEqual([]);
    },
  );

  test('more candidates than the limit: what was seen fits, and there is no upper bound', async () => {
    const { cloud } = start();
    const room = await observeCapacity(cloud, { flavors: ['m1.small'], limit: 4 });
    const rows = freeSlots(room);
    expect(rows.every(({ slots }) => slots.upper === undefined)).toBe(true);
    expect(rows.some(({ slots }) => slots.lower > 0)).toBe(true);
    expect(rows[0]?.because).toContain('Placement has more candidates than it was asked for');
    // Who was not offered is not said to be full.
    expect(rows.map(({ hosts }) => hosts?.full)).toEqual([0, 0, 0]);
  });

  test('a member may ask neither: every row is unknown', async () => {
    const { simulated } = start();
    await using member = client(simulated, { user: 'demo', project: 'demo' });
    await expect(Array.fromAsync(member.compute.services.list())).rejects.toSatisfy(isForbidden);
    const rows = freeSlots(await observeCapacity(member));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(isNothing)).toBe(true);
  });

  test('a list of flavors that was cut: a name that is not in it is unknown; in a whole list it is a mistake', async () => {
    const { simulated, cloud } = start('small');
    await expect(observeCapacity(cloud, { flavors: ['m1.samll'] })).rejects.toThrow(
      /flavors: there is no m1\.samll/,
    );
    simulated.fault({ match: { service: 'compute', path: '/flavors/detail' }, reply: status(503) });
    const [row] = freeSlots(await observeCapacity(cloud, { flavors: ['m1.small'] }));
    expect(row).toMatchObject({ flavor: 'm1.small', slots: { lower: 0, upper: undefined } });
    expect(row?.because[0]).toMatch(/not read to its end/);
  });
});

describe('extra specs', () => {
  const withSpecs = async (
    cloud: Cloud,
    extra_specs: Record<string, string>,
  ): Promise<FreeSlots | undefined> => {
    const { id } = await cloud.compute.flavors.create({ name: 'special', vcpus: 1, ram: 2048, disk: 20 });
    await cloud.compute.flavorExtraSpecs.merge({ flavor_id: id, extra_specs });
    return freeSlots(await observeCapacity(cloud, { flavors: ['special'] }))[0];
  };

  test('a trait that no host has: none, for certain', async () => {
    const row = await withSpecs(start('small').cloud, { 'trait:STORAGE_DISK_SSD': 'required' });
    expect(row).toMatchObject({ slots: { lower: 0, upper: 0 }, hosts: { full: 3 }, limitedBy: undefined });
  });

  test('a PCI alias: at most as many as without it', async () => {
    const { cloud } = start('small');
    const plain = total(await observeCapacity(cloud, { flavors: ['m1.small'] }));
    const row = await withSpecs(cloud, { 'pci_passthrough:alias': 'gpu:1' });
    expect(row?.slots).toEqual({ lower: 0, upper: plain });
    expect(row?.because).toEqual([
      'pci_passthrough:alias=gpu:1: Nova judges it on each host, Placement does not',
    ]);
  });

  test('a group that Placement does not answer: unknown, with its words', async () => {
    const row = await withSpecs(start('small').cloud, { 'resources_GPU:VGPU': '1' });
    expect(row?.slots).toEqual({ lower: 0, upper: undefined });
    expect(row?.because[0]).toMatch(/resources_GPU/);
  });
});
