import { isInputError } from '@groundcrew/core';
import { hang, simulateCloud, status, virtualClock } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import {
  collectMetrics,
  collector,
  metric,
  metricCollectors,
  metricLists,
  type MetricsRound,
} from '../../src/metrics.ts';
import { client } from './clouds.ts';

const EVERYTHING = [
  ...(Object.keys(metricCollectors) as (keyof typeof metricCollectors)[]).filter(
    (name) => name !== 'placement',
  ),
  'placement',
] as const;

const samplesOf = ({ families }: MetricsRound, name: string) =>
  families.find(({ metric: { name: own } }) => own === name)?.samples ?? [];
const valueOf = (round: MetricsRound, name: string, ...labels: string[]): number | undefined =>
  samplesOf(round, name).find((sample) => labels.every((label) => sample.labels.includes(label)))?.value;
const sumOf = (round: MetricsRound, name: string): number =>
  samplesOf(round, name).reduce((sum, { value }) => sum + value, 0);
const reportOf = ({ collectors }: MetricsRound, name: string) =>
  collectors.find((report) => report.collector === name);

describe('an administrator at a site', () => {
  const simulated = simulateCloud({ scenario: 'site', loadBalancer: true });
  const { compute, blockStorage, identity, network } = simulated.state;
  const project = identity.project('payments').id;

  test('the figures are those of the cloud', async () => {
    const cloud = client(simulated);
    const round = await collectMetrics(cloud, { collect: EVERYTHING });
    for (const report of round.collectors)
      expect(report).toMatchObject({ completeness: 'complete', gaps: [] });
    const servers = compute.servers.kept();
    expect(valueOf(round, 'openstack_nova_total_vms')).toBe(servers.length);
    expect(sumOf(round, 'groundcrew_nova_servers')).toBe(servers.length);
    expect(sumOf(round, 'groundcrew_nova_servers_of_flavor')).toBe(servers.length);
    expect(sumOf(round, 'groundcrew_nova_servers_on_host')).toBe(servers.length);
    expect(valueOf(round, 'groundcrew_nova_servers', 'ERROR')).toBe(1);
    expect(sumOf(round, 'openstack_nova_running_vms')).toBe(servers.length - 1);
    const volumes = [...blockStorage.volumes.values()];
    expect(valueOf(round, 'openstack_cinder_volumes')).toBe(volumes.length);
    expect(valueOf(round, 'openstack_cinder_volume_status_counter', 'in-use')).toBe(volumes.length);
    // Seen: the list was read to its end, and none is in it.
    for (const none of ['error', 'reverting'])
      expect(valueOf(round, 'openstack_cinder_volume_status_counter', none)).toBe(0);
    expect(sumOf(round, 'groundcrew_cinder_volume_size_bytes')).toBe(
      volumes.reduce((sum, { size }) => sum + size, 0) * 2 ** 30,
    );
    expect(valueOf(round, 'openstack_nova_quota_cores', 'limit', project)).toBe(200);
    expect(valueOf(round, 'openstack_nova_limits_memory_max', project)).toBe(512_000);
    expect(valueOf(round, 'openstack_cinder_limits_volume_max_gb', project)).toBe(20_000);
    expect(valueOf(round, 'openstack_neutron_ports')).toBe([...network.ports.values()].length);
    expect(valueOf(round, 'openstack_nova_agent_state', 'rack-b-compute-3')).toBe(0);
    expect(valueOf(round, 'openstack_nova_agent_state', 'rack-b-compute-2')).toBe(1);
    expect(valueOf(round, 'openstack_nova_vcpus_available', 'rack-a-compute-1', 'rack-a')).toBe(64);
    // By two ways, of which neither knows the other.
    expect(sumOf(round, 'openstack_nova_vcpus_used')).toBe(
      valueOf(round, 'groundcrew_placement_used', 'VCPU'),
    );
    expect(sumOf(round, 'openstack_nova_limits_vcpus_used')).toBe(
      valueOf(round, 'groundcrew_placement_used', 'VCPU'),
    );
  });

  test('without limit is no limit of -1: the limit is absent, and said to be none', async () => {
    const round = await collectMetrics(client(simulated), { collect: ['network-quotas'] });
    expect(valueOf(round, 'openstack_neutron_quota_subnetpool', 'limit', project)).toBeUndefined();
    expect(valueOf(round, 'openstack_neutron_quota_subnetpool', 'used', project)).toBe(0);
    expect(valueOf(round, 'groundcrew_neutron_quota_unlimited', 'subnetpool', project)).toBe(1);
    expect(valueOf(round, 'groundcrew_neutron_quota_unlimited', 'port', project)).toBeUndefined();
    for (const { samples } of round.families) for (const { value } of samples) expect(value).not.toBe(-1);
    expect(reportOf(round, 'network-quotas')?.completeness).toBe('complete');
  });

  test('series of single things are there only where they are asked for', async () => {
    const cloud = client(simulated);
    const without = await collectMetrics(cloud, { collect: ['servers', 'volumes', 'images'] });
    expect(without.families.filter(({ metric: { ids } }) => ids.length > 0)).toEqual([]);
    const round = await collectMetrics(cloud, {
      collect: ['servers', 'volumes', 'images'],
      ids: ['servers', 'openstack_cinder_volume_gb'],
    });
    expect(samplesOf(round, 'groundcrew_nova_server_info')).toHaveLength(compute.servers.kept().length);
    expect(samplesOf(round, 'openstack_cinder_volume_gb')).toHaveLength(
      [...blockStorage.volumes.values()].length,
    );
    expect(samplesOf(round, 'openstack_glance_image_bytes')).toEqual([]);
  });

  test('a list that several collectors use is read once, and one token serves all', async () => {
    simulated.requests.clear();
    const own = collector({
      name: 'paused',
      help: 'Paused servers.',
      lists: [metricLists.servers],
      metrics: [
        {
          metric: metric({ name: 'shop_paused_servers', help: 'Paused servers.', labels: ['project_id'] }),
          draw: (server) => [[server.status === 'PAUSED' ? 1 : 0, server.tenant_id]],
        },
      ],
    });
    const round = await collectMetrics(client(simulated), {
      collect: ['servers', 'services', 'quotas', own],
    });
    const count = (operation: string) => simulated.requests.count({ operation, method: 'GET' });
    expect(count('servers.list')).toBe(1);
    expect(count('projects.list')).toBe(1);
    expect(simulated.requests.count({ service: 'compute', operation: 'services.list' })).toBe(1);
    expect(simulated.requests.count({ method: 'POST' })).toBe(1);
    expect(valueOf(round, 'shop_paused_servers', project)).toBe(0);
    expect(round.calls).toBe(simulated.requests.count());
    expect(round.calls).toBeGreaterThan(30);
  });

  test('no more run at once than were allowed', async () => {
    let running = 0;
    let most = 0;
    const counting: typeof fetch = async (input, init) => {
      running += 1;
      most = Math.max(most, running);
      const response = await simulated.handle(new Request(input, init));
      // Later than whatever else could have begun meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return response;
    };
    const cloud = client(simulated, { fetch: counting });
    await collectMetrics(cloud, { collect: EVERYTHING, atOnce: 3 });
    expect(most).toBe(3);
    most = 0;
    await collectMetrics(cloud, { collect: EVERYTHING, atOnce: 1 });
    expect(most).toBe(1);
  });

  test('the requests of others who use the same client meanwhile are not counted', async () => {
    const cloud = client(simulated);
    const collecting = collectMetrics(cloud, { collect: ['volumes'] });
    await Promise.all([collecting, cloud.image.images.find('cirros'), cloud.network.networks.find('public')]);
    const alone = await collectMetrics(cloud, { collect: ['volumes'] });
    expect(alone.calls).toBe(1);
    expect((await collecting).calls).toBeLessThanOrEqual(3);
    expect(reportOf(alone, 'volumes')?.calls).toBe(1);
  });
});

