// Lists of a simulated site of 148 servers, and a Prometheus with what exporters say of it.
import { type Cloud, connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  assessCoverage,
  blindSpots,
  type CloudCoverage,
  type FigureId,
  observeCoverage,
} from '../../src/coverage.ts';
import { type CloudInventory, readInventory } from '../../src/index.ts';
import { client } from '../metrics/clouds.ts';
import { prometheusWith, type Row } from './prometheus-server.ts';

const simulated = simulateCloud({ scenario: 'site' });
let cloud: Cloud;
let inventory: CloudInventory;
/** Old enough for each thing to have been measured. */
let running: CloudInventory['servers']['value'];
beforeAll(async () => {
  const { connectOptions } = await simulated.listen({ port: 0 });
  cloud = connect(connectOptions);
  const read = await readInventory(cloud);
  const at = '2026-01-01T00:00:00Z';
  inventory = {
    ...read,
    servers: {
      ...read.servers,
      value: read.servers.value.map((server) => ({ ...server, 'OS-SRV-USG:launched_at': at })),
    },
    volumes: {
      ...read.volumes,
      value: read.volumes.value.map((volume) => ({
        ...volume,
        created_at: at,
        attachments: volume.attachments.map((attachment) => ({ ...attachment, attached_at: at })),
      })),
    },
  };
  running = inventory.servers.value.filter((server) => server['OS-EXT-STS:power_state'] === 1);
});
afterAll(async () => {
  await cloud.close();
  await simulated.close();
});

const verdict = (found: CloudCoverage, id: FigureId) =>
  assessCoverage(found).find(({ subject }) => subject.id === id)?.verdict;
const spotOf = (found: CloudCoverage, id: FigureId) => blindSpots(found).find(({ figure }) => figure === id);

const domainOf = (server: (typeof running)[number]): string => server['OS-EXT-SRV-ATTR:instance_name'] ?? '';
const CPU = 'libvirt_domain_info_cpu_time_seconds_total';
const scraped = { job: 'libvirt', instance: 'compute-1:9177' };

test('no source was asked: everything is unknown but Nova’s audits, which its own log says are off', async () => {
  const found = await observeCoverage(cloud, { inventory });
  expect(found.sources).toMatchObject({ gnocchi: 'absent', prometheus: 'not-asked' });
  const findings = assessCoverage(found);
  const failed = findings.filter((finding) => finding.verdict === 'fail');
  expect(failed.map(({ subject }) => subject.id)).toEqual(['servers.audit']);
  expect(failed[0]?.remedy).toContain('instance_usage_audit = True');
  expect(verdict(found, 'volumes.size')).toBe('unknown');
  expect(spotOf(found, 'servers.audit')?.opensWith.map(({ byDefault }) => byDefault)).toEqual(['off']);
});

test('an exporter of libvirt names servers by domain: those that it does not know are named, and what opens them', async () => {
  const rows = running.slice(2).map((server): Row => [CPU, { ...scraped, domain: domainOf(server) }, 20]);
  const { prom } = await prometheusWith(rows);
  const found = await observeCoverage(cloud, { inventory, prometheus: prom, freshness: '10m' });
  const spot = spotOf(found, 'servers.cpu');
  expect(spot?.things).toEqual(running.slice(0, 2).map(({ id }) => id));
  expect(spot?.of).toBe(running.length);
  expect(spot?.opensWith.map(({ program }) => program)).toContain(
    'an exporter of libvirt, on each compute host',
  );
  expect(spot?.because.some(({ statement }) => statement.includes(CPU))).toBe(true);
});

test('a series that has stopped: stale, and since when on Prometheus’ clock', async () => {
  const [first, ...others] = running;
  if (first === undefined) throw new Error('the site has running servers');
  const rows = [
    [CPU, { ...scraped, domain: domainOf(first) }, 4000] as const,
    ...others.map((server): Row => [CPU, { ...scraped, domain: domainOf(server) }, 20]),
  ];
  const { prom, asked } = await prometheusWith(rows);
  const found = await observeCoverage(cloud, { inventory, prometheus: prom, freshness: '10m' });
  expect(spotOf(found, 'servers.cpu')?.stale).toEqual([{ id: first.id, since: '2025-11-29T06:00:00.000Z' }]);
  expect(asked.some((expression) => expression.includes('[86400s:300s]'))).toBe(true);
});

test('a target that does not answer is named with what is missing', async () => {
  const { prom } = await prometheusWith([['up', { job: 'libvirt', instance: 'compute-2:9177' }]]);
  const found = await observeCoverage(cloud, { inventory, prometheus: prom });
  expect(found.downTargets?.value).toEqual([{ job: 'libvirt', instance: 'compute-2:9177' }]);
  const because = spotOf(found, 'servers.cpu')?.because.map(({ statement }) => statement);
  expect(because?.at(-1)).toBe('1 target does not answer: libvirt compute-2:9177');
});

test('a selector looks back five minutes by itself: a sample of six minutes ago is not fresh for five', async () => {
  const rows = running.map((server): Row => [CPU, { ...scraped, domain: domainOf(server) }, 360]);
  const { prom } = await prometheusWith(rows);
  const strict = await observeCoverage(cloud, { inventory, prometheus: prom, freshness: '5m' });
  expect(spotOf(strict, 'servers.cpu')?.stale.length).toBe(running.length);
  const patient = await observeCoverage(cloud, { inventory, prometheus: prom, freshness: '7m' });
  expect(verdict(patient, 'servers.cpu')).toBe('pass');
});

