import { EventEmitter } from 'eventemitter3';
import { describe, expect, test } from 'vitest';
import type { CloudEvents, RetryEvent } from '../../src/telemetry/events.ts';
import type { ExchangeRequest } from '../../src/wire/exchange.ts';
import { createExchange } from '../../src/wire/retry.ts';
import { createSend } from '../../src/wire/transport.ts';
import { reply, reset, scriptedServer, silent, truncated } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';

function client() {
  const clock = new TestClock();
  const events = new EventEmitter<CloudEvents>();
  const retried: RetryEvent[] = [];
  events.on('retry', (event) => retried.push(event));
  const exchange = createExchange({
    send: createSend(),
    clock,
    random: () => 1,
    events,
    timeout: 5_000,
    deadline: 300_000,
    retries: 4,
    maxBody: 1024 * 1024,
  });
  return { clock, events, retried, exchange };
}

const get = (url: string, parts: Partial<ExchangeRequest> = {}): ExchangeRequest => ({
  service: 'compute',
  operation: 'servers.get',
  route: 'servers/{id}',
  method: 'GET',
  url: `${url}/servers/1`,
  headers: {},
  idempotent: true,
  read: 'text',
  ...parts,
});
const post = (url: string, parts: Partial<ExchangeRequest> = {}) =>
  get(url, { method: 'POST', idempotent: false, body: '{"a":1}', ...parts });

describe('what is repeated', () => {
  test('429 with Retry-After in seconds, of any call: the body goes out again', async () => {
    await using server = await scriptedServer(
      reply(429, {}, { 'retry-after': '7' }),
      reply(202, { ok: true }),
    );
    const { exchange, clock, retried } = client();
    const result = await exchange(post(server.url));
    expect(result.response.status).toBe(202);
    expect(result.attempts).toBe(2);
    expect(clock.slept).toEqual([7_000]);
    expect(server.seen.map((request) => request.body)).toEqual(['{"a":1}', '{"a":1}']);
    expect(retried).toMatchObject([{ reason: '429', delayMs: 7_000, route: 'servers/{id}', attempt: 1 }]);
  });

  test('429 with a date, and 429 without a header', async () => {
    const { exchange, clock } = client();
    const date = new Date(clock.now() + 9_000).toUTCString();
    await using server = await scriptedServer(
      reply(429, {}, { 'retry-after': date }),
      reply(429),
      reply(200),
    );
    await exchange(get(server.url));
    expect(clock.slept).toEqual([9_000, 1_000]);
  });

  test.each([502, 503, 504])('%i of an idempotent call, with growing delays', async (status) => {
    await using server = await scriptedServer(reply(status), reply(status), reply(status), reply(200));
    const { exchange, clock } = client();
    expect((await exchange(get(server.url))).attempts).toBe(4);
    expect(clock.slept).toEqual([500, 1_000, 2_000]);
  });

  test('503 with Retry-After of a POST: the service refused, nothing happened', async () => {
    await using server = await scriptedServer(reply(503, {}, { 'retry-after': '1' }), reply(200));
    expect((await client().exchange(post(server.url))).attempts).toBe(2);
  });

  test('a reset connection, and a body that breaks off, of an idempotent call', async () => {
    await using server = await scriptedServer(reset, truncated('{"server": {'), reply(200, { server: 1 }));
    const result = await client().exchange(get(server.url));
    expect(result.text).toBe('{"server":1}');
    expect(result.attempts).toBe(3);
  });

  test('a timeout of an idempotent call', async () => {
    await using server = await scriptedServer(silent, reply(200));
    expect((await client().exchange(get(server.url, { timeout: 50 }))).attempts).toBe(2);
  });

  test('a refused connection, even of a POST: it was never sent', async () => {
    const gone = await scriptedServer(reply(200));
    await gone[Symbol.asyncDispose]();
    const { exchange, clock } = client();
    await expect(exchange(post(gone.url))).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'ECONNREFUSED',
      attempts: 5,
      service: 'compute',
    });
    expect(clock.slept).toHaveLength(4);
  });
});

describe('what is not repeated', () => {
  test.each([
    ['a 500', reply(500)],
    ['a 503 without Retry-After', reply(503)],
    ['a 502', reply(502)],
  ])('%s of a POST', async (_, step) => {
    await using server = await scriptedServer(step, reply(200));
    expect((await client().exchange(post(server.url))).attempts).toBe(1);
    expect(server.seen).toHaveLength(1);
  });

  test('a reset connection of a POST: it may have had its effect', async () => {
    await using server = await scriptedServer(reset, reply(200));
    await expect(client().exchange(post(server.url))).rejects.toMatchObject({
      code: 'unreachable',
      attempts: 1,
    });
    expect(server.seen).toHaveLength(1);
  });

  test('a body that can be read only once', async () => {
    await using server = await scriptedServer(reply(429), reply(200));
    const body = ReadableStream.from([new TextEncoder().encode('once')]);
    const result = await client().exchange(get(server.url, { method: 'PUT', body }));
    expect(result.response.status).toBe(429);
    expect(server.seen.map((request) => request.body)).toEqual(['once']);
  });

  test('a Retry-After beyond a minute, or beyond the deadline: the answer comes back at once', async () => {
    await using server = await scriptedServer(reply(429, {}, { 'retry-after': '3600' }));
    const { exchange, clock } = client();
    expect((await exchange(get(server.url))).response.status).toBe(429);
    expect((await exchange(get(server.url, { deadline: 1_000 }))).response.status).toBe(429);
    expect(clock.slept).toEqual([]);
  });

  test('more often than allowed: the last answer comes back, with all request ids', async () => {
    let id = 0;
    await using server = await scriptedServer((response) => {
      id += 1;
      void reply(503, {}, { 'x-openstack-request-id': `req-${id}` })(response, {} as never);
    });
    const result = await client().exchange(get(server.url, { retries: 2 }));
    expect(result.response.status).toBe(503);
    expect(result.requestIds).toEqual(['req-1', 'req-2', 'req-3']);
  });
});

describe('aborting', () => {
  test('ends a silent call with the reason unchanged', async () => {
    await using server = await scriptedServer(silent);
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = client().exchange(get(server.url, { signal: controller.signal }));
    setImmediate(() => controller.abort(reason));
    await expect(call).rejects.toBe(reason);
  });

  test('ends the sleep between two attempts', async () => {
    await using server = await scriptedServer(reply(503));
    const controller = new AbortController();
    const { exchange, events } = client();
    events.on('retry', () => controller.abort('stop'));
    await expect(exchange(get(server.url, { signal: controller.signal }))).rejects.toBe('stop');
    expect(server.seen).toHaveLength(1);
  });

  test('a signal aborted before sends nothing', async () => {
    await using server = await scriptedServer(reply(200));
    await expect(client().exchange(get(server.url, { signal: AbortSignal.abort('no') }))).rejects.toBe('no');
    expect(server.seen).toHaveLength(0);
  });
});

test('a timeout that stays says so, with the facts', async () => {
  await using server = await scriptedServer(silent);
  await expect(client().exchange(post(server.url, { timeout: 30 }))).rejects.toMatchObject({
    code: 'timeout',
    attempts: 1,
    operation: 'servers.get',
  });
});
