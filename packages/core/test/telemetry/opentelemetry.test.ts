import {
  context,
  isSpanContextValid,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect, type ConnectOptions } from '../../src/index.ts';
import { openTelemetry, type OpenTelemetryOptions } from '../../src/telemetry/opentelemetry.ts';
import { credentials } from '../scripted-cloud.ts';
import { reply, reset, type Script, scriptedServer, silent, truncated } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';

const KEYPAIR = { keypair: { name: 'k', public_key: 'p', fingerprint: 'f', user_id: 'u' } };
const answer = reply(200, KEYPAIR, { 'x-openstack-request-id': 'req-1' });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // W3C's, as far as a client needs it.
  propagation.setGlobalPropagator({
    inject(from, carrier, setter) {
      const span = trace.getSpanContext(from);
      if (span !== undefined && isSpanContextValid(span))
        setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
    },
    extract: (from) => from,
    fields: () => ['traceparent'],
  });
});
afterAll(() => {
  context.disable();
  propagation.disable();
});

/** A cloud whose compute service answers by a script, and what was exported of it. */
async function scripted(steps: Script[], options: ConnectOptions = {}, telemetry: OpenTelemetryOptions = {}) {
  const server = await scriptedServer(...steps);
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  const measurements = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: measurements,
    exportIntervalMillis: 3_600_000,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const cloud = connect({
    ...credentials('http://127.0.0.1:1/v3'),
    auth_type: 'none',
    endpoint_override: { compute: `${server.url}/compute/v2.1` },
    clock: new TestClock(),
    instrumentation: openTelemetry({ tracerProvider, meterProvider, ...telemetry }),
    ...options,
  });
  return {
    cloud,
    server,
    tracer: tracerProvider.getTracer('test'),
    spans: () => spans.getFinishedSpans(),
    histogram: async () => {
      await meterProvider.forceFlush();
      return measurements.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((s) => s.metrics));
    },
    async [Symbol.asyncDispose]() {
      await cloud.close();
      await server[Symbol.asyncDispose]();
      await meterProvider.shutdown();
      await tracerProvider.shutdown();
    },
  };
}

const outcome = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe('the span of an attempt', () => {
  test('has what the conventions ask for', async () => {
    await using at = await scripted([answer]);
    await at.cloud.compute.keypairs.get({ id: 'k' });
    const port = Number(new URL(at.server.url).port);
    const [span] = at.spans();
    expect(span).toMatchObject({
      name: 'GET /compute/v2.1/os-keypairs/{id}',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      instrumentationScope: { name: '@groundcrew/core' },
    });
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `${at.server.url}/compute/v2.1/os-keypairs/k`,
      'url.template': '/compute/v2.1/os-keypairs/{id}',
      'http.response.status_code': 200,
      'http.response.header.x-openstack-request-id': ['req-1'],
      'groundcrew.service': 'compute',
      'groundcrew.operation': 'keypairs.get',
    });
  });

  test.each<[string, Script, string, number | undefined]>([
    ['a status', reply(404, {}), '404', 404],
    ['a reset', reset, 'UND_ERR_SOCKET', undefined],
    ['a body that breaks off', truncated('{'), 'UND_ERR_SOCKET', 200],
    ['no answer in time', silent, 'timeout', undefined],
  ])('is an error after %s', async (_, step, type, status) => {
    await using at = await scripted([step], { retries: 0, timeout: step === silent ? 100 : 20_000 });
    await expect(at.cloud.compute.keypairs.get({ id: 'k' })).rejects.toThrow('keypairs.get');
    const span = at.spans().find(({ attributes }) => attributes['groundcrew.operation'] === 'keypairs.get');
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes['error.type']).toMatch(
      type === 'UND_ERR_SOCKET' ? /UND_ERR_SOCKET|ECONNRESET/ : type,
    );
    expect(span?.attributes['http.response.status_code']).toBe(status);
  });

  test('is an error after an abort', async () => {
    await using at = await scripted([silent]);
    const controller = new AbortController();
    const call = outcome(at.cloud.compute.keypairs.get({ id: 'k' }, { signal: controller.signal }));
    await vi.waitFor(() => expect(at.server.seen).toHaveLength(1));
    controller.abort('no');
    expect(await call).toBe('no');
    expect(at.spans()).toMatchObject([
      { attributes: { 'error.type': 'aborted' }, status: { code: SpanStatusCode.ERROR } },
    ]);
  });

  test('of a repeated request counts the repetitions', async () => {
    await using at = await scripted([reply(503), reset, answer]);
    await at.cloud.compute.keypairs.get({ id: 'k' });
    expect(at.spans().map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
      2,
    ]);
  });

  test('shows no secret in its URL', async () => {
    await using at = await scripted([answer]);
    await at.cloud.request('compute', { path: 'things', query: { password: 'pa55-cy', name: 'n' } });
    const [span] = at.spans();
    expect(span?.attributes['url.full']).toBe(
      `${at.server.url}/compute/v2.1/things?password=REDACTED&name=n`,
    );
    expect(JSON.stringify(span?.attributes)).not.toContain('pa55-cy');
    // The path of a raw request may have ids in it.
    expect(span?.name).toBe('GET');
    expect(span?.attributes).not.toHaveProperty('url.template');
  });
});