test('two cells have given one name: nothing is said of either server, unless an info tells them apart', async () => {
  const [first, second, ...others] = running;
  if (first === undefined || second === undefined) throw new Error('the site has running servers');
  const twin = { ...second, 'OS-EXT-SRV-ATTR:instance_name': domainOf(first) };
  const servers = { ...inventory.servers, value: [first, twin, ...others] };
  const rows: Row[] = [
    ...others.map((server): Row => [CPU, { ...scraped, domain: domainOf(server) }]),
    [CPU, { ...scraped, domain: domainOf(first) }],
  ];
  const alike = await prometheusWith(rows);
  const unknown = await observeCoverage(cloud, {
    inventory: { ...inventory, servers },
    prometheus: alike.prom,
  });
  expect(spotOf(unknown, 'servers.cpu')).toBeUndefined();
  expect(verdict(unknown, 'servers.cpu')).toBe('unknown');
  const info: Row = [
    'libvirt_domain_openstack_info',
    { ...scraped, domain: domainOf(first), instance_id: first.id },
  ];
  const apart = await prometheusWith([...rows, info]);
  const known = await observeCoverage(cloud, {
    inventory: { ...inventory, servers },
    prometheus: apart.prom,
  });
  expect(spotOf(known, 'servers.cpu')?.things).toEqual([second.id]);
});

test('a user who is not told libvirt’s names: unknown, and not unmeasured', async () => {
  const nameless = inventory.servers.value.map((server) => ({
    ...server,
    'OS-EXT-SRV-ATTR:instance_name': undefined,
  }));
  const servers = { ...inventory.servers, value: nameless as never };
  const { prom } = await prometheusWith(
    running.map((server): Row => [CPU, { ...scraped, domain: domainOf(server) }]),
  );
  const found = await observeCoverage(cloud, { inventory: { ...inventory, servers }, prometheus: prom });
  expect(verdict(found, 'servers.cpu')).toBe('unknown');
});

test('volumes by the serial of their disks; hypervisors by the host’s name; endpoints by the URL that is probed', async () => {
  const attached = inventory.volumes.value.filter(({ attachments }) =>
    attachments.some(({ server_id }) => running.some(({ id }) => id === server_id)),
  );
  const [missing, ...covered] = attached;
  const hypervisors = await Array.fromAsync(cloud.compute.hypervisors.list());
  const url = await cloud.endpoint('compute');
  const rows: Row[] = [
    ...covered.map(({ id }, index): Row => {
      const disk = { ...scraped, domain: `d-${index}`, target_device: 'vda' };
      return ['libvirt_domain_block_stats_write_bytes_total', { ...disk, serial: id }];
    }),
    ...hypervisors.map(({ hypervisor_hostname }): Row => [
      'node_uname_info',
      { job: 'node', instance: `${hypervisor_hostname}:9100`, nodename: hypervisor_hostname },
    ]),
    ['probe_success', { job: 'blackbox', instance: `${url.replace(/\/v2\.1.*$/, '')}/` }],
  ];
  const { prom } = await prometheusWith(rows);
  const found = await observeCoverage(cloud, { inventory, prometheus: prom });
  expect(spotOf(found, 'volumes.io')?.things).toEqual([missing?.id]);
  expect(verdict(found, 'hypervisors.cpu')).toBe('pass');
  const endpoints = spotOf(found, 'endpoints.answer');
  expect(endpoints?.things.length).toBe((endpoints?.of ?? 0) - 1);
  expect(endpoints?.things.some((id) => id.includes('compute'))).toBe(false);
});

test('a Prometheus that fails: unknown of all, no blind spot, and its words are the reason', async () => {
  const { prom } = await prometheusWith([], () => 422);
  const found = await observeCoverage(cloud, { inventory, prometheus: prom });
  expect(blindSpots(found).map(({ figure }) => figure)).toEqual(['servers.audit']);
  const finding = assessCoverage(found).find(({ subject }) => subject.id === 'servers.cpu');
  expect(finding?.verdict).toBe('unknown');
  expect(finding?.because[0]?.source).toContain(prom.name);
});

test('if only the look back fails, what is not fresh is a blind spot, and since when is not known', async () => {
  const { prom } = await prometheusWith([], (expression) =>
    expression.includes('[86400s:') ? 422 : undefined,
  );
  const found = await observeCoverage(cloud, { inventory, prometheus: prom });
  expect(spotOf(found, 'servers.cpu')).toMatchObject({ things: running.map(({ id }) => id), stale: [] });
});

test('a project’s own user: what it is not shown is no blind spot, and of its partial lists nothing passes', async () => {
  const member = client(simulated, { user: 'payments-operator', project: 'payments' });
  const { prom } = await prometheusWith([['node_uname_info', { nodename: 'rack-a-compute-1' }]]);
  const found = await observeCoverage(member, { prometheus: prom });
  const findings = assessCoverage(found);
  expect(findings.filter((finding) => finding.verdict === 'pass')).toEqual([]);
  for (const id of ['hypervisors.cpu', 'hypervisors.use', 'servers.audit'] as const)
    expect([id, verdict(found, id)]).toEqual([id, 'unknown']);
  for (const spot of blindSpots(found).filter(({ figure }) => figure !== 'endpoints.answer'))
    expect([spot.figure, spot.completeness]).toEqual([spot.figure, 'partial']);
});

test('options are parsed strictly', async () => {
  await expect(observeCoverage(cloud, { fresh: '1m' } as never)).rejects.toThrow('fresh');
  await expect(observeCoverage(cloud, { prometheus: {} as never })).rejects.toThrow('prometheus');
  await expect(observeCoverage(cloud, { notifications: { from: 'lately', messages: [] } })).rejects.toThrow(
    'from',
  );
});
