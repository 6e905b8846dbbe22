import { simulateCloud, type SimulateOptions } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { alertRules } from '../../src/alerts.ts';
import { ownFamilies } from '../../src/exporter/own-metrics.ts';
import { collectMetrics, type MetricsRound, metricCollectors, planCalls } from '../../src/metrics.ts';
import { Series } from '../../src/metrics/series.ts';
import { gapErrors } from '../../src/opentelemetry/collector-gaps.ts';
import { monitoringPage } from '../../src/page.ts';
import { client } from './clouds.ts';

const NAMES = ['load-balancers', 'load-balancer-pools', 'amphorae'] as const;

const site = (options: SimulateOptions = {}) =>
  simulateCloud({ scenario: 'site', loadBalancer: true, ...options });
const as = (simulated: ReturnType<typeof site>, user: string) => client(simulated, { user, project: user });

const samplesOf = ({ families }: MetricsRound, name: string) =>
  families
    .find(({ metric }) => metric.name === name)
    ?.samples.map(({ labels, value }) => [labels.join('|'), value]);
const states = ({ collectors }: MetricsRound) => collectors.map(({ completeness }) => completeness);

describe('an administrator', async () => {
  const simulated = site();
  const { state } = simulated;
  const round = await collectMetrics(client(simulated, { page: 5 }), { collect: NAMES, ids: NAMES });

  test('sees every load balancer, pool and amphora, page by page', () => {
    expect(states(round)).toEqual(['complete', 'complete', 'complete']);
    expect(samplesOf(round, 'openstack_loadbalancer_total_loadbalancers')).toEqual([['', 12]]);
    expect(samplesOf(round, 'openstack_loadbalancer_total_pools')).toEqual([['', 12]]);
    expect(samplesOf(round, 'openstack_loadbalancer_total_amphorae')).toEqual([['', 25]]);
    expect(samplesOf(round, 'groundcrew_loadbalancer_amphorae')?.toSorted()).toEqual([
      ['ALLOCATED|BACKUP', 9],
      ['ALLOCATED|MASTER', 12],
      ['BOOTING|', 1],
      ['ERROR|BACKUP', 3],
    ]);
    const project = state.identity.project('demo').id;
    const ofDemo = samplesOf(round, 'groundcrew_loadbalancer_loadbalancers')?.filter(([labels]) =>
      String(labels).endsWith(project),
    );
    expect(ofDemo?.toSorted()).toEqual([
      [`ACTIVE|DEGRADED|amphora|${project}`, 1],
      [`ACTIVE|ONLINE|amphora|${project}`, 2],
      [`ERROR|OFFLINE|amphora|${project}`, 1],
    ]);
  });

  test("the numbers of statuses are openstack-exporter's, and a degraded one has one of its own", () => {
    const all = samplesOf(round, 'openstack_loadbalancer_loadbalancer_status') ?? [];
    const valuesOf = (status: string) =>
      new Set(all.filter(([labels]) => String(labels).includes(`|${status}|`)).map(([, value]) => value));
    expect([...valuesOf('ONLINE'), ...valuesOf('OFFLINE'), ...valuesOf('DEGRADED')]).toEqual([0, 2, 5]);
    const balancer = state.loadBalancer.balancers.find(({ name }) => name === 'demo-web');
    expect(all).toContainEqual([
      `${balancer?.id}|demo-web|${balancer?.project_id}|ONLINE|ACTIVE|amphora|`,
      0,
    ]);
    const pools = samplesOf(round, 'openstack_loadbalancer_pool_status') ?? [];
    expect(pools.every(([, value]) => value === 0)).toBe(true);
    expect(pools.map(([labels]) => labels).join('\n')).toContain(
      `|web-servers|${balancer?.id}|HTTP|ROUND_ROBIN|ONLINE|${balancer?.project_id}`,
    );
  });
});

// openstack-exporter of August 2026, `exporters/loadbalancer_test.go`: the series that it makes of its own fixtures.
test("openstack-exporter's fixtures make its series", () => {
  const amphora = {
    id: '45f40289-0551-483a-b089-47214bc2a8a4',
    loadbalancer_id: '882f2a9d-9d53-4bd0-b0e9-08e9d0de11f9',
    compute_id: '667bb225-69aa-44b1-8908-694dc624c267',
    status: 'READY',
    role: 'MASTER',
    lb_network_ip: '192.168.0.6',
    ha_ip: '10.0.0.6',
    cert_expiration: '2020-08-08T23:44:31Z',
  };
  const rule = metricCollectors.amphorae.metrics.find(
    ({ metric }) => metric.name === 'openstack_loadbalancer_amphora_status',
  );
  if (rule === undefined) throw new TypeError('it is gone');
  const fold = (element: object) => {
    const series = new Series(rule);
    series.take(element, { lists: {}, ownProject: undefined });
    return series;
  };
  const whole = { isWhole: true, isOwn: false, ownProject: undefined };
  const [sample] = fold(amphora).samples(whole);
  expect(sample?.value).toBe(2);
  expect(Object.fromEntries(rule.metric.labels.map((label, at) => [label, sample?.labels[at]]))).toEqual(
    amphora,
  );
  // A status that nobody has a number for is no number.
  const newer = fold({ ...amphora, status: 'HIBERNATED' });
  expect(newer.samples(whole)).toEqual([]);
  expect(newer.gaps()).toHaveLength(1);
});

