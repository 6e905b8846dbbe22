import { isInputError } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { collector, type CollectorName, metric, metricCollectors, metricLists } from '../../src/metrics.ts';
import { Series, type SeriesView } from '../../src/metrics/series.ts';

const WHOLE: SeriesView = { isWhole: true, isOwn: false, ownProject: undefined };

/** The samples of a collector over these elements, and the gaps that they leave. */
function fold(name: CollectorName, elements: readonly object[], lists: object = {}, view = WHOLE) {
  const samples: Record<string, readonly (readonly [labels: string, value: number])[]> = {};
  const gaps: string[] = [];
  for (const rule of metricCollectors[name].metrics) {
    const series = new Series(rule);
    for (const element of elements) series.take(element, { lists, ownProject: view.ownProject });
    const given = series.samples(view);
    if (given.length > 0)
      samples[rule.metric.name] = given.map(({ labels, value }) => [labels.join('|'), value]);
    gaps.push(...series.gaps().map(({ what, why }) => `${what}: ${why}`));
  }
  return { samples, gaps };
}

const service = {
  binary: 'cinder-volume',
  host: 'controller@ceph',
  zone: 'nova',
  status: 'enabled',
  state: 'up',
  updated_at: '2026-11-29T02:30:00Z',
};

describe('rows that are there twice', () => {
  // openstack-exporter has a label with a random uuid for it (`exporters/cinder.go`, ListCinderAgentState).
  test('a service of Cinder that one of its rows says is up, in either order', () => {
    const rows = [service, { ...service, state: 'down', updated_at: '2024-01-01T00:00:00Z' }];
    for (const elements of [rows, rows.toReversed()]) {
      const { samples, gaps } = fold('volume-services', elements);
      expect(samples['openstack_cinder_agent_state']).toEqual([
        ['controller@ceph|cinder-volume|enabled|nova|', 1],
      ]);
      expect(gaps).toEqual([]);
    }
  });

  test('a state that is neither', () => {
    const { samples, gaps } = fold('volume-services', [{ ...service, state: 'sideways' }]);
    expect(samples).toEqual({});
    expect(gaps).toEqual(['openstack_cinder_agent_state: of 1 element the service did not tell the value']);
  });
});

describe('pools', () => {
  const pool = (capabilities: unknown) => ({ name: 'h@b#p', capabilities });
  const told = { volume_backend_name: 'b', vendor_name: 'v' };
  const free = 'openstack_cinder_pool_capacity_free_gb';
  const known = 'groundcrew_cinder_pool_room_known';

  test.each([
    ['numbers', { total_capacity_gb: 100, free_capacity_gb: 40 }, 40, 1, 0],
    ['numbers as text', { total_capacity_gb: '100.0', free_capacity_gb: '40.5' }, 40.5, 1, 0],
    ['infinite', { total_capacity_gb: 'infinite', free_capacity_gb: 'infinite' }, undefined, 0, 0],
    ['unknown', { total_capacity_gb: 'unknown', free_capacity_gb: 'unknown' }, undefined, 0, 0],
    ['another word', { total_capacity_gb: 100, free_capacity_gb: 'plenty' }, undefined, 0, 1],
    ['below 0', { total_capacity_gb: 100, free_capacity_gb: -3 }, undefined, 1, 1],
    ['nothing', {}, undefined, undefined, 3],
    ['not even capabilities', undefined, undefined, undefined, 3],
  ])('a pool that tells %s', (_what, capacities, value, room, count) => {
    const { samples, gaps } = fold('pools', [pool(capacities && { ...told, ...capacities })]);
    expect(samples[free]?.[0]?.[1]).toBe(value);
    expect(samples[known]?.[0]?.[1]).toBe(room);
    expect(gaps).toHaveLength(count);
  });

  test("what is reserved and promised counts as for Cinder's scheduler", () => {
    const thin = {
      ...told,
      total_capacity_gb: 100,
      free_capacity_gb: 90,
      provisioned_capacity_gb: 150,
      max_over_subscription_ratio: '2.0',
      reserved_percentage: 10,
      thin_provisioning_support: true,
    };
    const { samples } = fold('pools', [pool(thin)]);
    expect(samples['groundcrew_cinder_pool_free_ratio']?.[0]?.[1]).toBeCloseTo(0.8);
    expect(samples['groundcrew_cinder_pool_promisable_ratio']?.[0]?.[1]).toBeCloseTo(30 / 180);
  });
});

