import { simulateCloud } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { collectMetrics, type CollectorName, metricCollectors } from '../../src/metrics.ts';
import { client } from './clouds.ts';

// Neutron answers others than administrators with lists of the own project, and lists of agents with nothing
// (`neutron/api/v2/base.py`, `_items`); Cinder ignores `all_tenants`, and Nova and Keystone refuse.
const simulated = simulateCloud({ scenario: 'site' });
const { identity, compute, network } = simulated.state;
const project = identity.project('payments').id;
const all = Object.keys(metricCollectors) as CollectorName[];

const cloud = client(simulated, { user: 'payments-operator', project: 'payments' });
const round = await collectMetrics(cloud, { collect: all });

test('no collector of a member is complete, and each says why', () => {
  for (const { collector, completeness, gaps } of round.collectors) {
    expect([collector, completeness]).not.toEqual([collector, 'complete']);
    expect(gaps.length, collector).toBeGreaterThan(0);
  }
});

test("what only administrators see is denied: Neutron's empty lists are not 0", () => {
  const denied = round.collectors.filter(({ completeness }) => completeness === 'denied');
  expect(denied.map(({ collector }) => collector)).toEqual(
    expect.arrayContaining([
      'compute-services',
      'volume-services',
      'network-agents',
      'hypervisors',
      'pools',
      'ip-availability',
      'placement',
    ]),
  );
  for (const { collector } of denied)
    expect(round.families.filter((family) => family.collector === collector)).toEqual([]);
});

test('totals of all projects are absent, and every sample that is there is of the own project', () => {
  expect(round.families.length).toBeGreaterThan(10);
  for (const { metric, samples } of round.families) {
    const at = metric.labels.findIndex((label) => label === 'project_id' || label === 'tenant_id');
    expect(at, metric.name).not.toBe(-1);
    for (const { labels } of samples) expect(labels[at], metric.name).toBe(project);
  }
});

test("the own project's figures are the ones that an administrator sees of it", async () => {
  const wide = await collectMetrics(client(simulated), { collect: all });
  const own = (servers: readonly { readonly project_id: string | null }[]): number =>
    servers.filter(({ project_id }) => project_id === project).length;
  const sum = (name: string): number | undefined =>
    round.families
      .find(({ metric }) => metric.name === name)
      ?.samples.reduce((total, { value }) => total + value, 0);
  expect(sum('groundcrew_nova_servers')).toBe(own(compute.servers.kept()));
  expect(sum('groundcrew_neutron_ports')).toBe(own([...network.ports.values()]));
  // Of `running_vms` a member is not told the node.
  const compared = round.families.filter(({ metric }) => metric.name !== 'openstack_nova_running_vms');
  for (const { metric, samples } of compared) {
    const theirs = wide.families.find((family) => family.metric.name === metric.name)?.samples ?? [];
    for (const sample of samples) expect(theirs, metric.name).toContainEqual(sample);
    expect(samples, metric.name).toHaveLength(theirs.filter(({ labels }) => labels.includes(project)).length);
  }
});

test('a quota of the own project needs no list of projects', () => {
  const report = round.collectors.find(({ collector }) => collector === 'compute-quotas');
  expect(report).toMatchObject({
    completeness: 'partial',
    sizes: { 'own projects': 1, 'compute quotas': 1 },
  });
});
