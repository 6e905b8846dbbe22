import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  type MetricData,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { isGroundcrewError, messageOf } from '@groundcrew/ground';
import { hang, simulateCloud, status, virtualClock } from '@groundcrew/sim';
import { afterEach, describe, expect, test } from 'vitest';
import { metric } from '../../src/metrics.ts';
import { CollectorGapsError, metricProducer } from '../../src/opentelemetry.ts';
import { buildProducer } from '../../src/opentelemetry/build-producer.ts';
import {
  aRound,
  family,
  gap,
  Readings,
  readingOf,
  report,
  roundOf,
  samples,
  servers,
} from '../exporter/rounds.ts';
import { client } from '../metrics/clouds.ts';

const providers: MeterProvider[] = [];
afterEach(async () => {
  for (const provider of providers.splice(0)) await provider.shutdown();
});

/** A producer as a user has it: beside the SDK's own metrics, behind a reader of the SDK and an exporter of the SDK. */
function sdkWith(producer: MetricProducer) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: 3_600_000,
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ readers: [reader] });
  providers.push(provider);
  const exported = async (): Promise<ResourceMetrics | undefined> => {
    await reader.forceFlush();
    return exporter.getMetrics().at(-1);
  };
  return { provider, reader, exported };
}

const found = (all: ResourceMetrics | undefined, name: string): MetricData | undefined =>
  all?.scopeMetrics.flatMap(({ metrics }) => metrics).find(({ descriptor }) => descriptor.name === name);

const pointsOf = (all: ResourceMetrics | undefined, name: string) =>
  found(all, name)?.dataPoints.map(({ attributes, value }) => [value, attributes]);

const millis = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1e6;

const completeOf = (all: ResourceMetrics | undefined) =>
  Object.fromEntries(
    found(all, 'groundcrew_collector_complete')?.dataPoints.map(({ attributes, value }) => [
      attributes['collector'],
      value,
    ]) ?? [],
  );

describe('a site, through the SDK', () => {
  test('its figures are exported beside those of the SDK, under one scope', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    const cloud = client(simulated);
    await using producer = metricProducer({ cloud, collect: ['servers', 'compute-services', 'volumes'] });
    const { provider, exported } = sdkWith(producer);
    provider.getMeter('app').createCounter('app.requests').add(3);
    const all = await exported();
    expect(pointsOf(all, 'app.requests')).toEqual([[3, {}]]);
    const inventory = simulated.state.compute.servers.kept();
    expect(pointsOf(all, 'openstack_nova_total_vms')).toEqual([[inventory.length, {}]]);
    expect(completeOf(all)).toEqual({ servers: 1, 'compute-services': 1, volumes: 1 });
    const size = found(all, 'groundcrew_cinder_volume_size_bytes');
    expect(size).toMatchObject({ descriptor: { unit: 'By' }, dataPointType: DataPointType.GAUGE });
    expect(size?.dataPoints[0]?.attributes).toEqual({
      volume_type: expect.any(String),
      project_id: expect.any(String),
    });
    expect(all?.scopeMetrics.map(({ scope }) => scope.name)).toEqual(['app', '@groundcrew/monitoring']);
  });

  test('a list that is refused has no data points, its collector is 0, and the reader is told why', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    simulated.fault({ match: { operation: 'servers.list' }, reply: status(403) });
    await using producer = metricProducer({
      cloud: client(simulated, { retries: 0 }),
      collect: ['servers', 'volumes'],
    });
    const { reader } = sdkWith(producer);
    const { resourceMetrics, errors } = await reader.collect();
    const names = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor }) => descriptor.name),
    );
    expect(names.filter((name) => name.includes('nova'))).toEqual([]);
    expect(names).toContain('openstack_cinder_volumes');
    expect(completeOf(resourceMetrics)).toEqual({ servers: 0, volumes: 1 });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(CollectorGapsError);
    expect(errors[0]).toMatchObject({ collector: 'servers', message: expect.stringContaining('servers') });
  });

  test('a cloud that cannot be signed in to gives no figure, and leaves those of the SDK alone', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    simulated.fault({ match: { service: 'identity', method: 'POST' }, reply: status(401) });
    await using producer = metricProducer({ cloud: client(simulated, { retries: 0 }), collect: ['servers'] });
    const { provider, reader } = sdkWith(producer);
    provider.getMeter('app').createCounter('app.requests').add(1);
    const { resourceMetrics, errors } = await reader.collect();
    expect(pointsOf(resourceMetrics, 'app.requests')).toEqual([[1, {}]]);
    expect(pointsOf(resourceMetrics, 'groundcrew_readings_total')).toEqual([
      [0, { result: 'done' }],
      [1, { result: 'failed' }],
    ]);
    expect(found(resourceMetrics, 'groundcrew_collector_complete')).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(isGroundcrewError(errors[0])).toBe(true);
  });

  test('a list that hangs is left out at the deadline, which is before the reader loses its patience', async () => {
    const simulated = simulateCloud({ scenario: 'site' });
    simulated.fault({ match: { operation: 'volumes.list' }, reply: hang() });
    const clock = virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' });
    const cloud = client(simulated);
    await using producer = metricProducer({ cloud, collect: ['volumes'], clock });
    const asked = new Promise<void>((resolve) => {
      cloud.events.on('request', ({ operation }) => {
        if (operation === 'volumes.list') setImmediate(resolve);
      });
    });
    const collecting = sdkWith(producer).reader.collect({ timeoutMillis: 30_000 });
    await asked;
    await clock.advance('20s');
    const { resourceMetrics, errors } = await collecting;
    expect(completeOf(resourceMetrics)).toEqual({ volumes: 0 });
    expect(errors).toMatchObject([
      { collector: 'volumes', message: expect.stringContaining('deadline of 20 s') },
    ]);
  });
});

