import { array, assert, constantFrom, option, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkedUrl, parseVersion, satisfies, splitEndpoint } from '../../src/discovery/endpoint-url.ts';

test.each<[string, [number, number] | undefined]>([
  ['v2.1', [2, 1]],
  ['2.1', [2, 1]],
  ['V3', [3, 0]],
  ['v3', [3, 0]],
  ['1', [1, 0]],
  ['v1.20.3', [1, 20]],
  ['v2.10', [2, 10]],
  ['', undefined],
  ['v', undefined],
  ['latest', undefined],
  ['v2.x', undefined],
  ['2-1', undefined],
  ['v99999999999999999999', undefined],
])('parseVersion(%j)', (text, version) => {
  const parsed = parseVersion(text);
  expect(parsed === undefined ? undefined : [parsed.major, parsed.minor]).toEqual(version);
});

test.each([
  ['2.1', '2.1', true],
  ['2.16', '2', true],
  ['2.0', '2.1', false],
  ['3.0', '2.1', false],
  ['2.10', '2.9', true],
])('%s for who needs %s: %s', (have, need, is) => {
  expect(satisfies(parseVersion(have) as never, parseVersion(need) as never)).toBe(is);
});

describe('splitEndpoint', () => {
  test.each<[string, string | undefined, Partial<ReturnType<typeof splitEndpoint>>]>([
    [
      'http://h:9292',
      undefined,
      { whole: 'http://h:9292', root: 'http://h:9292/', versioned: undefined, suffix: '' },
    ],
    ['http://h:9292/', undefined, { whole: 'http://h:9292', root: 'http://h:9292/' }],
    [
      'https://h/image/',
      undefined,
      { whole: 'https://h/image', root: 'https://h/image/', version: undefined },
    ],
    [
      'http://h/v2.1',
      undefined,
      { root: 'http://h/', versioned: 'http://h/v2.1/', version: { major: 2, minor: 1 } },
    ],
    ['http://h/compute//v2.1//', undefined, { whole: 'http://h/compute/v2.1', root: 'http://h/compute/' }],
    ['http://h/V3', undefined, { versioned: 'http://h/V3/', version: { major: 3, minor: 0 } }],
    ['http://h/v3/abc', 'abc', { root: 'http://h/', versioned: 'http://h/v3/', suffix: 'abc' }],
    // Nobody said what the project is; the version before it gives it away.
    [
      'http://h/volume/v3/abc',
      undefined,
      { root: 'http://h/volume/', versioned: 'http://h/volume/v3/', suffix: 'abc' },
    ],
    ['http://h/v1/AUTH_abc', 'abc', { versioned: 'http://h/v1/', suffix: 'AUTH_abc' }],
    // Ids that look like versions.
    ['http://h/v2/123456', undefined, { version: { major: 2, minor: 0 }, suffix: '123456' }],
    ['http://h/v3', '3', { version: { major: 3, minor: 0 }, suffix: '' }],
    ['http://h/service/3', undefined, { version: undefined, suffix: '', root: 'http://h/service/3/' }],
    ['http://h/abc', 'abc', { root: 'http://h/', versioned: undefined, suffix: 'abc' }],
    ['http://h/v2.0?x=1#y', undefined, { whole: 'http://h/v2.0', versioned: 'http://h/v2.0/' }],
    ['http://h/vpn', undefined, { version: undefined, root: 'http://h/vpn/' }],
  ])('%s (project %s)', (url, project, parts) => {
    expect(splitEndpoint(url, project)).toMatchObject(parts);
  });

  test('whatever the path, it comes apart and can be put together again', () => {
    const segments = array(
      constantFrom('v2', 'v2.1', 'V3', 'p1', '3', 'AUTH_p1', 'identity', 'vpn', '', '%20'),
    );
    assert(
      property(segments, option(constantFrom('p1', '3', 'v2'), { nil: undefined }), (path, projectId) => {
        const { whole, root, versioned, suffix } = splitEndpoint(`http://h:1/${path.join('/')}`, projectId);
        const together = `${versioned ?? root}${suffix}`.replace(/\/$/, '');
        expect({ together, isBelow: `${whole}/`.startsWith(root) }).toEqual({
          together: whole,
          isBelow: true,
        });
      }),
    );
  });
});

describe('linkedUrl: scheme and host are those that were asked', () => {
  test.each<[string, string, unknown, string | undefined]>([
    ['as it should be', 'http://h:8774/', 'http://h:8774/v2.1/', 'http://h:8774/v2.1'],
    ['at the version itself', 'http://h:8774/v2.1/', 'http://h:8774/v2.1/', 'http://h:8774/v2.1'],
    ['relative', 'http://h:8774/', 'v2.1', 'http://h:8774/v2.1'],
    ['relative, below a path without a slash', 'http://h/compute', 'v2.1/', 'http://h/compute/v2.1'],
    ['absolute path', 'http://h/compute', '/compute/v2.1/', 'http://h/compute/v2.1'],
    ['without a scheme', 'https://h/', '//h/v2.1', 'https://h/v2.1'],
    ["placement's empty one", 'http://h:8778/', '', 'http://h:8778'],
    ["placement's empty one below a path", 'http://h/placement', '', 'http://h/placement'],
    ['http behind a proxy that speaks https', 'https://h/', 'http://h/v3/', 'https://h/v3'],
    ["the service's own host", 'https://cloud/', 'http://10.0.0.9:8774/v2.1/', 'https://cloud/v2.1'],
    [
      "the service's own host, below a path",
      'https://cloud/compute/',
      'http://10.0.0.9:8774/v2.1/',
      'https://cloud/compute/v2.1',
    ],
    [
      'the right host, but without its path',
      'https://cloud/compute/',
      'https://cloud/v2.1/',
      'https://cloud/compute/v2.1',
    ],
    [
      'the right host, without its path, asked at the version',
      'https://cloud/compute/v2.1',
      'https://cloud/v2.1/',
      'https://cloud/compute/v2.1',
    ],
    ['another host with a path', 'https://cloud/', 'http://override/identity/v3', 'https://cloud/v3'],
    [
      'another host without any path',
      'https://cloud/placement',
      'http://10.0.0.9/',
      'https://cloud/placement',
    ],
    ['null', 'http://h/', null, undefined],
    ['no link', 'http://h/', undefined, undefined],
    ['a number', 'http://h/', 3, undefined],
    ['no URL', 'http://h/', 'http://[', undefined],
  ])('%s', (_, document, href, url) => {
    expect(linkedUrl(document, href)).toBe(url);
  });
});
