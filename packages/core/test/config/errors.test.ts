import { describe, expect, test } from 'vitest';
import { loadCloud } from '../../src/config/load.ts';
import { Secret } from '@groundcrew/ground';
import { credentials, load, prod, refusal, sourcesOf, without } from './machine.ts';

const CANARY = 'c4n4ry-pa55';
const file = (content: string) => ({ files: { '/project/clouds.yaml': content } });

/** A good entry in block style, for a line to be put into. */
const entry = (line: string): string => `clouds:
  prod:
    auth:
      auth_url: https://keystone:5000/v3
      username: ann
      password: ${CANARY}
      user_domain_name: Default
    ${line}
`;

describe('a value that does not fit names file, line and key', () => {
  const rows: [string, string, number, string][] = [
    ['clouds is a list', 'clouds: []\n', 1, 'clouds'],
    ['clouds is text', '\nclouds: x\n', 2, 'clouds'],
    ['a cloud is text', 'clouds:\n  prod: x\n', 2, 'clouds.prod'],
    ['auth is text', `clouds:\n  prod:\n    auth: ${CANARY}\n`, 3, 'clouds.prod.auth'],
    [
      'auth_url is a list',
      'clouds:\n  prod:\n    auth:\n      auth_url: [a]\n',
      4,
      'clouds.prod.auth.auth_url',
    ],
    ['auth_url is no URL', entry('').replace('https://', 'ftp://'), 4, 'clouds.prod.auth.auth_url'],
    [
      'password is a mapping',
      `clouds:\n  prod:\n    auth:\n      auth_url: http://k\n      username: u\n      user_id: u\n      password: { x: ${CANARY} }\n`,
      7,
      'clouds.prod.auth.password',
    ],
    ['verify', entry('verify: maybe'), 8, 'clouds.prod.verify'],
    ['verify is a path', entry('verify: /etc/ca.pem'), 8, 'clouds.prod.verify'],
    ['insecure', entry('insecure: 2'), 8, 'clouds.prod.insecure'],
    ['interface', entry('interface: private'), 8, 'clouds.prod.interface'],
    ['several interfaces', entry('interface: [internal, public]'), 8, 'clouds.prod.interface'],
    ['api_timeout', entry('api_timeout: soon'), 8, 'clouds.prod.api_timeout'],
    ['api_timeout of nothing', entry('api_timeout: 0'), 8, 'clouds.prod.api_timeout'],
    ['regions', entry('regions: west'), 8, 'clouds.prod.regions'],
    ['region values', entry('regions: [{ name: a, values: x }]'), 8, 'clouds.prod.regions.0.values'],
    ['endpoint', entry('compute_endpoint_override: nova'), 8, 'clouds.prod.compute_endpoint_override'],
    [
      'microversion',
      entry('compute-default-microversion: latest'),
      8,
      'clouds.prod.compute-default-microversion',
    ],
    ['auth_type', entry('auth_type: v3kerberos'), 8, 'clouds.prod.auth_type'],
    ['system_scope', entry('system_scope: some'), 8, 'clouds.prod.system_scope'],
    ['a second scope', entry('project_id: x\n    system_scope: all'), 9, 'clouds.prod.system_scope'],
    ['a key twice', entry('region_name: a\n    region_name: b'), 9, 'clouds.prod.region_name'],
    [
      'a key twice, spelt otherwise',
      entry('region_name: a\n    region-name: b'),
      9,
      'clouds.prod.region-name',
    ],
    ['a cloud twice', `${entry('')}  prod: {}\n`, 9, 'clouds.prod'],
    ['clouds twice', `${entry('')}clouds: {}\n`, 9, 'clouds'],
  ];
  test.each(rows)('%s', (_, content, line, key) => {
    const { error, printed } = refusal(() => load(file(content)));
    expect(error).toMatchObject({ file: '/project/clouds.yaml', line, key });
    expect(error.message).toMatch(
      new RegExp(`^/project/clouds\\.yaml:${line}: ${key.replaceAll('.', '\\.')} `),
    );
    expect(printed).not.toContain(CANARY);
  });
});