describe('a member', () => {
  test('is refused before 2025.1: nothing is 0', async () => {
    const round = await collectMetrics(as(site({ release: '2024.2' }), 'demo'), { collect: NAMES });
    expect(states(round)).toEqual(['denied', 'denied', 'denied']);
    expect(round.families).toEqual([]);
    for (const { gaps } of round.collectors) expect(gaps).toMatchObject([{ kind: 'denied' }]);
  });

  test("with Octavia's role for it, and since 2025.1 without, sees the own project's and no totals", async () => {
    const old = site({ release: '2024.2' });
    const { identity } = old.state;
    identity.grant(
      identity.addRole('load-balancer_observer').id,
      { kind: 'user', id: identity.users.find(({ name }) => name === 'demo')?.id ?? '' },
      { kind: 'project', id: identity.project('demo').id },
    );
    for (const simulated of [old, site({ release: '2025.1' })]) {
      const round = await collectMetrics(as(simulated, 'demo'), { collect: NAMES });
      expect(states(round)).toEqual(['partial', 'partial', 'denied']);
      expect(round.families.map(({ metric }) => metric.name)).toEqual([
        'groundcrew_loadbalancer_loadbalancers',
        'groundcrew_loadbalancer_pools',
      ]);
      for (const { samples } of round.families)
        expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(4);
    }
  });

  test('of a project without any sees nothing, and no 0', async () => {
    const cloud = client(site({ release: '2025.1' }), { user: 'mail-operator', project: 'mail' });
    const round = await collectMetrics(cloud, { collect: NAMES });
    expect(states(round)).toEqual(['partial', 'partial', 'denied']);
    expect(round.families).toEqual([]);
  });
});

describe('a cloud without Octavia', async () => {
  const simulated = simulateCloud({ scenario: 'small' });
  const cloud = client(simulated);
  const round = await collectMetrics(cloud, { collect: [...NAMES, 'images'] });

  test('has nothing to collect, says so, and nothing is 0', () => {
    expect(round.families.map(({ collector }) => collector)).not.toContain('load-balancers');
    const [first] = round.collectors;
    expect(first).toMatchObject({
      collector: 'load-balancers',
      completeness: 'unsupported',
      isAbsent: true,
      calls: 0,
      sizes: {},
      gaps: [{ kind: 'unsupported', why: expect.stringContaining('no public endpoint of load-balancer') }],
    });
    expect(round.collectors.at(-1)).not.toHaveProperty('isAbsent');
  });

  test('alarms nobody: the exporter does not say 0 of it, OpenTelemetry has no error, the page says why', () => {
    const own = ownFamilies({ round, omissions: [] }, { done: 1, failed: 0 }, Date.parse(round.at));
    const labelsOf = (name: string) =>
      own.find(({ metric }) => metric.name === name)?.samples.map(({ labels }) => labels[0]);
    expect(labelsOf('groundcrew_collector_complete')).toEqual(['images']);
    // It is there, and so no alert says that the collector is missing.
    expect(labelsOf('groundcrew_collector_age_seconds')).toEqual([...NAMES, 'images']);
    const missing = alertRules({ collect: ['load-balancers'] }).rules.find(
      ({ name }) => name === 'GroundcrewCollectorMissing',
    );
    expect(missing?.expr).toContain('unless ignoring (collector) groundcrew_collector_age_seconds');
    expect(gapErrors({ round, omissions: [] })).toEqual([]);
    const page = monitoringPage({ round });
    expect(page).toContain('1 of 1 collectors saw everything');
    expect(page).toContain('there is nothing to collect');
  });

  test('costs no call, and the plan of the next round knows it', async () => {
    const plan = planCalls({ collect: [...NAMES, 'images'], last: round });
    expect(plan).toMatchObject({ calls: 2, isKnown: true });
    expect((await collectMetrics(cloud, { collect: [...NAMES, 'images'] })).calls).toBe(2);
  });

  test('is not one whose catalogue is empty, or has it in another region: that is a fault', async () => {
    const there = site({ release: '2025.1' });
    const elsewhere = client(there, { region_name: 'RegionTwo' });
    const [report] = (await collectMetrics(elsewhere, { collect: ['load-balancers'] })).collectors;
    expect(report).toMatchObject({ completeness: 'failed' });
    expect(report).not.toHaveProperty('isAbsent');
  });
});
