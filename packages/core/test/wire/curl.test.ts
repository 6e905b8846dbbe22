import { expect, test } from 'vitest';
import { curlOf, redactUrl } from '../../src/wire/curl.ts';

const CANARY = 'c4n4ry';

test('no secret of any field or header gets through', () => {
  const shown = curlOf({
    method: 'POST',
    url: `http://user:${CANARY}@cloud:5000/v3/auth/tokens?temp_url_signature=${CANARY}`,
    headers: {
      'x-auth-token': CANARY,
      'x-subject-token': CANARY,
      authorization: CANARY,
      accept: 'application/json',
    },
    body: JSON.stringify({
      auth: {
        identity: {
          password: { user: { name: 'admin', password: CANARY } },
          token: { id: CANARY },
          application_credential: { id: 'visible', secret: CANARY },
        },
      },
      server: { adminPass: CANARY, user_data: CANARY, personality: [{ path: '/etc/x', contents: CANARY }] },
      credential: { blob: CANARY },
    }),
  });
  expect(shown).not.toContain(CANARY);
  expect(shown).toContain('-X POST');
  expect(shown).toContain('"name":"admin"');
  expect(shown).toContain('"id":"visible"');
});

test('a body that is not JSON is hidden, a stream is a file', () => {
  const base = { method: 'PUT', url: 'http://x/', headers: {} };
  expect(curlOf({ ...base, body: `key ${CANARY}` })).not.toContain(CANARY);
  expect(curlOf({ ...base, body: new Uint8Array(3) })).toContain('--data-binary @FILE');
});

test('quotes cannot break out of the shell', () => {
  expect(curlOf({ method: 'GET', url: "http://x/'; rm -rf ~; '", headers: {} })).toBe(
    String.raw`curl -sS -i 'http://x/'\''; rm -rf ~; '\'''`,
  );
});

test('a URL without secrets stays as it is', () => {
  expect(redactUrl('http://x/v2.1/servers?limit=2')).toBe('http://x/v2.1/servers?limit=2');
});