describe('what a data point says', () => {
  test('a gauge has the time at which its collector read it, also when it is given once more', async () => {
    const given = [family(servers, samples([1, 'web', 'ACTIVE']))];
    const times = { startedAt: '2026-01-01T00:00:01.500Z', at: '2026-01-01T00:00:02.250Z' };
    const { parts, clock } = readingOf(
      async () => roundOf(given, { collectors: [report('servers', times)] }),
      {
        maxAgeMs: 60_000,
      },
    );
    const { reader } = sdkWith(buildProducer(parts));
    await reader.collect();
    await clock.advance('30s');
    const { resourceMetrics } = await reader.collect();
    const [point] = found(resourceMetrics, 'shop_servers')?.dataPoints ?? [];
    expect(millis(point?.startTime ?? [0, 0])).toBe(Date.parse(times.startedAt));
    expect(millis(point?.endTime ?? [0, 0])).toBe(Date.parse(times.at));
    // What is told of the reading is of now.
    const [age] = found(resourceMetrics, 'groundcrew_collector_age_seconds')?.dataPoints ?? [];
    expect([age?.value, millis(age?.endTime ?? [0, 0])]).toEqual([28.5, clock.now()]);
  });

  test('a counter of the cloud is a sum that only grows, since nobody knows when', async () => {
    const { parts, clock } = readingOf();
    const bornAt = clock.now();
    const producer = buildProducer(parts);
    await clock.advance('5s');
    const { resourceMetrics } = await producer.collect();
    const restarts = found(resourceMetrics, 'shop_restarts_total');
    expect(restarts).toMatchObject({
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: [{ value: 4, attributes: { host: 'compute-1' }, startTime: [0, 0] }],
    });
    const readings = found(resourceMetrics, 'groundcrew_readings_total');
    expect(readings?.dataPoints.map(({ startTime }) => millis(startTime))).toEqual([bornAt, bornAt]);
  });

  test.each([
    ['shop_uptime_seconds', 'seconds', 's'],
    ['shop_size_bytes', 'bytes', 'By'],
    ['shop_free_ratio', 'ratio', '1'],
    ['shop_heat_celsius', 'celsius', 'Cel'],
    ['shop_pallets', 'pallets', '{pallets}'],
    ['shop_constructor', 'constructor', '{constructor}'],
    ['shop_things', undefined, ''],
  ])('the unit of %s in UCUM', async (name, unit, expected) => {
    const own = metric({ name, help: 'A figure.', unit });
    const { parts } = readingOf(async () => roundOf([family(own, samples([0.5]))]));
    const { resourceMetrics } = await buildProducer(parts).collect();
    expect(found(resourceMetrics, name)?.descriptor).toMatchObject({ name, unit: expected });
  });

  test('series come once, as the exporter shows them: two values of one are left out, and told', async () => {
    const given = [
      family(servers, samples([1, 'web', 'ACTIVE'], [2, 'web', 'ACTIVE'], [3, 'a\u202Eb\u0000', 'ERROR'])),
    ];
    const { parts } = readingOf(async () => roundOf(given));
    const { resourceMetrics, errors } = await buildProducer(parts).collect();
    expect(pointsOf(resourceMetrics, 'shop_servers')).toEqual([
      [3, { project: String.raw`a\u202eb\x00`, status: 'ERROR' }],
    ]);
    expect(completeOf(resourceMetrics)).toEqual({ servers: 0 });
    expect(errors).toMatchObject([{ message: expect.stringContaining('shop_servers: 1 series: left out') }]);
  });

  test('what is beyond the cap is in one data point, and told', async () => {
    const given = [family(servers, samples([1, 'a', 'x'], [2, 'b', 'x'], [3, 'c', 'x']))];
    const { parts } = readingOf(async () => roundOf(given), { cap: 2 });
    const { resourceMetrics, errors } = await buildProducer(parts).collect();
    expect(pointsOf(resourceMetrics, 'shop_servers')).toEqual([
      [1, { project: 'a', status: 'x' }],
      [5, { project: 'overflow', status: 'overflow' }],
    ]);
    expect(errors).toMatchObject([{ message: expect.stringContaining('beyond the cap') }]);
  });
});

