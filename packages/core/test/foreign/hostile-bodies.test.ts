import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connect, isBodyLimitError, isGroundcrewError, isHttpError, observeList } from '../../src/index.ts';
import { isServiceFault, parseFault } from '../../src/errors/fault.ts';
import { cloudListener, credentials, listening } from '../scripted-cloud.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// axios/axios issue 6131 (a pattern that takes quadratic time), CWE-1333, CWE-674 (nesting without an end), CWE-409 (what unpacks to
// far more than was sent).
const KB200 = 200 * 1024;

describe('error bodies take linear time', () => {
  const nested = (open: string, close: string, times: number): string =>
    open.repeat(times) + close.repeat(times);
  test.each<[string, string]>([
    ['only `<`', '<'.repeat(KB200)],
    ['titles that never end', '<title'.repeat(KB200 / 6)],
    ['scripts that never end', '<script'.repeat(KB200 / 7)],
    ['scripts within scripts', '<html><script>'.repeat(KB200 / 14)],
    ['bodies within bodies', '<body><h1>'.repeat(KB200 / 10)],
    ['closing tags', '<html></'.repeat(KB200 / 8)],
    ['blanks', `<html>${' '.repeat(KB200)}x`],
    ['line feeds', `404 ${'\n '.repeat(KB200 / 2)}`],
    ['entities', `<html>${'&amp'.repeat(KB200 / 4)}`],
    ['quotes', `{"message": "${'\\"'.repeat(KB200 / 2)}"}`],
    ['errors within errors', nested('{"error_message":', '}', 50_000)],
    ['lists within lists', nested('{"errors":[', ']}', 25_000)],
    [
      'JSON within JSON',
      JSON.stringify({ error_message: JSON.stringify({ error_message: '{'.repeat(1000) }) }),
    ],
    ['one long word', 'x'.repeat(KB200)],
    ['passwords', 'password='.repeat(KB200 / 9)],
  ])('%s', (_, body) => {
    const start = process.cpuUsage().user;
    const fault = parseFault(500, body);
    isServiceFault(body);
    // A quadratic walk over 200 KiB took 9 to 100 s.
    expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(2);
    expect(fault.message.length).toBeLessThanOrEqual(2_000);
  });
});

/** Answers everything but the login and the versions with the same bytes. */
const answering = (status: number, bytes: Buffer, headers: Record<string, string> = {}, times = 1) =>
  listening(
    createServer(
      cloudListener((_, response) => {
        response.on('error', () => undefined);
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        let sent = 0;
        const more = (): void => {
          while (sent < times) {
            sent += 1;
            if (!response.write(bytes)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
      }),
    ),
  );

const cloudAt = (port: number, options: object = {}) =>
  connect({ ...credentials(`http://127.0.0.1:${port}/v3`), retries: 0, ...options });

describe('bodies are bounded', () => {
  test('an error of 100 MB is cut, and its beginning told', async () => {
    await using server = await answering(500, Buffer.alloc(1024 * 1024, 'x'), {}, 100);
    const before = process.memoryUsage().rss;
    const caught = await cloudAt(server.port)
      .compute.keypairs.get({ id: 'k' })
      .catch((error: unknown) => error);
    expect(isHttpError(caught) && caught.status).toBe(500);
    expect(isHttpError(caught) && caught.body.length).toBeLessThanOrEqual(64 * 1024);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(96);
  });

  test('a gzip bomb is given up at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '));
    await using server = await answering(200, bomb, { 'content-encoding': 'gzip' });
    const caught = await cloudAt(server.port, { maxBody: 1024 * 1024 })
      .compute.keypairs.get({ id: 'k' })
      .catch((error: unknown) => error);
    expect(isBodyLimitError(caught)).toBe(true);
    expect(caught).toMatchObject({ limit: 1024 * 1024, remedy: expect.stringContaining('maxBody') });
  });

  test('the limit is for each call to say', async () => {
    const body = JSON.stringify({ keypairs: [] }).padEnd(5_000);
    await using server = await answering(200, Buffer.from(body));
    const cloud = cloudAt(server.port, { maxBody: 4_000 });
    const narrow = await observeList('keypairs', cloud.compute.keypairs.list());
    expect(narrow).toMatchObject({ completeness: 'failed', gaps: [{ kind: 'cut' }] });
    const wide = await observeList('keypairs', cloud.compute.keypairs.list({}, { maxBody: 6_000 }));
    expect(wide).toMatchObject({ completeness: 'complete', value: [] });
  });
});

describe('property: whatever a service answers, the error is of the family', () => {
  const json = fc.json({ maxDepth: 5, noUnicodeString: false });
  const body = fc.oneof(
    json,
    fc.string({ unit: 'binary' }),
    json.map((text) => `{"servers": ${text}}`),
    json.map((text) => `{"server": ${text}}`),
    json.map((text) => `{"error": ${text}, "error_message": ${text}}`),
    json.map((text) => `{"versions": ${text}, "version": ${text}}`),
    fc
      .integer({ min: 1, max: 60_000 })
      .map((depth) => `{"servers":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  );
  const status = fc.constantFrom(
    200,
    200,
    200,
    201,
    204,
    300,
    301,
    400,
    401,
    403,
    404,
    406,
    409,
    413,
    429,
    500,
    503,
  );

  test(
    '300 answers to a list, a get, a delete, a search, a raw request and the versions',
    { timeout: 120_000 },
    async () => {
      let now: { status: number; body: string } = { status: 200, body: '' };
      await using site = await cloudOfRoutes({ compute: '@/compute' }, () => now);
      const { cloud } = site;
      const calls: readonly (() => Promise<unknown>)[] = [
        () => Array.fromAsync(cloud.compute.servers.list()),
        () => cloud.compute.servers.get({ id: 'x' }),
        () => cloud.compute.servers.delete({ id: 'x' }, { missingOk: true }),
        () => cloud.compute.servers.find('x', { missingOk: true }),
        () => cloud.request('compute', { path: 'x' }),
        () => cloud.versions('compute', { fresh: true }),
      ];
      let strangers = 0;
      const story = fc.asyncProperty(
        status,
        body,
        fc.nat({ max: calls.length - 1 }),
        async (code, text, which) => {
          now = { status: code, body: code === 204 ? '' : text };
          const error = await calls[which]?.().then(
            () => undefined,
            (caught: unknown) => caught,
          );
          if (error !== undefined && !isGroundcrewError(error)) strangers += 1;
          return error === undefined || isGroundcrewError(error);
        },
      );
      await fc.assert(story, { numRuns: 300 });
      expect(strangers).toBe(0);
    },
  );
});
