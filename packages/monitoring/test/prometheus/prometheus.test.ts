// Answers as Prometheus 2.42 gives them (web/api/v1/api.go), and as Thanos and Mimir do where a store is not reached.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInputError, Secret } from '@groundcrew/core';
import { afterEach, expect, test } from 'vitest';
import { type Prometheus, prometheus } from '../../src/prometheus.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** A server that answers as it is told, and a reader of it. */
async function served(
  answer: (asked: Asked, response: ServerResponse) => void,
  options: Parameters<typeof prometheus>[1] = {},
): Promise<{ prom: Prometheus; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    const question = { path: url.pathname, query: url.searchParams, headers: request.headers };
    asked.push(question);
    response.setHeader('content-type', 'application/json');
    answer(question, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const prom = prometheus(`http://127.0.0.1:${port}/prom/`, options);
  closing.push(async () => {
    await prom.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { prom, asked };
}

const success = (data: object, more: object = {}): string =>
  JSON.stringify({ status: 'success', data, ...more });

test('an instant question: labels, time in milliseconds, NaN and the infinities', async () => {
  const { prom, asked } = await served((_, response) => {
    const result = ['1.5', 'NaN', '+Inf', '-Inf'].map((value, index) => ({
      metric: { __name__: 'up', instance: `i-${index}` },
      value: [1_764_400_000.5, value],
    }));
    response.end(success({ resultType: 'vector', result }));
  });
  const up = await prom.query('up', { at: 1_764_400_000_500 });
  expect(up.completeness).toBe('complete');
  expect(up.value.map(({ points }) => points[0])).toEqual(
    [1.5, NaN, Infinity, -Infinity].map((value) => ({ at: 1_764_400_000_500, value })),
  );
  expect(up.value[0]?.labels).toEqual({ __name__: 'up', instance: 'i-0' });
  expect(asked[0]?.path).toBe('/prom/api/v1/query');
  expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({ query: 'up', time: '1764400000.5' });
});

test('a warning makes an answer partial, and its words are the gap', async () => {
  const { prom } = await served((_, response) =>
    response.end(
      success(
        { resultType: 'vector', result: [] },
        { warnings: ['receive series from store-2: unavailable'] },
      ),
    ),
  );
  const { completeness, gaps } = await prom.query('up');
  expect(completeness).toBe('partial');
  expect(gaps[0]?.why).toBe('receive series from store-2: unavailable');
});

test('native histograms are counted, and are no values', async () => {
  const { prom } = await served((_, response) =>
    response.end(success({ resultType: 'vector', result: [{ metric: {}, histogram: [1, { count: '3' }] }] })),
  );
  const { completeness, value, gaps } = await prom.query('h');
  expect([completeness, value]).toEqual(['partial', []]);
  expect(gaps[0]?.why).toBe('1 series are native histograms, which are not read');
});

test('a range of more points than one answer may have is asked for in parts, no point twice', async () => {
  const { prom, asked } = await served(({ query }, response) => {
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name)));
    const values = [];
    for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 1) values.push([at, String(at)]);
    if (values.length > 11_000) {
      response.statusCode = 400;
      response.end(
        JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'exceeded maximum resolution' }),
      );
    } else response.end(success({ resultType: 'matrix', result: [{ metric: { a: '1' }, values }] }));
  });
  const range = await prom.queryRange('a', { from: 0, to: 25_000_000, step: '1s' });
  expect(asked).toHaveLength(3);
  expect(range.completeness).toBe('complete');
  expect(range.value).toHaveLength(1);
  expect(range.value[0]?.points.map(({ at }) => at)).toEqual(
    Array.from({ length: 25_001 }, (_, index) => index * 1000),
  );
});

test('a part of a range that fails makes the whole partial', async () => {
  const { prom } = await served(({ query }, response) => {
    if (Number(query.get('start')) > 0) response.statusCode = 422;
    response.end(
      response.statusCode === 200
        ? success({ resultType: 'matrix', result: [{ metric: {}, values: [[0, '1']] }] })
        : JSON.stringify({ status: 'error', errorType: 'execution', error: 'query timed out' }),
    );
  });
  const range = await prom.queryRange('a', { from: 0, to: 12_000_000, step: 1000 });
  expect(range.completeness).toBe('partial');
  expect(range.value).toHaveLength(1);
  expect(range.gaps[0]?.why).toMatch(/query timed out/);
});

test('an expression that is not understood is the caller’s mistake, in the server’s words', async () => {
  const { prom } = await served((_, response) => {
    response.statusCode = 400;
    response.end(
      JSON.stringify({
        status: 'error',
        errorType: 'bad_data',
        error: 'invalid parameter "query": 1:4: parse error: unclosed left brace',
      }),
    );
  });
  const error = await prom.query('up{').catch((thrown: unknown) => thrown);
  expect(isInputError(error) && error.field).toBe('expression');
  expect(String(error)).toMatch(/invalid parameter "query": 1:4: parse error: unclosed left brace/);
});

test.each([
  [401, '{"status":"error"}', 'failed'],
  [403, 'forbidden', 'denied'],
  [404, '404 page not found', 'failed'],
  [422, '{"status":"error","errorType":"execution","error":"too many samples"}', 'failed'],
  [500, '<html>', 'failed'],
  [200, '', 'failed'],
  [200, 'null', 'failed'],
  [200, '{"status":"success","data":null}', 'failed'],
  [200, '{"status":"success","data":{"resultType":"vector","result":null}}', 'failed'],
  [200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"val', 'failed'],
] as const)('%i with %s: nothing is known, and a gap says so', async (status, body, completeness) => {
  const { prom } = await served((_, response) => {
    response.statusCode = status;
    response.end(body);
  });
  const seen = await prom.query('up');
  expect([seen.completeness, seen.value, seen.gaps.length]).toEqual([completeness, [], 1]);
});

test('a secret header is sent, and shown nowhere', async () => {
  const { prom, asked } = await served(
    (_, response) => {
      response.statusCode = 403;
      response.end('no');
    },
    { headers: { authorization: new Secret('Bearer canary-1'), 'x-scope-orgid': 'tenant' } },
  );
  const seen = await prom.query('up');
  expect(asked[0]?.headers['authorization']).toBe('Bearer canary-1');
  expect(asked[0]?.headers['x-scope-orgid']).toBe('tenant');
  expect(JSON.stringify(seen)).not.toContain('canary');
});

test.each([
  ['no url', 'is no URL'],
  ['ftp://prom', 'is no http or https'],
  ['http://user:canary@prom', 'has userinfo'],
  ['http://prom/?a=canary', 'has a query'],
])('%s is refused, and not shown', (url, why) => {
  expect(() => prometheus(url)).toThrow(why);
  expect(() => prometheus(url)).not.toThrow(/canary/);
});

test('a range that ends before it begins, a step of nothing and an unknown option are refused', async () => {
  const prom = prometheus('http://127.0.0.1:1');
  await expect(prom.queryRange('up', { from: 1, to: 0, step: '1s' })).rejects.toThrow('to: is before from');
  await expect(prom.queryRange('up', { from: 0, to: 1, step: 0 })).rejects.toThrow('step');
  await expect(prom.query('up', { time: 1 } as never)).rejects.toThrow('time');
  await expect(prom.query(' ')).rejects.toThrow('expression');
});