describe('what is not YAML names file and line, and quotes nothing', () => {
  const rows: [string, string, number][] = [
    ['a bracket that is not closed', `clouds:\n  prod: [\n    password: ${CANARY}\n`, 4],
    ['tabs', `clouds:\n\tprod: ${CANARY}\n`, 2],
    ['a colon in a plain value', `clouds:\n  prod:\n    auth:\n      password: ${CANARY}: x\n`, 4],
    ['a reserved character', `clouds:\n  prod:\n    auth:\n      password: @${CANARY}\n`, 4],
    ['a quote that is not closed', `clouds:\n  prod:\n    auth:\n      password: "${CANARY}\n`, 5],
    ['an escape', `clouds:\n  prod:\n    auth:\n      password: "${CANARY}\\q"\n`, 4],
    ['text after a quote', `clouds:\n  prod:\n    auth:\n      password: "x" ${CANARY}\n`, 4],
    ['a second document', `clouds: {}\n---\nclouds: { x: ${CANARY} }\n`, 2],
    ['a tag of something else', `clouds:\n  prod:\n    auth:\n      password: !vault ${CANARY}\n`, 4],
    ['an alias of nothing', 'clouds:\n  prod: *nothing\n', 2],
    ['a list at the top', `- ${CANARY}\n`, 1],
  ];
  test.each(rows)('%s', (_, content, line) => {
    const { error, printed } = refusal(() => load(file(content)));
    expect(error).toMatchObject({ file: '/project/clouds.yaml', line });
    expect(error.message).toContain(`/project/clouds.yaml:${line}: `);
    expect(printed).not.toContain(CANARY);
  });
});

describe('what is missing is named', () => {
  const rows: [string, Record<string, unknown>, string][] = [
    ['auth_url', { auth: without('auth_url') }, 'clouds.prod.auth.auth_url'],
    ['password', { auth: without('password') }, 'clouds.prod.auth.password'],
    ['user', { auth: without('username') }, 'clouds.prod.auth.username'],
    ['its domain', { auth: without('user_domain_name') }, 'clouds.prod.auth.user_domain_name'],
    [
      "the project's domain",
      { auth: without('project_domain_name') },
      'clouds.prod.auth.project_domain_name',
    ],
    ['token', { auth_type: 'token' }, 'clouds.prod.auth.token'],
    ['secret', { auth_type: 'v3applicationcredential' }, 'clouds.prod.auth.application_credential_secret'],
    [
      'application credential',
      { auth: { auth_url: 'http://k', application_credential_secret: CANARY } },
      'clouds.prod.auth.application_credential_id',
    ],
    [
      'its user',
      {
        auth: {
          auth_url: 'http://k',
          application_credential_secret: CANARY,
          application_credential_name: 'n',
        },
      },
      'clouds.prod.auth.username',
    ],
    ['endpoint', { auth_type: 'none', auth: {} }, 'clouds.prod.auth.endpoint'],
    ['everything', { auth: null }, 'clouds.prod.auth.auth_url'],
  ];
  test.each(rows)('%s', (_, settings, key) => {
    const { error, printed } = refusal(() => load(prod(settings)));
    expect(error).toMatchObject({ file: '/project/clouds.yaml', line: 1, key });
    expect(error.message).toContain(`${key} is missing`);
    expect(error.remedy).toBeTypeOf('string');
    expect(printed).not.toMatch(new RegExp(`${CANARY}|${credentials.password}`));
  });

  test('in the environment, by its variable', () => {
    const env = { OS_AUTH_URL: 'http://k', OS_USERNAME: 'u', OS_USER_DOMAIN_ID: 'default' };
    expect(refusal(() => load({ env })).error).toMatchObject({
      key: 'OS_PASSWORD',
      file: undefined,
      line: undefined,
    });
  });
  test('in the options', () => {
    const { error } = refusal(() => load({}, { auth: { auth_url: 'http://k', user_id: 'u' } }));
    expect(error.key).toBe('options.auth.password');
  });
});

test('a value of the environment is complained of by its variable', () => {
  const env = { OS_AUTH_URL: 'http://k', OS_USER_ID: 'u', OS_PASSWORD: CANARY, OS_INTERFACE: 'private' };
  const { error, printed } = refusal(() => load({ env }));
  expect(error.message).toMatch(/^OS_INTERFACE must be one of public, internal, admin/);
  expect(printed).not.toContain(CANARY);
});

test('the line is that of the file that the value came from', () => {
  const files = {
    ...file(entry('')).files,
    '/project/secure.yaml': 'clouds:\n  prod:\n\n    verify: perhaps\n',
  };
  expect(refusal(() => load({ files })).error).toMatchObject({
    file: '/project/secure.yaml',
    line: 4,
    key: 'clouds.prod.verify',
  });
});

test('arguments that JavaScript lets through', () => {
  const slip = { auth: { ...credentials, usernme: 'x' } };
  expect(refusal(() => load({}, slip)).error).toMatchObject({ key: 'options.auth.usernme' });
  const list = { auth: [CANARY] as never };
  expect(refusal(() => loadCloud({ ...sourcesOf({}), ...list })).error.key).toBe('options.auth');
});

test('secrets are opaque in the entry', () => {
  const loaded = load(prod({ auth: { ...credentials, password: CANARY } }));
  expect(loaded.auth.password).toBeInstanceOf(Secret);
  expect(loaded.auth.password?.reveal()).toBe(CANARY);
  expect(JSON.stringify(loaded)).not.toContain(CANARY);
});
