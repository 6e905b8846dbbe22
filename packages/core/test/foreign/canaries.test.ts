import { inspect } from 'node:util';
import { isSecretName, maskText, maskValue } from '@groundcrew/ground';
import { describe, expect, test } from 'vitest';
import { curlOf, redactUrl } from '../../src/wire/curl.ts';
import { connect } from '../../src/index.ts';
import { withoutSecrets } from '../../src/wire/sent-secrets.ts';
import type { ServiceSpec } from '../../src/record/operation.ts';
import { records } from '../../src/services/records.ts';
import { AnsweredSecret, GivenSecret } from '../../src/record/secret-fields.ts';
import { isShape, isVersioned, type Schema } from '../../src/record/shape.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// PyCQA/bandit issue 201 (a password in keystone.log), cloudfoundry/bosh-openstack-cpi-release pull request 351 (an application
// credential's secret), sosreport/sos pull request 596 (names of options that hold secrets).
const CANARY = 'c4n"ary\\of & <cores>';
/** In each encoding in which it could leave: raw, as JSON, in a URL, in HTML, as Base64. */
const FORMS = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  CANARY.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
];
const leaks = (text: string): string[] => FORMS.filter((form) => text.includes(form));

/** Everything that an error shows to whoever prints it. */
const shownBy = (error: unknown): string => {
  const shown = [inspect(error, { depth: 10 }), String(error), JSON.stringify(error)];
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    shown.push(
      one.message,
      String(one.stack),
      ...Object.values(one).map((value) => inspect(value, { depth: 10 })),
    );
    for (const name of ['curl', 'url', 'body', 'last', 'fault', 'input'] as const) {
      shown.push(inspect(Reflect.get(one, name), { depth: 10 }));
    }
  }
  return shown.join('\n');
};

/** The names of all fields of all records that are declared secret, or carry one by their name. */
function secretFields(): string[] {
  const names = new Set<string>();
  const walk = (schema: unknown, name: string, seen: Set<unknown>): void => {
    if (typeof schema !== 'object' || schema === null || seen.has(schema)) return;
    seen.add(schema);
    if (schema === AnsweredSecret || schema === GivenSecret) names.add(name);
    const known = schema as Schema;
    if (isVersioned(known)) {
      for (const [, step] of known.steps) walk(step, name, seen);
      return;
    }
    if (isShape(known)) {
      for (const [field, inner] of Object.entries(known.fields)) walkField(field, inner, seen);
      return;
    }
    const { def } = schema as { def?: Record<string, unknown> };
    if (def === undefined) return;
    const shape: unknown =
      typeof def['shape'] === 'function' ? (def['shape'] as () => unknown)() : def['shape'];
    for (const [field, inner] of Object.entries(shape ?? {})) walkField(field, inner, seen);
    for (const part of ['innerType', 'element', 'valueType', 'in', 'out', 'left', 'right'])
      walk(def[part], name, seen);
    for (const option of (def['options'] ?? []) as unknown[]) walk(option, name, seen);
    if (typeof def['getter'] === 'function') walk((def['getter'] as () => unknown)(), name, seen);
  };
  const walkField = (field: string, inner: unknown, seen: Set<unknown>): void => {
    if (isSecretName(field)) names.add(field);
    // The same schema stands under several names: only below one of them has it been seen.
    walk(inner, field, inner === AnsweredSecret || inner === GivenSecret ? new Set() : seen);
  };
  for (const service of Object.values<ServiceSpec>({ ...records })) {
    for (const { operations } of Object.values(service.resources)) {
      for (const spec of Object.values(operations)) {
        walk(spec.input, '', new Set());
        walk(spec.output, '', new Set());
      }
    }
  }
  return [...names].toSorted();
}

const FIELDS = secretFields();
const HEADERS = [
  'X-Auth-Token',
  'X-Subject-Token',
  'X-Service-Token',
  'X-Storage-Token',
  'X-Auth-Key',
  'X-Account-Meta-Temp-URL-Key',
  'X-Account-Meta-Temp-URL-Key-2',
  'X-Container-Meta-Temp-URL-Key',
  'Authorization',
  'Proxy-Authorization',
  'Cookie',
  'Set-Cookie',
  'X-Amz-Security-Token',
];
const OTHER_FIELDS = [
  'passwords',
  'api_key',
  'credentials',
  'keyring',
  'secret_key',
  'temp_url_key',
  'client_secret',
];

