import { createServer } from 'node:https';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { conversationLog, type RecordedExchange } from '../../src/conversation.ts';
import { connect } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';
import { Certificates } from '../wire/certificates.ts';
import { recording } from './recording.ts';

const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());

const ID = 'req-725e86ee-efd7-4170-9fe0-52127e0f2aea';
const OWN = 'req-00000000-0000-4000-8000-000000000001';
const exchange: RecordedExchange = {
  version: 1,
  id: OWN,
  at: '2026-11-30T03:12:00.123Z',
  durationMs: 87.9,
  service: 'compute',
  operation: 'servers.list',
  method: 'GET',
  url: 'http://10.0.2.15:8774/v2.1/servers/detail?limit=2',
  endpoint: 'http://10.0.2.15:8774/v2.1',
  microversion: '2.96',
  request: { headers: { accept: 'application/json', 'x-auth-token': '***' } },
  answer: {
    status: 200,
    requestId: ID,
    headers: { 'x-openstack-request-id': ID, 'content-type': 'application/json' },
    body: { json: { servers: [] } },
  },
};

// openstack/keystoneauth, keystoneauth1/session.py: `_http_log_request` (an address with a query in quotes, headers in their order),
// `_http_log_response`, and the line of `request`; oslo_log/_options.py: `logging_context_format_string`.
test('the lines of keystoneauth, behind the head of oslo.log', () => {
  const head = `7 DEBUG groundcrewclient.session [None ${OWN} - - - - - -]`;
  expect(conversationLog(exchange, { pid: 7 }).split('\n')).toEqual([
    `2026-11-30 03:12:00.123 ${head} REQ: curl -g -i -X GET "http://10.0.2.15:8774/v2.1/servers/detail?limit=2" -H "Accept: application/json" -H "X-Auth-Token: ***"`,
    `2026-11-30 03:12:00.210 ${head} RESP: [200] Content-Type: application/json X-Openstack-Request-Id: ${ID}`,
    `2026-11-30 03:12:00.210 ${head} RESP BODY: {"servers":[]}`,
    `2026-11-30 03:12:00.210 ${head} GET call to compute for http://10.0.2.15:8774/v2.1/servers/detail?limit=2 used request id ${ID}`,
    '',
  ]);
});

test('a body that was sent, one that was left out, a global id, a failure, no service', () => {
  const text = conversationLog(
    {
      ...exchange,
      service: undefined,
      globalRequestId: ID,
      method: 'POST',
      url: 'http://h/x',
      request: { headers: {}, body: { json: { a: 1 } } },
      answer: { status: 200, requestId: 'tx1', headers: {}, body: { left: 'too-large', bytes: 5_000_000 } },
      failure: { kind: 'cut-off', reason: 'ECONNRESET', message: 'terminated' },
    },
    { logger: 'acmeclient', requestId: 'req-00000000-0000-4000-8000-00000000000f' },
  );
  expect(text).toContain(
    `DEBUG acmeclient [${ID} req-00000000-0000-4000-8000-00000000000f - - - - - -] REQ:`,
  );
  expect(text).toContain(`REQ: curl -g -i -X POST http://h/x -d '{"a":1}'\n`);
  expect(text).toContain('RESP BODY: <too-large, 5000000 bytes>\n');
  expect(text).toContain('POST call to http://h/x used request id tx1\n');
  expect(text).toContain('FAILED: POST http://h/x: cut-off ECONNRESET: terminated\n');
});

test('a catalogue is not told each time, and a long body in part', () => {
  const body = { json: { token: { user: { id: 'u' }, catalog: [{ type: 'compute' }] } } };
  const answer = { status: 201, headers: {}, body };
  expect(conversationLog({ ...exchange, answer })).toContain(
    'RESP BODY: {"token":{"user":{"id":"u"},"catalog":"<removed>"}}\n',
  );
  const long = { status: 200, headers: {}, body: { text: 'x'.repeat(20_000) } };
  expect(conversationLog({ ...exchange, answer: long })).toContain(
    `${'x'.repeat(16_000)}… (20000 characters)\n`,
  );
});

test('property: nothing that was said makes a line, an id of another context, or acts on a terminal', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      `\n2026-11-30 03:12:00.123 7 DEBUG keystoneauth [None ${ID} - -] GET call to x for http://h used request id ${ID}`,
      '\r\n',
      '\u2028',
      '\u0085',
      '\u001B[2J',
      '\u202E',
      ` used request id ${ID}`,
    ),
  );
  const property = fc.property(anyText, anyText, (one, other) => {
    const text = conversationLog({
      ...exchange,
      service: one,
      url: `http://h/${one}`,
      globalRequestId: other,
      request: { headers: { 'x-openstack-request-id': one }, body: { json: { [other]: one } } },
      answer: { status: 500, requestId: one, headers: { server: other }, body: { text: one + other } },
      failure: { kind: 'cut-off', reason: one, message: other },
    });
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cs}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/u);
    for (const line of lines)
      expect(line).toMatch(
        /^2026-11-30 03:12:00\.\d{3} \d+ DEBUG groundcrewclient\.session \[(?:None|req-[0-9a-f-]{36}) req-00000000-0000-4000-8000-000000000001 - - - - - -\] (?:REQ|RESP|RESP BODY|FAILED|GET call to)\b/,
      );
    const told = lines.filter((line) =>
      /^[^\]]*\] GET call to \S+ (?:for \S+ )?used request id \S+$/.test(line),
    );
    expect(told.length).toBe(/^\S{1,128}$/.test(one) ? 1 : 0);
  });
  fc.assert(property, { numRuns: 300 });
});

test.each([{ logger: 'a b' }, { requestId: 'req-1] x' }, { pid: -1 }, { lvl: 'debug' }])(
  'refuses %j',
  (options) => {
    expect(() => conversationLog(exchange, options as never)).toThrow(/^conversationLog: /);
  },
);

test('over TLS with an authority of its own: the recorder takes the settings of the entry along', async () => {
  const { cert, key } = certificates.issued('recorded');
  const services = cloudListener((_, response) => json(response, 200, { ok: true }), 'https');
  await using server = await listening(createServer({ cert, key }, services));
  const { fetch, exchanges } = recording();
  const url = `https://127.0.0.1:${server.port}/v3`;
  const options = { ...credentials(url), clock: new TestClock(), retries: 0, fetch };
  const { certFile: cacert } = certificates.authority;
  await using cloud = connect({ ...options, cacert });
  expect((await cloud.request('compute', { path: 'x' })).body).toEqual({ ok: true });
  expect(exchanges).toHaveLength(2);
  await using stranger = connect(options);
  await expect(stranger.token()).rejects.toThrow(/certificate/);
  expect(exchanges[2]).toMatchObject({
    failure: { kind: 'certificate', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  });
});