describe('names that people give', () => {
  const volume = {
    id: 'v1',
    status: 'in-use',
    size: 5,
    availability_zone: 'nova',
    bootable: 'false',
    volume_type: null,
    attachments: [{ server_id: 's1' }],
    user_id: 'u',
    'os-vol-tenant-attr:tenant_id': 'p',
  };

  test.each([
    ['quotes, backslashes and newlines stay what they are', 'a "b" \\n\n{c="d"}', 'a "b" \\n\n{c="d"}'],
    ['half of a surrogate pair becomes the replacement character', 'a\uD800b', 'a\uFFFDb'],
    ['a whole pair stays', 'a\u{1F680}b', 'a\u{1F680}b'],
    ['no name is an empty one', null, ''],
  ])('%s', (_what, name, expected) => {
    const { samples, gaps } = fold('volumes', [{ ...volume, name }]);
    expect(samples['openstack_cinder_volume_gb']).toEqual([[`v1|${expected}|in-use|nova|false|p|u||s1`, 5]]);
    expect(gaps).toEqual([]);
  });

  test('labels that only look alike stay apart', () => {
    const rule = {
      metric: metric({ name: 'm', help: 'M.', labels: ['a', 'b'] }),
      draw: ({ a, b }: { a?: string; b?: string }) => [[1, a, b] as const],
    };
    const series = new Series(rule);
    for (const element of [
      { a: 'x","y', b: 'z' },
      { a: 'x', b: 'y","z' },
    ])
      series.take(element, { lists: {}, ownProject: undefined });
    expect(series.samples(WHOLE)).toHaveLength(2);
  });

  test('a negative size is no sample, and the sums in which it would be are absent', () => {
    const { samples, gaps } = fold('volumes', [
      { ...volume, name: 'a' },
      { ...volume, name: 'b', id: 'v2', size: -5 },
    ]);
    expect(samples['groundcrew_cinder_volume_size_bytes']).toBeUndefined();
    expect(samples['openstack_cinder_volume_gb']).toHaveLength(1);
    expect(samples['openstack_cinder_volumes']).toEqual([['', 2]]);
    expect(gaps).toEqual([
      'groundcrew_cinder_volume_size_bytes: of 1 element the value is below 0',
      'openstack_cinder_volume_gb: of 1 element the value is below 0',
    ]);
  });

  test('a field that is missing: what needs it is absent and says so, what does not is there', () => {
    const { 'os-vol-tenant-attr:tenant_id': _withheld, ...without } = volume;
    const { samples, gaps } = fold('volumes', [{ ...without, name: 'a' }]);
    expect(Object.keys(samples)).toEqual([
      'openstack_cinder_volumes',
      'openstack_cinder_volume_status_counter',
    ]);
    expect(gaps).toContain('groundcrew_cinder_volumes: of 1 element the service did not tell project_id');
  });
});

describe('quotas', () => {
  const of = { id: 'p', name: 'shop' };
  const usage = (limit: number) => ({ limit, in_use: 3, reserved: 0 });

  test('-1 is without limit in every figure, and 0 is a limit', () => {
    const found = { cores: usage(-1), instances: usage(0), ram: usage(-1), server_groups: usage(10) };
    const { samples, gaps } = fold('compute-quotas', [{ of, found }]);
    expect(samples['openstack_nova_quota_cores']).toEqual([
      ['in_use|shop|p', 3],
      ['reserved|shop|p', 0],
    ]);
    expect(samples['openstack_nova_limits_vcpus_max']).toBeUndefined();
    expect(samples['openstack_nova_limits_instances_max']).toEqual([['shop|p', 0]]);
    expect(samples['groundcrew_nova_quota_unlimited']).toEqual([
      ['cores|shop|p', 1],
      ['ram|shop|p', 1],
    ]);
    expect(gaps).toEqual([]);
  });

  test('-2 is nothing that anybody defined', () => {
    const found = { cores: usage(-2), instances: usage(1), ram: usage(1), server_groups: usage(1) };
    const { samples, gaps } = fold('compute-quotas', [{ of, found }]);
    expect(samples['openstack_nova_limits_vcpus_max']).toBeUndefined();
    expect(gaps).toContain('openstack_nova_limits_vcpus_max: of 1 element the value is below 0');
  });

  test('types of volumes have quotas of their own, under whatever name', () => {
    const found = {
      ...Object.fromEntries(
        ['volumes', 'snapshots', 'backups', 'gigabytes', 'backup_gigabytes'].map((name) => [name, usage(10)]),
      ),
      'gigabytes_fast "nvme"': usage(500),
      gigabytes___DEFAULT__: usage(-1),
      gigabytes_odd: null,
    };
    const { samples, gaps } = fold('volume-quotas', [{ of, found }]);
    expect(samples['openstack_cinder_volume_type_quota_gigabytes']).toEqual([['shop|p|fast "nvme"', 500]]);
    expect(gaps).toEqual([
      'openstack_cinder_volume_type_quota_gigabytes: of 1 element the service did not tell the value',
    ]);
  });

  test('Neutron has what is reserved as text, too', () => {
    const found = Object.fromEntries(
      ['network', 'subnet', 'port'].map((name) => [name, { limit: 1, used: 1, reserved: '0' }]),
    );
    const { samples, gaps } = fold('network-quotas', [{ of, found }]);
    expect(samples['openstack_neutron_quota_port']).toHaveLength(3);
    // A plug-in that this cloud does not have.
    expect(samples['openstack_neutron_quota_router']).toBeUndefined();
    expect(gaps).toEqual([]);
  });
});

