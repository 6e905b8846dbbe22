import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Exporter } from '../../src/exporter/build-exporter.ts';
import { parseExposition } from './parse-exposition.ts';
import { aRound, exporterOf, OPENMETRICS, Readings } from './rounds.ts';

const servers: Server[] = [];

/** The exporter on a port of this machine. */
async function listen(metrics: Exporter): Promise<string> {
  const server = createServer(metrics.handler);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

describe.each(['/metrics', '/', '/a/b?c=d'])('GET %s', (path) => {
  test("is answered in Prometheus' text", async () => {
    const response = await fetch((await listen(exporterOf().metrics)) + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('vary')).toBe('Accept');
    const bytes = await response.bytes();
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const found = parseExposition(bytes, 'prometheus');
    expect(found.get('shop_servers')?.samples).toHaveLength(2);
    expect(found.get('groundcrew_collector_complete')?.samples).toHaveLength(1);
  });

  test('is answered in OpenMetrics for who asks for it', async () => {
    const response = await fetch((await listen(exporterOf().metrics)) + path, {
      headers: { accept: OPENMETRICS },
    });
    expect(response.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    const found = parseExposition(await response.bytes(), 'openmetrics');
    expect(found.get('shop_restarts')?.samples).toMatchObject([{ name: 'shop_restarts_total', value: 4 }]);
    expect(found.get('groundcrew_readings')?.type).toBe('counter');
    expect(found.get('groundcrew_round_age_seconds')?.unit).toBe('seconds');
  });
});

test('HEAD has the headers of GET and no body', async () => {
  const { metrics } = exporterOf();
  const url = await listen(metrics);
  const whole = await fetch(url);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([
    200,
    whole.headers.get('content-length'),
  ]);
  expect(await head.text()).toBe('');
  const direct = await metrics(new Request(url, { method: 'HEAD' }));
  expect([direct.headers.get('content-length'), await direct.text()]).toEqual([
    whole.headers.get('content-length'),
    '',
  ]);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
  '%s is refused, and reads nothing',
  async (method) => {
    const readings = new Readings();
    const { metrics } = exporterOf(readings.read);
    const url = await listen(metrics);
    for (const response of [await fetch(url, { method }), await metrics(new Request(url, { method }))])
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(readings.started).toHaveLength(0);
  },
);

test('who refuses both formats is told which there are', async () => {
  const response = await fetch(await listen(exporterOf().metrics), { headers: { accept: '*/*;q=0' } });
  expect(response.status).toBe(406);
  expect(await response.text()).toContain('application/openmetrics-text');
});

test('nothing known is 503 on the wire as well, and errors do not leave the handler', async () => {
  const url = await listen(exporterOf(async () => Promise.reject(new Error('x'))).metrics);
  const response = await fetch(url, { headers: { accept: OPENMETRICS } });
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect((await response.text()).length).toBeGreaterThan(20);
});

test('a scraper that goes away is waited for no longer, and the reading serves the next one', async () => {
  const readings = new Readings();
  const { metrics } = exporterOf(readings.read);
  const url = await listen(metrics);
  const going = request(url);
  going.on('error', () => undefined);
  going.end();
  const server = servers.at(0);
  if (server === undefined) throw new Error('the exporter listens');
  await once(server, 'request');
  going.destroy();
  const next = fetch(url);
  await once(server, 'request');
  expect(readings.started).toHaveLength(1);
  readings.started[0]?.resolve(aRound());
  expect((await next).status).toBe(200);
});

test('two texts of one round differ in their ages alone', async () => {
  const { metrics, clock } = exporterOf();
  const url = await listen(metrics);
  const first = await (await fetch(url)).text();
  await clock.advance('7s');
  const second = await (await fetch(url)).text();
  const lines = second.split('\n');
  const changed = first.split('\n').filter((line, index) => line !== lines[index]);
  expect(changed).toEqual([
    'groundcrew_collector_age_seconds{collector="servers"} 0',
    'groundcrew_round_age_seconds 0',
  ]);
});
