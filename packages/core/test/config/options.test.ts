import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../src/config/load.ts';
import { Secret } from '@groundcrew/ground';
import { authOf, credentials, load, prod, without } from './machine.ts';

const unreadable = (path: string): string => {
  throw new Error(`${path} was read`);
};

describe('options that stand for themselves', () => {
  const env = {
    OS_CLOUD: 'prod',
    OS_AUTH_URL: 'http://other',
    OS_TOKEN: 'other',
    OS_CACERT: '/other',
    OS_REGION_NAME: 'other',
  };

  test('need no file, and take nothing from OS_*', () => {
    const entry = load({ ...prod({ cacert: '/file.pem' }), env }, { auth: credentials });
    expect(entry).toMatchObject({
      name: 'options',
      auth_type: 'password',
      region_name: undefined,
      cacert: undefined,
    });
    expect(authOf(entry)).toEqual(credentials);
    expect(load({ env }, { auth: credentials, readFile: unreadable }).name).toBe('options');
  });
  test('take secrets as such', () => {
    const entry = load({}, { auth: { ...without('password'), password: new Secret('x') } });
    expect(entry.auth.password?.reveal()).toBe('x');
  });
  test('infer how to authenticate', () => {
    expect(load({}, { auth: { auth_url: 'http://k', token: 't' } }).auth_type).toBe('token');
  });
  test('without Keystone', () => {
    const entry = load({}, { auth_type: 'none', auth: { endpoint: 'http://ironic' } });
    expect(entry).toMatchObject({ auth_type: 'none', auth: { endpoint: 'http://ironic' } });
  });
  test('carry everything that an entry has', () => {
    const options = {
      region_name: 'west',
      interface: 'internal',
      verify: false,
      cacert: '~/ca.pem',
      cert: '/c.pem',
      key: '/k.pem',
      proxy: 'http://proxy:3128',
      no_proxy: 'localhost',
      api_timeout: 2.5,
    } as const;
    const entry = load(
      {},
      {
        auth: credentials,
        ...options,
        endpoint_override: { volumev3: 'http://c' },
        default_microversion: { compute: '2.90' },
      },
    );
    expect(entry).toMatchObject({
      ...options,
      cacert: '/home/me/ca.pem',
      endpoint_override: { 'block-storage': 'http://c' },
      default_microversion: { compute: '2.90' },
    });
  });
});

describe('options over a cloud', () => {
  const env = {
    OS_AUTH_URL: 'http://e',
    OS_USER_ID: 'e',
    OS_PASSWORD: 'e',
    OS_PROJECT_NAME: 'e',
    OS_PROJECT_DOMAIN_ID: 'default',
  };
  const rows: [string, Record<string, unknown>, LoadOptions, Record<string, unknown>][] = [
    ['one key of auth', {}, { auth: { username: 'bob' } }, { ...credentials, username: 'bob' }],
    ['undefined is not given', {}, { auth: { username: undefined } }, credentials],
    [
      'a project, even over one beside auth',
      { project_name: 'outer' },
      { auth: { project_name: 'code' } },
      { ...credentials, project_name: 'code' },
    ],
    [
      'a name over an id',
      { auth: { ...without('project_name'), project_id: 'x' } },
      { auth: { project_name: 'code' } },
      { ...credentials, project_name: 'code' },
    ],
    [
      'another scope',
      {},
      { auth: { system_scope: 'all' } },
      { ...without('project_name'), system_scope: 'all' },
    ],
  ];
  test.each(rows)('%s', (_, settings, options, expected) => {
    expect(authOf(load(prod(settings), { cloud: 'prod', ...options }))).toEqual(expected);
  });
  test('over the environment', () => {
    expect(authOf(load({ env }, { auth: { project_name: 'code' } }))).toMatchObject({
      user_id: 'e',
      project_name: 'code',
    });
  });
  test('a token over a password is what is meant', () => {
    expect(load(prod(), { cloud: 'prod', auth: { token: 't' } }).auth_type).toBe('token');
  });
  test('settings', () => {
    expect(
      load(prod({ verify: true, interface: 'admin' }), { verify: false, interface: 'internal' }),
    ).toMatchObject({ verify: false, interface: 'internal' });
  });
});

describe('the proxy of the environment', () => {
  const rows: [string, string, Record<string, string>, string | undefined][] = [
    ['none', 'https://k', {}, undefined],
    ['https', 'https://k', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:2' }, 'http://p:1'],
    ['http', 'http://k', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:2' }, 'http://p:2'],
    [
      'small letters first',
      'https://k',
      { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://p:2' },
      'http://p:2',
    ],
    ['all', 'https://k', { ALL_PROXY: 'http://p:3' }, 'http://p:3'],
    ['never HTTP_PROXY in a CGI', 'http://k', { HTTP_PROXY: 'http://p:2', REQUEST_METHOD: 'GET' }, undefined],
  ];
  test.each(rows)('%s', (_, auth_url, env, proxy) => {
    const entry = load({ env: { ...env, NO_PROXY: 'localhost' } }, { auth: { ...credentials, auth_url } });
    expect(entry).toMatchObject({ proxy, no_proxy: 'localhost' });
  });
  test('is not that of an entry with its own', () => {
    expect(load({ ...prod({ proxy: 'http://own:1' }), env: { HTTPS_PROXY: 'http://p:1' } }).proxy).toBe(
      'http://own:1',
    );
  });
});
