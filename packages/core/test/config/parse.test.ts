import { describe, expect, test } from 'vitest';
import { authOf, credentials, load, refusal } from './machine.ts';

const auth = JSON.stringify(credentials);
const yaml = (content: string) => load({ files: { '/project/clouds.yaml': content } }, { cloud: 'prod' });

describe('text is what was written', () => {
  test.each([
    ['12345678901234567890123456789012'],
    ['00012345'],
    ['123e4567'],
    ['0x1f'],
    ['1_000'],
    ['2024-01-01'],
    ['yes'],
    ['1.10'],
  ])('password: %s', (text) => {
    const entry = yaml(
      `clouds: {prod: {auth: {auth_url: "http://k", user_id: u, password: ${text}, project_id: ${text}}}}`,
    );
    expect(entry.auth.password?.reveal()).toBe(text);
    expect(entry.auth.project_id).toBe(text);
  });
  test('a microversion does not lose its zero', () => {
    expect(
      yaml(`clouds: {prod: {auth: ${auth}, compute_default_microversion: 2.10}}`).default_microversion,
    ).toEqual({ compute: '2.10' });
  });
});

test.each([
  ['yes', true],
  ['on', true],
  ['True', true],
  ['no', false],
  ['off', false],
  ['FALSE', false],
  ['~', true],
])('verify: %s, as in the YAML of Python', (text, verify) => {
  expect(yaml(`clouds: {prod: {auth: ${auth}, verify: ${text}}}`).verify).toBe(verify);
});

describe('anchors', () => {
  test('an alias', () => {
    const entry = yaml(
      `x: &a ${auth}\nclouds:\n  prod: {auth: *a, region_name: &r west, image_endpoint_override: "http://{region_name}"}\n`,
    );
    expect(entry.auth.username).toBe('ann');
    expect(entry.endpoint_override).toEqual({ image: 'http://west' });
  });
  test('merged keys lose to own ones', () => {
    const entry = yaml(
      `x: &d {region_name: far, interface: internal, auth: ${auth}}\nclouds:\n  prod:\n    region_name: near\n    <<: *d\n`,
    );
    expect(entry).toMatchObject({ region_name: 'near', interface: 'internal' });
  });
  test('of several merged the first wins', () => {
    const entry = yaml(
      `x: &d {region_name: one, interface: internal}\ny: &e {region_name: two, verify: false}\nclouds:\n  prod:\n    <<: [*d, *e]\n    auth: ${auth}\n`,
    );
    expect(entry).toMatchObject({ region_name: 'one', interface: 'internal', verify: false });
  });
  test('merged into auth, the secret is one', () => {
    const entry = yaml(`x: &d ${auth}\nclouds:\n  prod:\n    auth: {<<: *d, username: bob}\n`);
    expect(authOf(entry)).toMatchObject({ username: 'bob', password: 'pa55' });
    expect(JSON.stringify(entry)).not.toContain('pa55');
  });
  test('a bomb is stopped', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `  l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(10)}]`,
    );
    const { error } = refusal(() =>
      yaml(`x:\n  l0: &l0 [lol]\n${levels.join('\n')}\nclouds:\n  prod: {auth: ${auth}, extra: *l12}\n`),
    );
    expect(error.message).toContain('too many values');
  });
  test.each([
    'clouds:\n  prod: &a {b: *a}\n',
    'clouds:\n  prod: &a {<<: *a}\n',
    'clouds:\n  prod: &a [*a]\n',
  ])('one of what it lies in is stopped', (content) => {
    expect(refusal(() => yaml(content)).error.message).toContain('nested too deep');
  });
  test('nesting deeper than the stack is stopped', () => {
    expect(refusal(() => yaml(`clouds: ${'['.repeat(200_000)}`)).error.file).toBe('/project/clouds.yaml');
  });
});

test.each(['constructor', '__proto__', 'toString'])('a key called %s is a key', (key) => {
  const entry = yaml(
    `clouds: {prod: {auth: {${key}: x, ${auth.slice(1)}, ${key}: x, ${key}_endpoint_override: "http://x"}}`,
  );
  expect(authOf(entry)).toEqual(credentials);
  expect(
    refusal(() =>
      load({ files: { '/project/clouds.yaml': `clouds: {prod: {auth: ${auth}}}` } }, { cloud: key }),
    ).error.key,
  ).toBe('cloud');
});

const json = (content: string) => load({ files: { '/project/clouds.json': content } });

describe('JSON', () => {
  test('with tabs', () => {
    expect(authOf(json(JSON.stringify({ clouds: { prod: { auth: credentials } } }, null, '\t')))).toEqual(
      credentials,
    );
  });
  test('with its escapes', () => {
    const content = JSON.stringify({
      clouds: { prod: { auth: { ...credentials, password: 'é\u{1F600}/"\\' } } },
    });
    expect(
      json(content.replaceAll('/', '\\/').replaceAll('\u{1F600}', '\\ud83d\\ude00')).auth.password?.reveal(),
    ).toBe('é\u{1F600}/"\\');
  });
});

test('line ends of Windows, and a byte order mark', () => {
  const entry = yaml(`\uFEFFclouds:\r\n  prod:\r\n    region_name: west\r\n    auth: ${auth}\r\n`);
  expect(entry.region_name).toBe('west');
});
