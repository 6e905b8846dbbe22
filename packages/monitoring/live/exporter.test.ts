import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, waitUntil } from '@groundcrew/lab';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exporter, type Exporter } from '../src/exporter.ts';
import { metricCollectors } from '../src/metrics.ts';
import { parseExposition } from '../test/exporter/parse-exposition.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

/** All that there is, with a series for each thing. */
const everything = Object.values(metricCollectors).map(({ name }) => name);

/** Metrics that are called as openstack-exporter calls them. */
const borrowed = new Set(
  Object.values(metricCollectors).flatMap(({ metrics }) =>
    metrics.flatMap(({ metric: { name, peer } }) => (peer?.name === name ? [name] : [])),
  ),
);

interface Site {
  readonly job: 'lab' | 'site';
  readonly metrics: Exporter;
  readonly server: Server;
  readonly url: string;
}

const simulated = simulateCloud({ scenario: 'site' });
const clouds: Cloud[] = [];
const sites: Site[] = [];
let prometheus: Prometheus | undefined;

async function show(job: Site['job'], cloud: Cloud): Promise<void> {
  clouds.push(cloud);
  // Several readings within the minute, and scrapes that come while one goes on: they are answered with the older one.
  const metrics = exporter({
    cloud,
    collect: everything,
    ids: everything,
    maxAge: '5s',
    wait: '300ms',
    deadline: '1m',
  });
  const server = createServer(metrics.handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  sites.push({ job, metrics, server, url });
  // Prometheus comes when something is known: before that, `up` is 0 by right.
  await waitUntil(async () => (await fetch(url)).ok, { within: 120_000, what: `the first round of ${job}` });
}

beforeAll(async () => {
  const lab = await ensureLab({});
  const env = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml };
  await show('lab', connect({ cloud: lab.cloud('admin'), env }));
  const { connectOptions } = await simulated.listen({ port: 0 });
  await show('site', connect(connectOptions));
  // The interval is the longest a scrape may take, and on this machine everything else runs as well.
  prometheus = await startPrometheus({
    targets: sites.map(({ job, url }) => ({ job, url })),
    interval: '2s',
  });
});

afterAll(async () => {
  await prometheus?.[Symbol.asyncDispose]();
  for (const { metrics, server } of sites) {
    server.closeAllConnections();
    server.close();
    await metrics.close();
  }
  for (const cloud of clouds) await cloud[Symbol.asyncDispose]();
  await simulated.close();
});

test(
  'Prometheus scrapes the lab and the simulated site thirty times: always up, nothing twice, nothing out of order, no word in its log',
  { timeout: 180_000 },
  async () => {
    const running = prometheus as Prometheus;
    for (const { job } of sites) {
      const scrapes = (): Promise<number | undefined> =>
        running.query(`count_over_time(up{job="${job}"}[10m])`);
      await waitUntil(async () => ((await scrapes()) ?? 0) >= 30, {
        within: 110_000,
        what: `30 scrapes of ${job}`,
      });
      const longest = await running.query(`max_over_time(scrape_duration_seconds{job="${job}"}[10m])`);
      const up = await running.query(`min_over_time(up{job="${job}"}[10m])`);
      expect(up, `${job}: the longest scrape took ${longest} s`).toBe(1);
      expect(
        await running.query(`min_over_time(scrape_samples_scraped{job="${job}"}[10m])`),
        job,
      ).toBeGreaterThan(100);
      // It was read anew meanwhile, and the figures are the newest.
      expect(
        await running.query(`groundcrew_readings_total{job="${job}",result="done"}`),
        job,
      ).toBeGreaterThan(2);
      expect(
        await running.query(`groundcrew_collector_complete{job="${job}",collector="servers"}`),
        job,
      ).toBe(1);
    }
    const own = await running.ownMetrics();
    expect(own).toMatch(/^prometheus_target_scrapes_sample_duplicate_timestamp_total 0$/m);
    expect(own).toMatch(/^prometheus_target_scrapes_sample_out_of_order_total 0$/m);
    expect(own).toMatch(/^prometheus_target_scrapes_sample_out_of_bounds_total 0$/m);
    expect(running.log()).toBe('');
  },
);

test('what Prometheus has is what the simulated site has', async () => {
  const cloud = clouds.at(1);
  if (cloud === undefined) throw new Error('the simulated site is the second cloud');
  const servers = await Array.fromAsync(cloud.compute.servers.list({ all_tenants: true }));
  const running = prometheus as Prometheus;
  expect(await running.query('openstack_nova_total_vms{job="site"}')).toBe(servers.length);
  expect(await running.query('count(groundcrew_nova_server_info{job="site"})')).toBe(servers.length);
});

test.each(['site', 'lab'] as const)(
  'promtool reads the text of the %s, and a strict reader both formats',
  async (job) => {
    const { url } = sites.find((site) => site.job === job) as Site;
    const text = await (await fetch(url)).text();
    const { code, said } = await (prometheus as Prometheus).check(text);
    // 3: it was read, and names are not as they should be. Those are openstack-exporter's, for the sake of its dashboards.
    const disliked = said.split('\n').map((line) => line.split(' ')[0] ?? '');
    expect(disliked.filter((name) => name !== '' && !borrowed.has(name))).toEqual([]);
    expect([0, 3]).toContain(code);
    expect(parseExposition(text, 'prometheus').size).toBeGreaterThan(40);
    const openMetrics = await fetch(url, {
      headers: { accept: 'application/openmetrics-text; version=1.0.0' },
    });
    expect(parseExposition(await openMetrics.bytes(), 'openmetrics').size).toBeGreaterThan(40);
  },
);
