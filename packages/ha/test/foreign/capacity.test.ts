import { describe, expect, test } from 'vitest';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { placeServers } from '../../src/instances/place-servers.ts';
import { needsOf, sizeKey } from '../../src/instances/needs.ts';
import type { CloudView, GroupView, HostView } from '../../src/instances/situation.ts';
import { withCapacity } from '../../src/instances/with-capacity.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { hostView, serverView } from '../instances/situations.ts';
import { siteWithServers } from '../instances/site.ts';

// What the scheduler and Placement count: nova `scheduler/utils.py` (ResourceRequest), `scheduler/filters/affinity_filter.py`,
// placement `objects/allocation_candidate.py`.

const roomy = (host: string, differs: Partial<HostView> = {}): HostView =>
  hostView(host, { free: { vcpus: 16, memory: 32_768, disk: 1000 }, ...differs });
const group = (policy: string, most = 1): GroupView[] => [{ id: 'g', policy, most }];
const view = (differs: Partial<CloudView>): CloudView => ({
  apiMisses: 0,
  hosts: [],
  servers: [],
  schedulers: [{ host: 'ctl', up: true }],
  completeness: 'complete',
  gaps: [],
  ...differs,
});
const members = ['a', 'b', 'c'].map((host, at) => serverView(`s${at}`, host, { groups: ['g'] }));

describe('what a host does not count it has no room for', () => {
  test.each([
    ['an Ironic node', { CUSTOM_BAREMETAL_GOLD: { total: 1 } }],
    ['dedicated CPUs alone', { PCPU: { total: 16 }, MEMORY_MB: { total: 65_536 }, DISK_GB: { total: 500 } }],
  ])('%s', async (_, inventories) => {
    const site = await siteWithServers(1);
    const { placement } = site.simulated.state;
    for (const name of ['compute-1', 'compute-3']) {
      const provider = placement.byName(name);
      if (provider === undefined) throw new Error(name);
      const base = provider.inventories['VCPU'];
      Object.assign(provider, {
        inventories: Object.fromEntries(
          Object.entries(inventories).map(([kind, { total }]) => [
            kind,
            { ...base, total, reserved: 0, allocation_ratio: 1, max_unit: total },
          ]),
        ),
      });
    }
    const seen = await withCapacity(site.cloud, await readCloudView(site.cloud));
    expect(seen.hosts?.map(({ free }) => free?.vcpus)).toEqual([0, expect.any(Number), 0]);
    expect(simulate({ view: seen }, { hosts: ['compute-2'] }).verdict).toBe('none-restarts');
  });

  test('dedicated CPUs, virtual GPUs, classes and traits of one’s own, by the flavor', () => {
    const flavor = { vcpus: 4, ram: 2048, disk: 20, ephemeral: 0, swap: 512 };
    const sized = (extra_specs: Record<string, string>): string =>
      sizeKey(needsOf({ ...flavor, extra_specs }, false));
    expect(sized({})).toBe('VCPU:4,MEMORY_MB:2048,DISK_GB:21');
    expect(sized({ 'hw:cpu_policy': 'dedicated' })).toBe('MEMORY_MB:2048,DISK_GB:21,PCPU:4');
    expect(sized({ 'hw:cpu_policy': 'dedicated', 'hw:emulator_threads_policy': 'isolate' })).toContain(
      'PCPU:5',
    );
    expect(
      sized({ 'resources:VGPU': '1', 'trait:HW_CPU_X86_AVX2': 'required', 'trait:CUSTOM_OLD': 'forbidden' }),
    ).toBe('VCPU:4,MEMORY_MB:2048,DISK_GB:21,VGPU:1&!CUSTOM_OLD,HW_CPU_X86_AVX2');
    expect(
      sized({
        'resources:VCPU': '0',
        'resources:MEMORY_MB': '0',
        'resources:DISK_GB': '0',
        'resources:CUSTOM_BAREMETAL': '1',
      }),
    ).toBe('CUSTOM_BAREMETAL:1');
  });

  test('a class of which no host has enough', () => {
    const server = serverView('s', 'a', { needs: { vcpus: 0, memory: 64, disk: 1, others: { PCPU: 4 } } });
    const free = { vcpus: 16, memory: 32_768, disk: 1000, others: { PCPU: 2 } };
    expect(placeServers([server], [roomy('b', { free }), roomy('c')])).toMatchObject({
      verdict: 'does-not-fit',
      unplaced: [{ reason: 'PCPU: 4 needed, 2 free at most' }],
    });
  });

  test.each([
    { 'pci_passthrough:alias': 'a1:2' },
    { 'hw:cpu_policy': 'mixed' },
    { resources1: '', 'resources1:VGPU': '1' },
  ])('what Placement does not count, %j: whether it fits is not known', (extra_specs) => {
    const needs = needsOf({ vcpus: 1, ram: 64, disk: 1, ephemeral: 0, swap: 0, extra_specs }, false);
    expect(placeServers([serverView('s', 'a', { needs })], [roomy('b')])).toMatchObject({
      verdict: 'unknown',
    });
  });

  test('largest units and steps are Placement’s own word for each size', async () => {
    const site = await siteWithServers(1);
    for (const name of ['compute-1', 'compute-3'])
      Object.assign(site.simulated.state.placement.byName(name)?.inventories['MEMORY_MB'] ?? {}, {
        max_unit: 1,
      });
    const seen = await withCapacity(site.cloud, await readCloudView(site.cloud));
    const report = simulate({ view: seen }, { hosts: ['compute-2'] });
    expect(report).toMatchObject({
      verdict: 'none-restarts',
      stays: [{ reason: expect.stringMatching(/^Placement has no candidate/) }],
    });
  });
});

