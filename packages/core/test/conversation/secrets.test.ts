import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connect, type RawRequest, Secret } from '../../src/index.ts';
import { ConversationSecrets } from '../../src/conversation/conversation-secrets.ts';
import { urlWithoutSecrets } from '../../src/conversation/url-without-secrets.ts';
import { type Answer, cloudOfRoutes } from '../foreign/cloud-of-routes.ts';
import { recording } from './recording.ts';

// What recorders and debug logs of others told: cloudfoundry/bosh-openstack-cpi-release pull request 351 (the secret of an application
// credential), andrew-blake/melcloudhome pull request 223 (`Set-Cookie` in another case), rook/rook issue 8778 (keys of radosgw's admin API, and
// a signed header), php-opencloud/openstack issue 398 (the password in an error), vcr/vcr issue 704 (tokens in cassettes).

/** With what each encoding writes otherwise: quotes, a backslash, blanks, tags, a letter outside of ASCII, a plus. */
const CANARY = 'c4n"ary\\päss & <x>+1';
/** One that a header can carry. */
const PLAIN = 'Kq7canary0815Zj9';

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const ascii = (text: string): string =>
  text.replaceAll(
    /[^\x20-\x7E]/g,
    (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const ENCODINGS: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in JSON', inJson],
  ['in JSON, ASCII only', (text) => ascii(inJson(text))],
  ['in JSON within JSON', (text) => inJson(inJson(text))],
  ['in a URL', encodeURIComponent],
  ['in a form', (text) => encodeURIComponent(text).replaceAll('%20', '+')],
  ['in HTML', html],
  ['as Base64', (text) => Buffer.from(text).toString('base64')],
  ['as Base64 behind a name', (text) => Buffer.from(`user:${text}`).toString('base64')],
];
const leaks = (text: string): string[] =>
  [CANARY, PLAIN].flatMap((secret) =>
    ENCODINGS.flatMap(([name, encode]) =>
      text.includes(encode(secret).replace(/=+$/, '')) ? [`${secret} ${name}`] : [],
    ),
  );

/** Asks once, of a service that answers so, and gives all that the recording shows of it. */
async function shownOf(request: Partial<RawRequest>, answer: Answer = {}): Promise<string> {
  const { fetch, exchanges, shown } = recording();
  await using site = await cloudOfRoutes({ compute: '@/compute/v2.1' }, () => answer, { fetch });
  await site.cloud.request('compute', { path: 'things', ...request }).catch(() => undefined);
  expect(exchanges).toHaveLength(2);
  return shown();
}

test('the canaries would be seen', async () => {
  expect(
    leaks(await shownOf({ method: 'POST', body: { name: CANARY, note: PLAIN } })).length,
  ).toBeGreaterThan(1);
});

const nestedTimes = (times: number, value: object): string =>
  JSON.stringify(times === 1 ? value : { a: nestedTimes(times - 1, value) });

describe('what is sent', () => {
  const cases: readonly (readonly [string, Partial<RawRequest>])[] = [
    ['a service token', { headers: { 'x-service-token': PLAIN } }],
    ['a header of credentials', { headers: { authorization: `Bearer ${PLAIN}` } }],
    ['a cookie', { headers: { cookie: `session=${PLAIN}` } }],
    [
      'a signed header',
      { headers: { Authorization: `AWS4-HMAC-SHA256 Credential=AK/s3, Signature=${PLAIN}` } },
    ],
    [
      'an application credential',
      {
        method: 'POST',
        body: { auth: { identity: { application_credential: { id: 'a', secret: CANARY } } } },
      },
    ],
    ['a header that nobody knows', { headers: { 'x-acme-thing': PLAIN } }],
    ['a password', { method: 'POST', body: { user: { password: CANARY, original_password: PLAIN } } }],
    [
      'adminPass and user_data',
      { method: 'POST', body: { server: { adminPass: CANARY, user_data: PLAIN } } },
    ],
    [
      'a credential',
      { method: 'POST', body: { credential: { blob: JSON.stringify({ access: 'a', secret: CANARY }) } } },
    ],
    [
      'JSON within JSON',
      { method: 'POST', body: { metadata: { settings: JSON.stringify({ db_password: CANARY }) } } },
    ],
    [
      'JSON within JSON within JSON',
      { method: 'POST', body: { a: JSON.stringify({ b: JSON.stringify({ api_key: CANARY }) }) } },
    ],
    ['JSON within JSON, six times', { method: 'POST', body: { a: nestedTimes(6, { api_key: PLAIN }) } }],
    ['a list under the name', { method: 'POST', body: { passwords: [CANARY, { deep: [PLAIN] }] } }],
    ['a secret without such a name', { method: 'POST', body: { name: new Secret(PLAIN) } }],
    ['a parameter', { query: { password: CANARY, sig: PLAIN } }],
    [
      'a signature in a link',
      { method: 'POST', body: { url: `https://h/v1/signal?Signature=${PLAIN}&x=1` } },
    ],
    [
      'a login in a link',
      { method: 'POST', body: { url: `swift+https://user:${encodeURIComponent(CANARY)}@h/x` } },
    ],
    [
      'a private key',
      {
        method: 'POST',
        body: { text: `-----BEGIN RSA PRIVATE KEY-----\n${PLAIN}\n-----END RSA PRIVATE KEY-----` },
      },
    ],
  ];
  test.each(cases)('%s', async (_, request) => {
    expect(leaks(await shownOf(request))).toEqual([]);
  });
});

describe('what is answered', () => {
  const cases: readonly (readonly [string, Answer])[] = [
    ['a token', { headers: { 'x-subject-token': PLAIN } }],
    ['a cookie', { headers: { 'set-cookie': `session=${PLAIN}; Path=/; HttpOnly`, 'x-acme-thing': PLAIN } }],
    [
      'a link with a login',
      { status: 302, headers: { location: `https://user:${PLAIN}@h/x?token=${PLAIN}` } },
    ],
    ['adminPass', { body: { server: { adminPass: CANARY } } }],
    ['a private key', { body: { keypair: { private_key: PLAIN } } }],
    ['a credential', { body: { credential: { blob: JSON.stringify({ secret: CANARY }) } } }],
    ['keys of an object store', { body: { keys: [{ user: 'u', access_key: PLAIN, secret_key: CANARY }] } }],
    ['a cookie in another case', { headers: { 'SET-COOKIE': `.Identity=${PLAIN}` } }],
    ['all credentials', { body: { credentials: [{ id: 'x', blob: CANARY }] } }],
    ['user data', { body: { server: { 'OS-EXT-SRV-ATTR:user_data': PLAIN } } }],
    [
      'a console',
      { body: { remote_console: { url: `http://h:6080/vnc_auto.html?path=%3Ftoken%3D${PLAIN}` } } },
    ],
    [
      'a webhook',
      { body: { receiver: { channel: { alarm_url: `http://h/v1/webhooks/${PLAIN}/trigger?V=2` } } } },
    ],
    ['a signed link', { body: { x: `http://h/v1/AUTH_x/c/o?temp_url_sig=${PLAIN}&temp_url_expires=1` } }],
    ['a signed link in HTML', { status: 500, body: `<a href="http://h?a=b&amp;Signature=${PLAIN}">` }],
    ['a token of old', { body: { access: { token: { id: PLAIN } } } }],
    ['metadata', { body: { servers: [{ metadata: { 'app.password': CANARY } }] } }],
    ['text that is no JSON', { headers: { 'content-type': 'text/plain' }, body: PLAIN }],
    ['a JSON text', { headers: { 'content-type': 'text/plain' }, body: JSON.stringify(PLAIN) }],
    ['bytes', { headers: { 'content-type': 'application/octet-stream' }, body: PLAIN }],
    ['JSON that is cut off', { body: `{"server": {"adminPass": "${PLAIN}` }],
    ['an error with a login', { status: 500, body: `DBError: mysql+pymysql://nova:${PLAIN}@db/nova` }],
  ];
  test.each(cases)('%s', async (_, answer) => {
    expect(leaks(await shownOf({}, answer))).toEqual([]);
  });

  test('the payload of a secret', async () => {
    expect(leaks(await shownOf({ path: 'secrets/x/payload' }, { body: { any: PLAIN } }))).toEqual([]);
  });
});

describe('what was sent as a secret comes back', () => {
  const body = (echo: string): readonly (readonly [string, Answer])[] => [
    [
      'an error in JSON',
      { status: 400, body: `{"error": {"message": "'${inJson(echo)}' is too short", "code": 400}}` },
    ],
    [
      'an error in JSON, escaped by whoever wrote it',
      { status: 400, body: `{"error": {"message": "'${echo}' is short"}}` },
    ],
    [
      'a page',
      { status: 500, headers: { 'content-type': 'text/html' }, body: `<html><p>you sent ${echo}</p>` },
    ],
    ['a success', { body: { user: { note: `it is ${echo}`, [`it is ${echo}`]: 1 } } }],
    ['a success, within JSON', { body: { user: { note: JSON.stringify({ was: echo }) } } }],
  ];
  for (const [name, encode] of ENCODINGS) {
    test.each(body(encode(CANARY)))(`${name}: %s`, async (_, answer) => {
      const request = { method: 'POST', body: { user: { password: CANARY } } } as const;
      const text = await shownOf(request, answer);
      expect(leaks(text)).toEqual([]);
      expect(text).not.toContain('päss');
    });
  }

  test('a token of a console, which is a segment of the path', async () => {
    const { fetch, shown } = recording();
    const services = { compute: '@/compute/v2.1' };
    await using site = await cloudOfRoutes(services, () => ({ status: 404, body: `no ${PLAIN}` }), { fetch });
    await site.cloud.compute.consoleAuthTokens.get({ id: PLAIN }).catch(() => undefined);
    expect(shown()).toContain('/os-console-auth-tokens/***');
    expect(leaks(shown())).toEqual([]);
  });

  test('in a later call, and the password of the login, too', async () => {
    const { fetch, shown } = recording({ secrets: [new Secret('a-third-one-9876')] });
    const answers = [`you had ${CANARY}`, `and ${PLAIN} and a-third-one-9876`];
    await using site = await cloudOfRoutes(
      { compute: '@/compute/v2.1' },
      ({ method }) => (method === 'POST' ? {} : { status: 500, body: answers.shift() ?? '' }),
      { fetch },
    );
    const auth = {
      auth_url: `${site.base}/identity/v3`,
      username: 'u',
      password: PLAIN,
      user_domain_id: 'default',
      project_id: 'p',
    };
    const cloud = connect({ env: {}, auth, fetch, retries: 0 });
    await cloud.request('compute', { path: 'x', method: 'POST', body: { password: CANARY } });
    for (const path of ['a', 'b']) await cloud.request('compute', { path }).catch(() => undefined);
    expect(answers).toEqual([]);
    expect(leaks(shown())).toEqual([]);
    expect(shown()).not.toContain('a-third-one-9876');
  });

  test('property: any secret, in any encoding, in an error and in data', () => {
    const secret = fc
      .string({ minLength: 4, maxLength: 30, unit: 'grapheme' })
      .map((text) => `Kq7${text}Zj9`);
    const encode = fc.constantFrom(...ENCODINGS.slice(0, 6).map(([, how]) => how));
    fc.assert(
      fc.property(secret, encode, (word, how) => {
        const secrets = new ConversationSecrets([]);
        secrets.add([word]);
        const value = { note: `it is ${how(word)}.`, list: [JSON.stringify({ was: how(word) })] };
        const source = JSON.stringify(value);
        for (const isError of [true, false]) {
          const shown = JSON.stringify(secrets.json(JSON.parse(source), source, isError));
          expect(shown).not.toContain('Kq7');
          expect(shown).not.toContain('Zj9');
        }
        expect(secrets.text(how(word))).not.toMatch(/Kq7|Zj9/);
      }),
      { numRuns: 300 },
    );
  });
});

test('a short secret is left out of errors, and not of the words of data', async () => {
  const request = { method: 'POST', body: { password: 'admin' } } as const;
  expect(await shownOf(request, { status: 400, body: '{"message": "admin is weak"}' })).toContain(
    '*** is weak',
  );
  expect(await shownOf(request, { body: { role: 'admin' } })).toContain('"role":"admin"');
});

test('JSON within JSON is looked into, so that also a short secret and a list of them go by their names', async () => {
  const shown = await shownOf(
    {},
    { body: { a: nestedTimes(6, { api_key: 'Kq7x', passwords: ['Zj9y'], port: 5000 }) } },
  );
  expect(shown).not.toMatch(/Kq7x|Zj9y/);
  expect(shown).toContain('5000');
});

test('what stands under the name of a secret keeps its form, and all else its letters', async () => {
  const body = {
    credentials: [{ id: 'c1', type: 'ec2', count: 5, blob: 'x', user: { enabled: true, name: null } }],
    application_credentials: [{ id: 'a1', name: 'robot' }],
    token_ttl: 5,
    text: String.raw`{"a": "b\u00e4\n\\ %41 &amp; +"}`,
    '__proto__ ': { polluted: true },
    page: 'http://h/v2.1/servers/detail?limit=2&marker=5f3a',
  };
  const shown = await shownOf({}, { body });
  const line = shown.split('\n').findLast((one) => one.startsWith('{'));
  const { answer } = JSON.parse(line ?? '') as { answer: { body: { json: unknown } } };
  expect(answer.body.json).toEqual({
    ...body,
    credentials: [{ id: '***', type: '***', count: '***', blob: '***', user: { enabled: true, name: null } }],
  });
});

test.each([
  ['http://u:p4ssword@h:8774/v2.1/x', 'http://***:***@h:8774/v2.1/x'],
  ['http://h/x?token=5&a=1', 'http://h/x?token=***&a=1'],
  ['http://h/v1/webhooks/5f3a11aa/trigger?V=2', 'http://h/v1/webhooks/***/trigger?V=2'],
  ['http://h/x?limit=10&marker=a%20b', 'http://h/x?limit=10&marker=a%20b'],
  ['http://h/a b', 'http://h/a%20b'],
])('%s is shown as %s, and again', (url, shown) => {
  expect(urlWithoutSecrets(url)).toBe(shown);
  expect(urlWithoutSecrets(shown)).toBe(shown);
});

test('no text takes longer than linearly', () => {
  const secrets = new ConversationSecrets(['a secret of this length']);
  const size = 300_000;
  for (const unit of [
    '?',
    '&a',
    '?a=',
    '/webhooks/',
    '\\u0026a=%',
    '=%3Fa',
    '&a=%2525',
    '{"a":',
    '["\\"',
    'token=',
  ]) {
    const text = unit.repeat(size / unit.length);
    // Of this process: the machine may have other things to do.
    const before = process.cpuUsage();
    secrets.text(text);
    secrets.json({ text }, text, true);
    expect(process.cpuUsage(before).user / 1000, unit).toBeLessThan(3000);
  }
});
