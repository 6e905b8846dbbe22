import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { metric } from '../../src/metrics/metric.ts';
import { parseExposition } from './parse-exposition.ts';
import { aRound, exporterOf, family, OPENMETRICS, roundOf, samples, scrape, servers } from './rounds.ts';

/** A registry as a user's service has one. */
function usersRegistry(): Registry {
  const register = new Registry();
  new Gauge({ name: 'app_up', help: 'x', registers: [register] }).set(1);
  new Counter({ name: 'app_requests_total', help: 'x', labelNames: ['path'], registers: [register] }).inc({
    path: '/',
  });
  return register;
}

describe('merged into the registry of a service', () => {
  test('it has the metrics of both, read anew, with equal series', async () => {
    let count = 0;
    const { metrics, clock } = exporterOf(async () => {
      count += 1;
      return roundOf([family(servers, samples([count, 'a "b"\\\n', 'ACTIVE']))]);
    });
    const merged = Registry.merge([usersRegistry(), metrics.registry]);
    const first = parseExposition(await merged.metrics(), 'prometheus');
    expect(first.get('app_up')?.samples).toMatchObject([{ value: 1 }]);
    expect(first.get('shop_servers')?.samples).toMatchObject([
      { labels: { project: 'a "b"\\\n', status: 'ACTIVE' }, value: 1 },
    ]);
    await clock.advance('1m');
    const second = parseExposition(await merged.metrics(), 'prometheus');
    expect(second.get('shop_servers')?.samples).toMatchObject([{ value: 2 }]);
    expect(count).toBe(2);
  });

  test('it says the same as the exporter itself', async () => {
    const { metrics } = exporterOf();
    const own = parseExposition(await (await metrics(scrape())).bytes(), 'prometheus');
    const merged = parseExposition(await Registry.merge([metrics.registry]).metrics(), 'prometheus');
    for (const [name, { type, help, samples: found }] of own)
      expect(merged.get(name), name).toMatchObject({ type, help, samples: found });
  });

  test('before anything is known the service has its own metrics, and nothing is 0', async () => {
    const { metrics } = exporterOf(async () => Promise.reject(new Error('no')));
    const found = parseExposition(
      await Registry.merge([usersRegistry(), metrics.registry]).metrics(),
      'prometheus',
    );
    expect(found.get('app_up')?.samples).toHaveLength(1);
    expect([...found].filter(([name, { samples: of }]) => name.startsWith('shop_') && of.length > 0)).toEqual(
      [],
    );
    expect(found.get('groundcrew_readings_total')?.samples).toMatchObject([{ value: 0 }, { value: 1 }]);
  });

  test('of OpenMetrics it has counters by their names', async () => {
    const { metrics } = exporterOf();
    const { registry } = metrics;
    (registry as unknown as Registry<OpenMetricsContentType>).setContentType(
      Registry.OPENMETRICS_CONTENT_TYPE,
    );
    const register = new Registry<OpenMetricsContentType>();
    register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const merged = Registry.merge([register as unknown as Registry, registry]);
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const found = parseExposition(await merged.metrics(), 'openmetrics');
      expect(found.get('shop_restarts')?.samples).toMatchObject([{ name: 'shop_restarts_total', value: 4 }]);
    }
    // The exporter's own text does not go by what a registry has renamed.
    const own = parseExposition(await (await metrics(scrape())).bytes(), 'prometheus');
    expect(own.get('shop_restarts_total')?.samples).toHaveLength(1);
  });

  test('it gives JSON for the registry of a cluster, and reset and clear do no harm', async () => {
    const { metrics } = exporterOf();
    const json = await metrics.registry.getMetricsAsJSON();
    expect(json.find(({ name }) => name === 'shop_uptime_seconds')?.values).toEqual([
      { labels: { id: 'a1', name: 'web-1' }, value: 60 },
      { labels: { id: 'b2', name: 'web-2' }, value: 0.5 },
    ]);
    metrics.registry.resetMetrics();
    metrics.registry.clear();
    const found = parseExposition(await (await metrics(scrape())).bytes(), 'prometheus');
    expect(found.get('shop_servers')?.samples).toHaveLength(2);
  });

  test('a metric that nobody declared is there from its first round on', async () => {
    const late = metric({ name: 'shop_late', help: 'x' });
    const { metrics } = exporterOf(async () => roundOf([...aRound().families, family(late, samples([1]))]));
    await metrics(scrape());
    expect(await metrics.registry.getSingleMetricAsString('shop_late')).toContain('shop_late 1');
  });
});

describe('what a user puts into the registry of the exporter', () => {
  test('is in its answer, in the text format, also for who would take OpenMetrics', async () => {
    const { metrics } = exporterOf();
    new Histogram({ name: 'app_seconds', help: 'x', buckets: [1], registers: [metrics.registry] }).observe(
      0.5,
    );
    const response = await metrics(scrape(OPENMETRICS));
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const found = parseExposition(await response.bytes(), 'prometheus');
    expect(found.get('app_seconds')?.samples.map(({ name }) => name)).toContain('app_seconds_bucket');
    expect(found.get('shop_servers')?.samples).toHaveLength(2);
    expect(found.get('groundcrew_collector_complete')?.samples).toHaveLength(1);
  });

  test('default labels are on every series', async () => {
    const { metrics } = exporterOf();
    metrics.registry.setDefaultLabels({ cloud: 'prod' });
    const found = parseExposition(await (await metrics(scrape())).bytes(), 'prometheus');
    const all = [...found.values()].flatMap(({ samples: of }) => of);
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter(({ labels }) => labels['cloud'] !== 'prod')).toEqual([]);
  });

  test('does not hide the cloud when it fails', async () => {
    const told: unknown[] = [];
    const { metrics } = exporterOf(undefined, { onError: (error) => told.push(error) });
    const failing = (): never => {
      throw new Error('mine');
    };
    const bad = new Gauge({ name: 'app_bad', help: 'x', registers: [metrics.registry], collect: failing });
    await expect(bad.get()).rejects.toThrow('mine');
    const response = await metrics(scrape());
    expect(response.status).toBe(200);
    expect(parseExposition(await response.bytes(), 'prometheus').get('shop_servers')?.samples).toHaveLength(
      2,
    );
    expect(told).toMatchObject([{ message: 'mine' }]);
  });
});