describe('strict groups bind', () => {
  const hosts = ['a', 'b', 'c'].map((name) => roomy(name));
  const lose = (groups: GroupView[] | undefined) =>
    simulate({ view: view({ hosts, servers: members, groups }) }, { hosts: ['a'] });

  test('three of strict anti-affinity on three hosts: the third has no place', () => {
    expect(lose(group('anti-affinity'))).toMatchObject({
      verdict: 'none-restarts',
      stays: [{ reason: 'its group g is strict (anti-affinity), and every host with room has enough of it' }],
    });
  });

  test('of a soft one they share a host', () => {
    expect(lose(group('soft-anti-affinity')).verdict).toBe('all-restart');
  });

  // nova 2.64, `rules.max_server_per_host`
  test('a rule of two on a host lets it share', () => {
    expect(lose(group('anti-affinity', 2)).verdict).toBe('all-restart');
  });

  test('of a policy that was not read it is not known', () => {
    expect(lose(undefined).verdict).toBe('unknown');
  });

  // nova `scheduler/filters/affinity_filter.py`: the group's hosts have the dead one while a member is on it.
  test('two of strict affinity on one dead host stay: the filter lets each only to where the other is', () => {
    const both = ['x', 'y'].map((id) => serverView(id, 'a', { groups: ['g'] }));
    const seen = view({ hosts, servers: both, groups: group('affinity') });
    expect(simulate({ view: seen }, { hosts: ['a'] })).toMatchObject({ verdict: 'none-restarts' });
    const alone = view({ hosts, servers: both.slice(0, 1), groups: group('affinity') });
    expect(simulate({ view: alone }, { hosts: ['a'] }).verdict).toBe('all-restart');
  });

  test('as read from a cloud', async () => {
    const site = await siteWithServers(1);
    const { id } = await site.cloud.compute
      .at('2.64')
      .serverGroups.create({ name: 'g', policy: 'anti-affinity', rules: { max_server_per_host: 2 } });
    const seen = await readCloudView(site.cloud);
    expect(seen.groups).toEqual([{ id, policy: 'anti-affinity', most: 2 }]);
  });
});

describe('zones bind', () => {
  const hosts = [roomy('a', { zone: 'az-1' }), roomy('b', { zone: 'az-2' })];
  const seen = view({ hosts, servers: [serverView('s', 'a')] });

  test('the only host of a zone: its servers stay', () => {
    expect(simulate({ view: seen }, { hosts: ['a'] })).toMatchObject({
      verdict: 'none-restarts',
      stays: [{ reason: 'no other host of its zone az-1 is up and enabled' }],
    });
  });

  test('unless asked otherwise, or Nova tells that nobody asked for a zone', () => {
    expect(simulate({ view: seen }, { hosts: ['a'] }, { zones: 'free' }).verdict).toBe('all-restart');
    const unpinned = view({ hosts, servers: [serverView('s', 'a', { zone: null })] });
    expect(simulate({ view: unpinned }, { hosts: ['a'] }).verdict).toBe('all-restart');
  });
});