test('the records have secrets to look for', () => {
  expect(FIELDS).toEqual(
    expect.arrayContaining(['adminPass', 'password', 'secret', 'user_data', 'auth_key', 'psk']),
  );
});

describe(`${FIELDS.length + OTHER_FIELDS.length} fields × request, answer, error, wait; ${HEADERS.length} headers`, () => {
  test.each([...FIELDS, ...OTHER_FIELDS])('%s', (field) => {
    // Barbican's payload is text.
    const values = field === 'payload' ? [CANARY] : [CANARY, [CANARY, { deep: CANARY }], { deep: [CANARY] }];
    for (const value of values) {
      const body = JSON.stringify({ outer: { [field]: value, name: 'web' } });
      const shown = [
        curlOf({ method: 'POST', url: 'http://x/', headers: {}, body }),
        inspect(maskValue(JSON.parse(body)), { depth: 10 }),
        maskText(body),
        maskText(JSON.stringify(body)),
        redactUrl(`http://x/?${field}=${encodeURIComponent(CANARY)}`),
      ];
      for (const text of shown) expect(leaks(text), text).toEqual([]);
    }
  });

  test.each(HEADERS)('%s', (name) => {
    const shown = [
      curlOf({ method: 'GET', url: 'http://x/', headers: { [name]: CANARY } }),
      maskText(`${name}: ${CANARY}`),
      inspect(maskValue({ headers: { [name]: CANARY } }), { depth: 5 }),
    ];
    for (const text of shown) expect(leaks(text), text).toEqual([]);
  });
});

describe('a secret that was sent comes back in an error', () => {
  test.each<[string, string]>([
    ['raw', CANARY],
    [
      'as JSON',
      JSON.stringify({ error: { code: 400, title: 'Bad Request', message: `'${CANARY}' is too short` } }),
    ],
    ['in a URL', `<html><body>bad request: /?x=${encodeURIComponent(CANARY)}</body></html>`],
    ['in HTML', `<html><body>you sent ${FORMS[3]}</body></html>`],
    ['as Base64', `user data was ${FORMS[4]}==`],
  ])('%s', async (_, body) => {
    await using site = await cloudOfRoutes({ compute: '@/compute/v2.1' }, () => ({ status: 400, body }));
    const caught = await site.cloud.compute.servers
      .changePassword({ id: 'x', adminPass: CANARY })
      .catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(Error);
    expect(leaks(shownBy(caught))).toEqual([]);
  });

  test('Keystone repeats the password of the login', async () => {
    const echo = JSON.stringify({ error: { code: 401, title: 'Unauthorized', message: `no: ${CANARY}` } });
    await using site = await cloudOfRoutes({}, () => undefined);
    const fetching: typeof fetch = () =>
      Promise.resolve(new Response(echo, { status: 401, headers: { 'content-type': 'application/json' } }));
    const cloud = connect({
      auth: {
        auth_url: `${site.base}/v3`,
        username: 'u',
        password: CANARY,
        user_domain_id: 'default',
        project_id: 'p',
      },
      fetch: fetching,
      retries: 0,
    });
    const caught = await cloud.token().catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(Error);
    expect(leaks(shownBy(caught))).toEqual([]);
  });

  test('a token with a line feed at its end is refused, and not shown', async () => {
    await using site = await cloudOfRoutes({}, () => undefined);
    const cloud = connect({
      auth: { auth_url: `${site.base}/identity/v3`, token: `${CANARY}\n` },
      retries: 0,
    });
    const caught = await cloud.token().catch((error: unknown) => error);
    expect(caught).toMatchObject({ code: 'input', field: 'headers.x-auth-token' });
    expect(leaks(shownBy(caught))).toEqual([]);
  });
});

test('a thing that a wait saw last, and a locations list, show no userinfo', () => {
  const image = {
    locations: [{ url: `swift+https://u:${encodeURIComponent(CANARY)}@host/x`, metadata: {} }],
  };
  expect(leaks(inspect(maskValue(image), { depth: 10 }))).toEqual([]);
  expect(withoutSecrets('GET http://u:pw4n@h/x', [])).toBe('GET http://***@h/x');
});
