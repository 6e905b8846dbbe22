import { describe, expect, test } from 'vitest';
import { listClouds } from '../../src/config/load.ts';
import { credentials, load, refusal, sourcesOf } from './machine.ts';

const region = (region_name: string, settings: Record<string, unknown> = {}): string =>
  JSON.stringify({ clouds: { prod: { auth: credentials, region_name, ...settings } } });

test('the first file in this order is the one', () => {
  const env = {
    XDG_CONFIG_HOME: '/xdg',
    XDG_CONFIG_DIRS: '/dirs/a:/dirs/b',
    OS_CLIENT_CONFIG_FILE: '~/mine.conf',
  };
  const directories = [
    '/project',
    '/xdg/openstack',
    '/home/me/.config/openstack',
    '/dirs/a/openstack',
    '/dirs/b/openstack',
    '/etc/openstack',
  ];
  const order = [
    '/home/me/mine.conf',
    ...directories.flatMap((d) => ['yaml', 'yml', 'json'].map((e) => `${d}/clouds.${e}`)),
  ];
  const files = Object.fromEntries(order.map((path) => [path, region(path)]));
  for (const path of order) {
    expect(load({ files, env }).region_name).toBe(path);
    delete files[path];
  }
  const { error } = refusal(() => load({ files, env }));
  for (const path of order) expect(error.message).toContain(path);
});

test('by default the XDG directories are those of the specification', () => {
  expect(load({ files: { '/home/me/.config/openstack/clouds.yaml': region('home') } }).region_name).toBe(
    'home',
  );
  expect(load({ files: { '/etc/xdg/openstack/clouds.yaml': region('site') } }).region_name).toBe('site');
});

test('in a snap, the home is the real one', () => {
  const files = { '/home/real/.config/openstack/clouds.yaml': region('real') };
  expect(load({ files, env: { SNAP_REAL_HOME: '/home/real' } }).region_name).toBe('real');
});

test('a file that may not be read is passed over, and the error says so', () => {
  const machine = sourcesOf({});
  const readFile = (path: string): string => {
    if (path === '/project/clouds.yaml') throw Object.assign(new Error(), { code: 'EACCES' });
    return machine.readFile(path);
  };
  expect(refusal(() => load({}, { readFile })).error.message).toContain('/project/clouds.yaml (EACCES)');
});

test('an empty file is a file: later ones are not looked at', () => {
  const files = { '/project/clouds.yaml': '', '/project/clouds.yml': region('x') };
  expect(refusal(() => load({ files })).error.message).toContain(
    'there is none (looked at /project/clouds.yaml)',
  );
});

describe('secure', () => {
  const secret = JSON.stringify({
    clouds: { prod: { auth: { password: 's3cret' }, region_name: 'secure' } },
  });
  const { password: _, ...open } = credentials;
  const clouds = JSON.stringify({ clouds: { prod: { auth: open, region_name: 'clouds' } } });
  test.each([
    [{ '/project/clouds.yaml': clouds, '/project/secure.yaml': secret }, {}],
    [{ '/project/clouds.yaml': clouds, '/etc/openstack/secure.json': secret }, {}],
    [
      { '/project/clouds.yaml': clouds, '/run/secrets/os': secret },
      { OS_CLIENT_SECURE_FILE: '/run/secrets/os' },
    ],
  ])('lies over clouds, wherever it is', (files, env) => {
    const entry = load({ files, env });
    expect(entry.region_name).toBe('secure');
    expect(entry.auth.password?.reveal()).toBe('s3cret');
    expect(entry.auth.username).toBe('ann');
  });
  test('may be the only one', () => {
    expect(load({ files: { '/project/secure.yaml': region('only') } }).region_name).toBe('only');
  });
});

test('listClouds', () => {
  const files = {
    '/project/clouds.yaml': 'clouds: {b-b: {}, a: {}}',
    '/project/secure.yaml': 'clouds: {c: {}}',
  };
  expect(listClouds(sourcesOf({ files }))).toEqual(['b-b', 'a', 'c']);
  expect(listClouds(sourcesOf({ files, env: { OS_AUTH_URL: 'http://k' } }))).toEqual([
    'b-b',
    'a',
    'c',
    'envvars',
  ]);
  expect(listClouds(sourcesOf({}))).toEqual([]);
});