test('a hypervisor has promised more than it has, and does not tell its workload', () => {
  const node = {
    hypervisor_hostname: 'n1',
    service: { host: 'n1' },
    vcpus: 4,
    vcpus_used: 8,
    memory_mb: 1024,
    memory_mb_used: 512,
    local_gb: 10,
    local_gb_used: 12,
    free_disk_gb: -2,
    current_workload: null,
  };
  const aggregates = [
    { name: 'zone', hosts: ['n1'], availability_zone: 'a', metadata: { availability_zone: 'a' } },
    { name: 'ssd', hosts: ['n1'], availability_zone: null, metadata: { ssd: 'true' } },
    { name: 'big', hosts: ['n1', 'n2'], availability_zone: null, metadata: {} },
  ];
  const { samples, gaps } = fold('hypervisors', [node], { aggregates });
  expect(samples['openstack_nova_free_disk_bytes']).toEqual([['n1|a|big,ssd', -2 * 2 ** 30]]);
  expect(samples['openstack_nova_current_workload']).toBeUndefined();
  expect(gaps).toEqual(['openstack_nova_current_workload: of 1 element the service did not tell the value']);
});

test('a class that a provider has and does not tell the use of', () => {
  const inventory = { total: 8, reserved: 0, allocation_ratio: 2 };
  const found = { inventories: { VCPU: inventory, DISK_GB: inventory }, usages: { VCPU: 4 } };
  const { samples, gaps } = fold('placement', [{ of: { name: 'n1' }, found }]);
  expect(samples['openstack_placement_resource_usage']).toEqual([['n1|VCPU', 4]]);
  expect(samples['groundcrew_placement_used']).toBeUndefined();
  expect(samples['groundcrew_placement_capacity']).toEqual([
    ['VCPU', 16],
    ['DISK_GB', 16],
  ]);
  expect(gaps).toHaveLength(2);
});

describe('a list that is not whole', () => {
  const image = { id: 'i', name: 'x', status: 'active', visibility: 'public', owner: 'other', size: 1 };

  test('sums are absent, and series of single things are there', () => {
    const { samples } = fold('images', [image], {}, { ...WHOLE, isWhole: false });
    expect(Object.keys(samples)).toEqual(['openstack_glance_image_bytes']);
  });

  test("of the own project's list, only sums of that project are there", () => {
    const elements = [image, { ...image, id: 'j', owner: 'mine' }];
    const { samples } = fold('images', elements, {}, { isWhole: false, isOwn: true, ownProject: 'mine' });
    expect(samples['openstack_glance_images']).toBeUndefined();
    expect(samples['groundcrew_glance_images']).toEqual([['active|public|mine', 1]]);
  });

  test('an empty list that was read to its end is 0, and one that was not is nothing', () => {
    expect(fold('images', []).samples['openstack_glance_images']).toEqual([['', 0]]);
    expect(fold('images', [], {}, { ...WHOLE, isWhole: false }).samples).toEqual({});
  });
});

describe('declarations', () => {
  const given = { name: 'm', help: 'M.' };
  test.each([
    ['a name with a space', () => metric({ ...given, name: 'a b' })],
    ['a counter without _total', () => metric({ ...given, kind: 'counter' })],
    ['a unit that is not in the name', () => metric({ ...given, unit: 'bytes' })],
    ['a label with a hyphen', () => metric({ ...given, labels: ['a-b'] })],
    ['a label of Prometheus itself', () => metric({ ...given, labels: ['__name__'] })],
    ['a label twice', () => metric({ ...given, labels: ['a', 'a'] })],
    ['an id that is no label', () => metric({ ...given, ids: ['id'] })],
    ['a collector with capitals', () => declared({ name: 'Servers' })],
    ['a collector that reads nothing', () => declared({ lists: [] })],
    ['a collector without metrics', () => declared({ metrics: [] })],
  ])('%s is refused', (_what, declare) => {
    expect(isInputError(thrownBy(declare))).toBe(true);
  });

  const declared = (change: object) =>
    collector({
      name: 'mine',
      help: 'Mine.',
      lists: [metricLists.servers],
      metrics: [{ metric: metric(given), draw: () => [[1]] }],
      ...change,
    });

  test('labels that are not as many as were declared', () => {
    const series = new Series({ metric: metric({ ...given, labels: ['a'] }), draw: () => [[1]] });
    series.take({}, { lists: {}, ownProject: undefined });
    expect(series.samples(WHOLE)).toEqual([]);
    expect(series.gaps()).toMatchObject([{ kind: 'failed', why: /0 labels, and 1 are declared/ }]);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
