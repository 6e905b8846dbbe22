// The SDK's own OTLP exporter sends what the producer gives to a server on loopback, and the body is read by the protocol's
// definition: https://opentelemetry.io/docs/specs/otlp/ and opentelemetry/proto/metrics/v1/metrics.proto.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { simulateCloud, status } from '@groundcrew/sim';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { metricProducer } from '../../src/opentelemetry.ts';
import { buildProducer } from '../../src/opentelemetry/build-producer.ts';
import { aRound, family, readingOf, roundOf, samples, servers } from '../exporter/rounds.ts';
import { client } from '../metrics/clouds.ts';

/** The protocol's JSON, as far as gauges and sums need it: 64-bit numbers are texts. */
const anAttribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) });
const aPoint = z.strictObject({
  attributes: z.array(anAttribute),
  startTimeUnixNano: z.string().regex(/^\d+$/),
  timeUnixNano: z.string().regex(/^[1-9]\d+$/),
  asDouble: z.number(),
});
const aMetric = z.strictObject({
  name: z.string().min(1).max(255),
  description: z.string().min(1),
  // At most 63 characters of ASCII: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-unit
  unit: z.string().regex(/^[ -~]{0,63}$/),
  gauge: z.strictObject({ dataPoints: z.array(aPoint).min(1) }).optional(),
  sum: z
    .strictObject({
      aggregationTemporality: z.literal(2),
      isMonotonic: z.literal(true),
      dataPoints: z.array(aPoint).min(1),
    })
    .optional(),
});
const aBody = z.object({
  resourceMetrics: z.tuple([
    z.object({
      resource: z.object({ attributes: z.array(anAttribute) }),
      scopeMetrics: z.array(z.object({ scope: z.object({ name: z.string() }), metrics: z.array(aMetric) })),
    }),
  ]),
});
type Body = z.output<typeof aBody>;

let server: Server;
let url = '';
const bodies: { path: string | undefined; type: string | undefined; text: string }[] = [];
beforeEach(async () => {
  bodies.length = 0;
  server = createServer((request, response) => {
    void request.toArray().then((parts) => {
      const text = Buffer.concat(parts as Buffer[]).toString();
      bodies.push({ path: request.url, type: request.headers['content-type'], text });
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function sent(producer: ReturnType<typeof buildProducer>): Promise<Body> {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url }),
    metricProducers: [producer],
  });
  const resource = resourceFromAttributes({ 'service.name': 'openstack' });
  const provider = new MeterProvider({ resource, readers: [reader] });
  await provider.forceFlush();
  await producer.close();
  await provider.shutdown();
  expect(bodies[0]).toMatchObject({ path: '/v1/metrics', type: 'application/json' });
  return aBody.parse(JSON.parse(bodies[0]?.text ?? ''));
}

const metricsOf = ({ resourceMetrics: [{ scopeMetrics }] }: Body) =>
  new Map(
    scopeMetrics.flatMap(({ scope, metrics }) =>
      scope.name === '@groundcrew/monitoring' ? metrics.map((each) => [each.name, each] as const) : [],
    ),
  );

const labels = (attributes: readonly z.output<typeof anAttribute>[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

test('a site arrives with its resource, names, units, times and values', async () => {
  const simulated = simulateCloud({ scenario: 'site' });
  simulated.fault({ match: { operation: 'volumes.list' }, reply: status(500) });
  const cloud = client(simulated, { retries: 0 });
  const body = await sent(metricProducer({ cloud, collect: ['servers', 'volumes', 'pools'] }));
  expect(labels(body.resourceMetrics[0].resource.attributes)).toMatchObject({ 'service.name': 'openstack' });
  const found = metricsOf(body);
  const all = simulated.state.compute.servers.kept();
  expect(found.get('openstack_nova_total_vms')?.gauge?.dataPoints).toMatchObject([
    { asDouble: all.length, attributes: [] },
  ]);
  const inError = found
    .get('groundcrew_nova_servers')
    ?.gauge?.dataPoints.find(({ attributes }) => labels(attributes)['status'] === 'ERROR');
  expect(inError).toMatchObject({ asDouble: 1 });
  expect(found.get('groundcrew_cinder_pool_free_ratio')).toMatchObject({ unit: '1' });
  expect([...found.keys()].filter((name) => name.startsWith('openstack_cinder_volume'))).toEqual([]);
  const complete = found.get('groundcrew_collector_complete')?.gauge?.dataPoints ?? [];
  expect(
    Object.fromEntries(
      complete.map(({ attributes, asDouble }) => [labels(attributes)['collector'], asDouble]),
    ),
  ).toEqual({ servers: 1, volumes: 0, pools: 1 });
  const readings = found.get('groundcrew_readings_total')?.sum?.dataPoints ?? [];
  for (const { startTimeUnixNano, timeUnixNano } of readings)
    expect(BigInt(startTimeUnixNano) <= BigInt(timeUnixNano)).toBe(true);
});

test('times are nanoseconds since 1970, and one that nobody told is 0', async () => {
  const { parts } = readingOf(async () => aRound());
  const found = metricsOf(await sent(buildProducer(parts)));
  expect(found.get('shop_servers')?.gauge?.dataPoints[0]).toMatchObject({
    startTimeUnixNano: '1767225600000000000',
    timeUnixNano: '1767225600000000000',
  });
  expect(found.get('shop_restarts_total')?.sum?.dataPoints).toMatchObject([
    { asDouble: 4, startTimeUnixNano: '0', timeUnixNano: '1767225600000000000' },
  ]);
});

test.each([
  ['quotes and a backslash', String.raw`a "b" \ 'c'`, String.raw`a "b" \ 'c'`],
  ['a template', '{{ $value }} ${HOME}', '{{ $value }} ${HOME}'],
  ['lines', 'a\nb', 'a\nb'],
  ['NUL and what moves a cursor', 'a\u0000\u001B[2J', String.raw`a\x00\x1b[2J`],
  ['half of a pair', 'a\uD800', String.raw`a\ud800`],
  ['what is no ASCII', 'Größe 大 😀', 'Größe 大 😀'],
])('a name with %s arrives as the exporter shows it', async (_, name, shown) => {
  const { parts } = readingOf(async () => roundOf([family(servers, samples([1, name, 'ACTIVE']))]));
  const found = metricsOf(await sent(buildProducer(parts)));
  expect(found.get('shop_servers')?.gauge?.dataPoints.map(({ attributes }) => labels(attributes))).toEqual([
    { project: shown, status: 'ACTIVE' },
  ]);
});