describe('errors', () => {
  test('there is one for each collector with gaps: the first reasons, without secrets and without what moves a cursor', async () => {
    const gaps = [
      gap('401 from https://admin:hunter2@nova/v2.1\u001B[2J', 'servers'),
      ...Array.from({ length: 5 }, (_, index) => gap('500', `quota ${index}`)),
    ];
    const collectors = [
      report('servers', { completeness: 'partial', gaps }),
      report('volumes'),
      report('pools', { completeness: 'unsupported' }),
    ];
    const { parts } = readingOf(async () => roundOf([], { collectors }));
    const { errors } = await buildProducer(parts).collect();
    expect(errors).toMatchObject([
      { name: 'CollectorGapsError', code: 'collector-gaps', collector: 'servers', completeness: 'partial' },
      { collector: 'pools', completeness: 'unsupported' },
    ]);
    const message = messageOf(errors[0]);
    expect(message).toMatch(
      /^servers is partial: servers: 401 from .*; quota 0: 500; quota 1: 500; and 3 more$/,
    );
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('\u001B');
  });

  test('a reading that fails leaves the older figures, with why it failed', async () => {
    let isDown = false;
    const { parts, clock } = readingOf(async () => {
      if (isDown) throw new TypeError('fetch failed');
      return aRound();
    });
    const producer = buildProducer(parts);
    expect((await producer.collect()).errors).toEqual([]);
    isDown = true;
    await clock.advance('1m');
    const { resourceMetrics, errors } = await producer.collect();
    expect(errors).toMatchObject([{ message: 'fetch failed' }]);
    expect(pointsOf(resourceMetrics, 'shop_servers')).toHaveLength(2);
    expect(pointsOf(resourceMetrics, 'groundcrew_round_age_seconds')).toEqual([[60, {}]]);
  });

  test('a reader that cannot wait gets what is known, and the word that it is old', async () => {
    const readings = new Readings();
    const { parts, clock } = readingOf(readings.read);
    const producer = buildProducer(parts);
    const first = producer.collect({ timeoutMillis: 2_000 });
    await clock.advance('2s');
    const nothing = await first;
    expect(found(nothing.resourceMetrics, 'shop_servers')).toBeUndefined();
    expect(nothing.errors).toMatchObject([
      { code: 'reading', message: expect.stringContaining('nothing is known') },
    ]);
    readings.started[0]?.resolve(aRound());
    const second = await producer.collect({ timeoutMillis: 2_000 });
    expect(second.errors).toEqual([]);
    expect(readings.started).toHaveLength(1);
    await clock.advance('1m');
    const third = producer.collect({ timeoutMillis: 2_000 });
    await clock.advance('2s');
    const { resourceMetrics, errors } = await third;
    expect(pointsOf(resourceMetrics, 'shop_servers')).toHaveLength(2);
    expect(errors).toMatchObject([
      { code: 'reading', message: expect.stringContaining('those of 2026-01-01T00:00:02.500Z') },
    ]);
    await producer.close();
  });

  test('two readers at once make one reading', async () => {
    const readings = new Readings();
    const { parts } = readingOf(readings.read);
    const producer = buildProducer(parts);
    const both = [sdkWith(producer).reader.collect(), sdkWith(producer).reader.collect()];
    readings.started[0]?.resolve(aRound());
    for (const { errors } of await Promise.all(both)) expect(errors).toEqual([]);
    expect(readings.started).toHaveLength(1);
  });

  test('closed, it ends its reading, keeps what it has, and says so', async () => {
    const readings = new Readings();
    const stop = new AbortController();
    const { parts } = readingOf(readings.read, { signal: stop.signal });
    const producer = buildProducer(parts);
    const collecting = producer.collect();
    stop.abort();
    expect((await collecting).errors).toMatchObject([{ code: 'reading', message: /closed/ }]);
    expect(readings.started[0]?.signal.aborted).toBe(true);
    await producer.collect();
    expect(readings.started).toHaveLength(1);
  });
});

test.each([
  [{ collect: ['server'] }, 'collect'],
  [{ collect: ['servers'], ids: ['volumes'] }, 'ids.0'],
  [{ deadline: 0 }, 'deadline'],
  [{ exporter: {} }, 'exporter'],
])('%j is refused by its field', (options, field) => {
  const cloud = client(simulateCloud());
  expect(() => metricProducer({ cloud, ...options } as never)).toThrow(
    expect.objectContaining({ code: 'input', field: expect.stringContaining(field) }),
  );
});