describe('bad luck', () => {
  test('403 on one project: the others are there, and it is named', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    const { id } = simulated.state.identity.project('payments');
    simulated.fault({ match: { path: new RegExp(`os-quota-sets/${id}`) }, reply: status(403) });
    const round = await collectMetrics(client(simulated), { collect: ['compute-quotas', 'network-quotas'] });
    const report = reportOf(round, 'compute-quotas');
    expect(report?.completeness).toBe('partial');
    expect(report?.gaps).toMatchObject([{ what: 'compute quotas of project payments', kind: 'denied' }]);
    expect(samplesOf(round, 'openstack_nova_limits_vcpus_max')).toHaveLength(10);
    expect(reportOf(round, 'network-quotas')?.completeness).toBe('complete');
  });

  test('a service that is down is not asked about each project', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    for (let number = 0; number < 50; number += 1) simulated.state.identity.addProject(`p-${number}`);
    simulated.fault({ match: { operation: 'quotaSets.detail' }, reply: status(500) });
    const cloud = client(simulated, { retries: 0 });
    const round = await collectMetrics(cloud, { collect: ['compute-quotas'], atOnce: 2 });
    const report = reportOf(round, 'compute-quotas');
    expect(simulated.requests.count({ operation: 'quotaSets.detail' })).toBeLessThan(13);
    expect(report?.completeness).toBe('failed');
    expect(report?.gaps.at(-1)?.why).toMatch(/50 things were not asked about, after 10 answers in a row/);
  });

  test('a cell that is down: no total of servers, and of its services neither up nor down', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    simulated.cells.lose('rack-c-compute-1');
    const round = await collectMetrics(client(simulated), { collect: ['servers', 'compute-services'] });
    expect(reportOf(round, 'servers')).toMatchObject({
      completeness: 'partial',
      gaps: [{ what: 'servers in cells that do not respond' }],
    });
    expect(round.families.filter(({ collector: name }) => name === 'servers')).toEqual([]);
    expect(valueOf(round, 'openstack_nova_agent_state', 'rack-c-compute-1')).toBeUndefined();
    expect(valueOf(round, 'openstack_nova_agent_state', 'rack-c-compute-2')).toBe(1);
    expect(reportOf(round, 'compute-services')?.completeness).toBe('partial');
  });

  test('a deadline: what was read is there, what was not says so, and nothing is left running', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    const clock = virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' });
    simulated.fault({ match: { operation: 'ports.list' }, reply: hang() });
    simulated.fault({ match: { operation: 'quotaSets.detail' }, skip: 3, reply: hang() });
    const cloud = client(simulated);
    const collecting = collectMetrics(cloud, {
      collect: ['volumes', 'ports', 'compute-quotas', 'images'],
      deadline: '8s',
      clock,
    });
    // All but the two that hang have answered.
    await new Promise<void>((resolve) => {
      cloud.events.on('request', ({ operation }) => {
        if (operation !== 'quotaSets.detail') return;
        if (simulated.requests.count({ operation: 'quotaSets.detail' }) >= 3) setImmediate(resolve);
      });
    });
    await clock.advance('8s');
    const round = await collecting;
    expect(round.collectors.map(({ collector: name, completeness }) => [name, completeness])).toEqual([
      ['volumes', 'complete'],
      ['ports', 'failed'],
      ['compute-quotas', 'partial'],
      ['images', 'complete'],
    ]);
    expect(reportOf(round, 'ports')?.gaps[0]?.why).toMatch(/deadline of 8 s/);
    expect(samplesOf(round, 'openstack_nova_limits_vcpus_max')).toHaveLength(3);
    expect(samplesOf(round, 'openstack_neutron_ports')).toEqual([]);
    const before = simulated.requests.count();
    await new Promise((resolve) => setImmediate(resolve));
    expect(simulated.requests.count()).toBe(before);
    expect(cloud.events.listenerCount('request')).toBe(1);
  });

  test('a deadline before the token came', async () => {
    const simulated = simulateCloud();
    const clock = virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' });
    simulated.fault({ match: { method: 'POST' }, reply: hang() });
    const collecting = collectMetrics(client(simulated), { collect: ['volumes'], deadline: '8s', clock });
    await clock.advance('8s');
    expect(await collecting).toMatchObject({
      families: [],
      collectors: [{ completeness: 'failed', gaps: [{ what: 'token', kind: 'cut' }] }],
    });
  });

  test('the signal ends it with its reason, before and meanwhile', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    const reason = new Error('enough');
    const cloud = client(simulated);
    await expect(collectMetrics(cloud, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    simulated.fault({ match: { service: 'network' }, reply: hang() });
    const stop = new AbortController();
    const collecting = collectMetrics(cloud, { signal: stop.signal });
    cloud.events.on('request', ({ service }) => {
      if (service === 'network') setImmediate(() => stop.abort(reason));
    });
    await expect(collecting).rejects.toBe(reason);
    expect(cloud.events.listenerCount('request')).toBe(1);
  });

  test('a collector whose own code throws takes no other down', async () => {
    const broken = collector({
      name: 'broken',
      help: 'Throws.',
      lists: [metricLists.servers],
      metrics: [
        {
          metric: metric({ name: 'broken_total_of_servers', help: 'Never.' }),
          draw: () => {
            throw new Error('a mistake');
          },
        },
      ],
    });
    const round = await collectMetrics(client(simulateCloud({ scenario: 'site' })), {
      collect: [broken, 'servers'],
    });
    expect(reportOf(round, 'broken')).toMatchObject({ completeness: 'partial', gaps: [{ kind: 'failed' }] });
    expect(samplesOf(round, 'broken_total_of_servers')).toEqual([]);
    expect(valueOf(round, 'openstack_nova_total_vms')).toBe(148);
  });

  test.each([
    ['an unknown collector', { collect: ['server'] }, 'collect'],
    ['an unknown metric', { collect: ['servers'], ids: ['openstack_nova_total_vm'] }, 'ids.0'],
    ['a deadline without a unit', { deadline: '8' }, 'deadline'],
    ['no lane at all', { atOnce: 0 }, 'atOnce'],
  ])('%s is refused by its field', async (_what, options, field) => {
    const error: unknown = await collectMetrics(client(simulateCloud()), options as object).catch(
      (reason: unknown) => reason,
    );
    expect(isInputError(error)).toBe(true);
    expect(String(Reflect.get(error as object, 'field'))).toContain(field);
  });
});