describe('context', () => {
  test('the span is a child of the active one, active while the request is sent, and goes along', async () => {
    const active: (string | undefined)[] = [];
    await using at = await scripted([answer], {
      fetch: (input, init) => {
        active.push(trace.getActiveSpan()?.spanContext().spanId);
        return fetch(input, init);
      },
    });
    const parent = at.tracer.startSpan('parent');
    await context.with(trace.setSpan(context.active(), parent), async () => {
      await at.cloud.compute.keypairs.get({ id: 'k' });
      expect(trace.getActiveSpan()).toBe(parent);
    });
    parent.end();
    const span = at.spans().find(({ kind }) => kind === SpanKind.CLIENT);
    const { traceId, spanId } = span!.spanContext();
    expect(traceId).toBe(parent.spanContext().traceId);
    expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(active).toEqual([spanId]);
    expect(at.server.seen[0]?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
  });

  test('each attempt sends its own', async () => {
    await using at = await scripted([reply(503), answer]);
    await at.cloud.compute.keypairs.get({ id: 'k' });
    const sent = at.server.seen.map(({ headers }) => headers['traceparent']);
    expect(sent).toEqual(at.spans().map((span) => expect.stringContaining(span.spanContext().spanId)));
  });

  test('nothing goes along with `propagation: none`, and a header of the caller wins', async () => {
    await using without = await scripted([answer], {}, { propagation: 'none' });
    await without.cloud.compute.keypairs.get({ id: 'k' });
    expect(without.server.seen[0]?.headers).not.toHaveProperty('traceparent');
    await using at = await scripted([answer]);
    await at.cloud.compute.keypairs.get({ id: 'k' }, { headers: { Traceparent: 'mine' } });
    expect(at.server.seen[0]?.headers['traceparent']).toBe('mine');
  });
});

test('the histogram counts seconds, by method, server, template and outcome', async () => {
  await using at = await scripted([answer, answer, reply(404, {})]);
  for (let round = 0; round < 3; round += 1)
    await outcome(at.cloud.compute.keypairs.get({ id: `k${round}` }));
  const histogram = (await at.histogram()).find(
    ({ descriptor }) => descriptor.name === 'http.client.request.duration',
  );
  expect(histogram?.descriptor).toMatchObject({ unit: 's' });
  const points = histogram!.dataPoints.filter(
    ({ attributes }) => attributes['url.template'] === '/compute/v2.1/os-keypairs/{id}',
  );
  expect(points.map(({ attributes, value }) => [attributes, (value as { count: number }).count])).toEqual([
    [expect.objectContaining({ 'http.response.status_code': 200 }), 2],
    [expect.objectContaining({ 'http.response.status_code': 404, 'error.type': '404' }), 1],
  ]);
  for (const { attributes } of points) {
    expect(attributes).not.toHaveProperty('url.full');
    expect(attributes).toMatchObject({ 'http.request.method': 'GET', 'server.address': '127.0.0.1' });
  }
  const isInSeconds = (sum: number): boolean => sum > 0 && sum < 10;
  expect(points[0]).toHaveProperty('value.sum', expect.toSatisfy(isInSeconds));
  expect(points[0]).toHaveProperty(
    'value.buckets.boundaries',
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  );
});

test('without an SDK it does nothing, and the call is as ever', async () => {
  await using at = await scripted([answer], { instrumentation: openTelemetry() });
  expect(await at.cloud.compute.keypairs.get({ id: 'k' })).toMatchObject({ name: 'k' });
  expect(at.server.seen[0]?.headers).not.toHaveProperty('traceparent');
});

test('an option that there is not is an InputError', () => {
  expect(() => openTelemetry({ propagation: 'b3' as 'none' })).toThrow(/options\.propagation/);
  expect(() => openTelemetry({ tracer: {} } as OpenTelemetryOptions)).toThrow(/options\.tracer/);
});
