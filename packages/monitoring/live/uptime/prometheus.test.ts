// A real Prometheus that scrapes our exporter of a simulated site, and a page in the words of openstack-exporter and of the blackbox
// exporter. What it has kept is taken into a ledger, and held against what the test did and when.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cloud, connect } from '@groundcrew/core';
import { waitUntil } from '@groundcrew/lab';
import { type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exporter, type Exporter } from '../../src/exporter.ts';
import { type Prometheus as Reader, prometheus as readerOf } from '../../src/prometheus.ts';
import {
  groundcrewServers,
  openstackExporterServers,
  prometheusEvidence,
  type PrometheusEvidenceOptions,
  type Uptime,
  uptimeLedger,
  type UptimeSubject,
} from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { type Prometheus, startPrometheus } from '../prometheus.ts';

const THEIRS = 'a0f1a1b6-6c3f-4d6e-9f4e-1c4f0c6a7d11';
const ENDPOINT = 'https://api.example/';

/** What the page says of a server and of an endpoint. */
const told = { status: 'ACTIVE', number: 0, success: 1 };
const page = createServer((_, response) => {
  const { status, number, success } = told;
  response.end(
    [
      `openstack_nova_agent_state{service="nova-compute",hostname="c-1"} 1`,
      `openstack_nova_server_status{id="${THEIRS}",status="${status}",tenant_id="shop",hypervisor_hostname="c-1"} ${number}`,
      `probe_success{target="${ENDPOINT}"} ${success}`,
      '',
    ].join('\n'),
  );
});

let simulated: SimulatedCloud;
let cloud: Cloud;
let metrics: Exporter;
let ours: Server;
let prom: Prometheus;
let reader: Reader;
let server = '';

