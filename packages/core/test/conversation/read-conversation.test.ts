import { describe, expect, test } from 'vitest';
import { readConversation, type RecordedExchange, requestKey } from '../../src/conversation.ts';

const exchange: RecordedExchange = {
  version: 1,
  id: 'req-00000000-0000-4000-8000-000000000001',
  at: '2026-11-30T03:12:00.123Z',
  durationMs: 12.5,
  method: 'GET',
  url: 'http://h/v2.1/servers',
  request: { headers: {} },
  answer: { status: 200, headers: {}, body: { json: null } },
};
const line = (more: object = {}): string => `${JSON.stringify({ ...exchange, ...more })}\n`;

test('what was being written when the program was killed is left out, and that is said', () => {
  const whole = line() + line({ durationMs: 3 });
  expect(readConversation(whole)).toMatchObject({ isCut: false, exchanges: [{}, { durationMs: 3 }] });
  for (let length = line().length + 1; length < whole.length - 1; length += 7)
    expect(readConversation(whole.slice(0, length))).toEqual({ isCut: true, exchanges: [exchange] });
  // Only the line feed is missing: nothing is lost.
  expect(readConversation(whole.slice(0, -1))).toMatchObject({ isCut: false, exchanges: [{}, {}] });
  expect(readConversation('')).toEqual({ isCut: false, exchanges: [] });
});

describe('what it did not write is refused by line and field', () => {
  test.each<[string, string]>([
    ['{"version":1,\n' + line(), 'readConversation: line 1: is no JSON'],
    [line() + '\n' + line(), 'readConversation: line 2: is no JSON'],
    [line() + '5\n', 'readConversation: line 2: '],
    [line() + '[]', 'readConversation: line 2: '],
    [line({ version: 2 }), 'readConversation: line 1: version: '],
    [line({ more: 1 }), 'readConversation: line 1: more: there is no such field'],
    [line() + line({ durationMs: -1 }), 'readConversation: line 2: durationMs: '],
    [line({ id: 'req-1] forged' }), 'readConversation: line 1: id: is no request id'],
    [line({ at: 'yesterday' }), 'readConversation: line 1: at: '],
    [line({ answer: { status: 200 } }), 'readConversation: line 1: answer.headers: '],
    [line({ answer: { status: 200, headers: {}, body: {} } }), 'readConversation: line 1: answer.body'],
    [
      line({ answer: { status: 200, headers: {}, body: { left: 'lost' } } }),
      'readConversation: line 1: answer.body',
    ],
    [
      line({ answer: undefined }),
      'readConversation: line 1: answer: there is neither an answer nor a failure',
    ],
    [
      line({ endpoint: 'http://h/v3' }),
      'readConversation: line 1: endpoint: is not the beginning of the url',
    ],
  ])('%#', (text, message) => {
    let caught: unknown;
    try {
      readConversation(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'input', operation: 'readConversation' });
    expect(String(caught)).toContain(message);
  });

  test('no text at all', () => {
    expect(() => readConversation(Buffer.from('') as never)).toThrow('must be text');
  });

  test('the refusal shows nothing of the line', () => {
    expect(() => readConversation('{"password": "hunter22", oops}\n')).toThrow(
      /^readConversation: line 1: is no JSON$/,
    );
  });
});

describe('two requests that ask the same', () => {
  const key = (path: string, headers: Record<string, string> = {}, method = 'GET'): string =>
    requestKey({ service: 'compute', method, path, headers });

  test('in another order of the query, with a slash at the end, with a secret', () => {
    expect(key('servers?limit=1&status=ERROR')).toBe(key('servers?status=ERROR&limit=1'));
    expect(key('servers/')).toBe(key('servers'));
    expect(key('servers', {}, 'get')).toBe(key('servers'));
    expect(key('x?token=abc')).toBe(key('x?token=***'));
    const nova = { 'OpenStack-API-Version': 'compute 2.96' };
    expect(key('servers', nova)).toBe(key('servers', { 'x-openstack-nova-api-version': '2.96' }));
    expect(key('servers', nova)).toBe(
      requestKey({ service: 'compute', method: 'GET', path: 'servers', headers: new Headers(nova) }),
    );
  });

  test('and such as do not', () => {
    const keys = [
      key('servers'),
      key('servers?limit=1'),
      key('servers?limit=1&limit=2'),
      key('servers?limit=2&limit=1'),
      key('servers', { 'openstack-api-version': 'compute 2.96' }),
      key('servers', { 'openstack-api-version': 'compute 2.1' }),
      key('servers', {}, 'POST'),
      key('servers/detail'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