async function open(listening: Server): Promise<string> {
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/metrics`;
}

const close = (closed: Server | undefined): void => {
  closed?.closeAllConnections();
  closed?.close();
};

beforeAll(async () => {
  simulated = simulateCloud({ scenario: 'site' });
  const { connectOptions } = await simulated.listen({ port: 0 });
  cloud = connect(connectOptions);
  const collect = ['servers', 'compute-services'] as const;
  metrics = exporter({ cloud, collect, ids: collect, maxAge: '1s' });
  ours = createServer(metrics.handler);
  const targets = [
    { job: 'groundcrew', url: await open(ours) },
    { job: 'openstack', url: await open(page) },
  ];
  prom = await startPrometheus({ targets });
  reader = readerOf(prom.url);
  const up = new Set<string>();
  for await (const { binary, host, state } of cloud.compute.services.list())
    if (binary === 'nova-compute' && state === 'up') up.add(host);
  for await (const each of cloud.compute.servers.list({ all_tenants: true }))
    if (each.status === 'ACTIVE' && up.has(each['OS-EXT-SRV-ATTR:host'] ?? '')) server = each.id;
}, 600_000);

afterAll(async () => {
  await reader?.close();
  await prom?.[Symbol.asyncDispose]();
  close(ours);
  close(page);
  await metrics?.close();
  await cloud?.close();
  await simulated?.close();
});

/** Waits until there were samples of a selector for some seconds. */
const steady = (selector: string): Promise<void> =>
  waitUntil(async () => ((await prom.query(`sum(count_over_time(${selector}[12s]))`)) ?? 0) >= 9, {
    within: 60_000,
    what: `nine samples of ${selector} in twelve seconds`,
  });

test('what a real Prometheus has kept: up, down, up, and unknown where nothing was scraped', async () => {
  const from = Date.now();
  const info = (status: string): string => `groundcrew_nova_server_info{id="${server}",status="${status}"}`;
  const status = (name: string): string => `openstack_nova_server_status{status="${name}"}`;
  await steady(info('ACTIVE'));
  await steady(status('ACTIVE'));
  const stopped = Date.now();
  Object.assign(told, { status: 'SHUTOFF', number: 11, success: 0 });
  await cloud.compute.servers.stop({ id: server });
  await steady(info('SHUTOFF'));
  const started = Date.now();
  Object.assign(told, { status: 'ACTIVE', number: 0, success: 1 });
  await cloud.compute.servers.start({ id: server });
  await steady(info('ACTIVE'));
  const closed = Date.now();
  close(ours);
  close(page);
  await waitUntil(async () => (await prom.query('max(sum_over_time(up[6s]))')) === 0, {
    within: 60_000,
    what: 'scrapes that fail',
  });
  const to = Date.now();

  const time = { prometheus: reader, from, to, step: '1s', scrape: '1s', powerSync: '1s', keep: '4s' } as const;
  const endpoints = {
    selector: 'probe_success{job="openstack"}',
    subject: ({ target }) => (target === undefined ? undefined : { endpoint: target }),
    state: (value) => (value === 1 ? 'up' : 'down'),
  } satisfies Partial<PrometheusEvidenceOptions>;
  await using ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  for (const series of [groundcrewServers, openstackExporterServers, endpoints]) {
    const history = await prometheusEvidence({ ...time, ...series });
    expect([history.completeness, history.gaps]).toEqual(['complete', []]);
    const kept = await ledger.append(history.value);
    expect(kept).toMatchObject({ added: history.value.length, known: 0, refused: [] });
    // Once more, and a part of it by other moments.
    expect(await ledger.append((await prometheusEvidence({ ...time, ...series })).value)).toMatchObject({
      added: 0,
      known: kept.added,
    });
    const half = { ...time, ...series, from: from + 333, to: (from + to) / 2 };
    await ledger.append((await prometheusEvidence(half)).value);
  }

  const question = { from, to, staleness: '4s', skew: '100ms' } as const;
  const truth: [UptimeSubject, lag: number][] = [
    [{ server }, 8_000],
    [{ server: THEIRS }, 4_000],
    [{ endpoint: ENDPOINT }, 3_000],
  ];
  for (const [subject, lag] of truth) {
    const up = await ledger.of(subject, question);
    console.log(JSON.stringify(subject), up.durations, statesOf(up).join(' '));
    expect(statesOf(up).filter((state) => state !== 'unknown')).toEqual(['up', 'down', 'up']);
    expect(statesOf(up).at(-1)).toBe('unknown');
    const [first, down, second] = up.intervals.filter(({ state }) => state !== 'unknown');
    // The server was up until it was told to stop, and of the simulated one some seconds longer.
    expect(Date.parse(first?.to ?? '')).toBeLessThanOrEqual(stopped + lag);
    expect(Date.parse(down?.from ?? '')).toBeGreaterThanOrEqual(stopped);
    expect(Date.parse(down?.to ?? '')).toBeLessThanOrEqual(started + lag);
    expect(Date.parse(second?.from ?? '')).toBeGreaterThanOrEqual(started);
    expect(Date.parse(second?.to ?? '')).toBeLessThanOrEqual(closed);
  }
  // `up` of the exporters themselves is what the scrapes say: it failed, and is no word about a server.
  const scrapes = await prometheusEvidence({
    ...time,
    selector: 'up',
    subject: ({ job }) => (job === undefined ? undefined : { endpoint: job }),
    state: (value) => (value === 1 ? 'up' : 'down'),
  });
  await ledger.append(scrapes.value);
  for (const endpoint of ['groundcrew', 'openstack'])
    expect(statesOf(await ledger.of({ endpoint }, question)).filter((state) => state !== 'unknown')).toEqual([
      'up',
      'down',
    ]);
  // Without the age of what our exporter says, nothing is said.
  const ageless = { ...groundcrewServers, age: { selector: 'no_such_age' } };
  expect((await prometheusEvidence({ ...time, ...ageless })).value).toEqual([]);
}, 170_000);

const statesOf = ({ intervals }: Uptime): string[] => intervals.map(({ state }) => state);
