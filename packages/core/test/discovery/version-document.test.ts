import { describe, expect, test } from 'vitest';
import { pickVersion, readVersions } from '../../src/discovery/version-document.ts';

const read = (body: unknown, headers: Record<string, string> = {}, url = 'http://h/') =>
  readVersions(body, new Headers(headers), url);

const self = (href: unknown): object[] => [{ rel: 'self', href }];

describe('the shapes in which services answer', () => {
  test('Keystone', () => {
    const v3 = {
      id: 'v3.14',
      status: 'stable',
      updated: '2020-04-07T00:00:00Z',
      links: self('http://h/v3/'),
      'media-types': [],
    };
    expect(read({ versions: { values: [v3] } })).toEqual([
      {
        id: 'v3.14',
        status: 'CURRENT',
        min: undefined,
        max: undefined,
        next_min: undefined,
        not_before: undefined,
        updated: '2020-04-07T00:00:00Z',
        url: 'http://h/v3',
        links: [{ rel: 'self', href: 'http://h/v3/' }],
      },
    ]);
  });

  test('Nova: "" for no microversions, `version` for the newest', () => {
    const v20 = {
      id: 'v2.0',
      status: 'SUPPORTED',
      version: '',
      min_version: '',
      links: self('http://h/v2/'),
    };
    const v21 = {
      id: 'v2.1',
      status: 'CURRENT',
      version: '2.93',
      min_version: '2.1',
      links: self('http://h/v2.1/'),
    };
    expect(read({ versions: [v20, v21] })).toMatchObject([
      { id: 'v2.0', min: undefined, max: undefined, url: 'http://h/v2' },
      { id: 'v2.1', min: '2.1', max: '2.93', url: 'http://h/v2.1' },
    ]);
    expect(read({ version: v21 }, {}, 'http://h/v2.1/')).toMatchObject([
      { id: 'v2.1', max: '2.93', url: 'http://h/v2.1' },
    ]);
  });

  test('Cinder: links to its documentation come first', () => {
    const links = [{ rel: 'describedby', href: 'https://docs', type: 'text/html' }, ...self('http://h/v3/')];
    const v3 = {
      id: 'v3.0',
      status: 'CURRENT',
      version: '3.70',
      min_version: '3.0',
      next_min_version: '3.4',
      not_before: '2019-12-31',
      links,
    };
    expect(read({ versions: [v3] })).toMatchObject([
      { min: '3.0', max: '3.70', next_min: '3.4', not_before: '2019-12-31', url: 'http://h/v3' },
    ]);
  });

  test('Glance and Neutron: no microversions', () => {
    expect(
      read({ versions: [{ id: 'v2.0', status: 'CURRENT', links: self('http://h/v2.0/') }] }),
    ).toMatchObject([{ id: 'v2.0', min: undefined, max: undefined, url: 'http://h/v2.0' }]);
  });

  test('Placement: it is where it was asked', () => {
    const v1 = { id: 'v1.0', max_version: '1.39', min_version: '1.0', status: 'CURRENT', links: self('') };
    expect(read({ versions: [v1] }, {}, 'http://h/placement')).toMatchObject([
      { min: '1.0', max: '1.39', url: 'http://h/placement' },
    ]);
  });

  test('Ironic: with its version inside itself', () => {
    const version = {
      id: 'v1',
      links: self('http://h/v1/'),
      version: '1.40',
      min_version: '1.10',
      status: 'CURRENT',
    };
    const headers = {
      'x-openstack-ironic-api-minimum-version': '1.3',
      'x-openstack-ironic-api-maximum-version': '1.21',
    };
    expect(read({ id: 'v1', version, links: version.links }, headers, 'http://h/v1/')).toMatchObject([
      { min: '1.10', max: '1.40' },
    ]);
  });

  test('an Ironic of old: the range in headers', () => {
    const headers = {
      'X-OpenStack-Ironic-API-Minimum-Version': '1.3',
      'X-OpenStack-Ironic-API-Maximum-Version': '1.21',
    };
    expect(read({ id: 'v1', links: self('http://h/v1/') }, headers, 'http://h/v1/')).toMatchObject([
      { id: 'v1', status: 'CURRENT', min: '1.3', max: '1.21', url: 'http://h/v1' },
    ]);
  });
});

describe('what is none', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ["Swift's list of containers", []],
    ['an empty object', {}],
    ['no versions in it', { versions: [] }],
    ['none that is one', { versions: [null, 'v2', 7, {}, { id: 3 }, { id: 'latest' }] }],
    ['an error', { error: { code: 401, message: 'no' } }],
    ["Neutron's list of resources", { resources: [{ name: 'network' }] }],
    ['an id of something else', { id: 'c0ffee', name: 'server' }],
    ['a table', { versions: { 'v2.0': {} } }],
  ])('%s', (_, body) => {
    expect(read(body)).toBeUndefined();
  });
});

describe('what is malformed within', () => {
  test('versions without a link have no URL; those without an id are left out', () => {
    const bodies = [
      { id: 'v3.0', links: self('http://h/v3') },
      { id: 'v3.1' },
      { links: self('http://h/v3') },
      { id: 'v3.2', links: 'x' },
    ];
    expect(read({ versions: bodies })?.map(({ id, url }) => [id, url])).toEqual([
      ['v3.0', 'http://h/v3'],
      ['v3.1', undefined],
      ['v3.2', undefined],
    ]);
  });

  test.each<[string, unknown]>([
    ['href null', self(null)],
    ['no href', [{ rel: 'self' }]],
    ['no rel', [{ href: 'http://h/v2' }]],
    ['null', [null]],
    ['no self', [{ rel: 'collection', href: 'http://h/' }]],
  ])('links with %s', (_, links) => {
    expect(read({ versions: [{ id: 'v2.0', status: 'CURRENT', links }] })).toMatchObject([
      { id: 'v2.0', url: undefined },
    ]);
  });

  test('rel in capitals', () => {
    expect(read({ versions: [{ id: 'V3', links: [{ rel: 'SELF', href: '/v3' }] }] })).toMatchObject([
      { id: 'V3', url: 'http://h/v3' },
    ]);
  });

  test.each<[object, { min?: string; max?: string }]>([
    [{}, {}],
    [{ version: '2.2' }, { max: '2.2' }],
    [
      { min_version: '2', version: 'foo', max_version: '2.2' },
      { min: '2.0', max: '2.2' },
    ],
    [{ min_version: '', version: '2.1', max_version: '' }, { max: '2.1' }],
    [{ min_version: null, version: null, max_version: '2.9' }, { max: '2.9' }],
    [
      { min_version: 2.1, max_version: 2.9 },
      { min: '2.1', max: '2.9' },
    ],
    [{ min_version: 'foo', max_version: '2.1' }, { max: '2.1' }],
    [{ min_version: '2.1', max_version: 'foo' }, { min: '2.1' }],
    [{ min_version: {}, max_version: [] }, {}],
  ])('microversions %j', (fields, range) => {
    const [version] =
      read({ versions: [{ id: 'v2.2', status: 'CURRENT', links: self('/v2'), ...fields }] }) ?? [];
    expect({ min: version?.min, max: version?.max }).toEqual({ min: undefined, max: undefined, ...range });
  });

  test.each<[unknown, string]>([
    ['stable', 'CURRENT'],
    ['current', 'CURRENT'],
    ['SUPPORTED', 'SUPPORTED'],
    ['deprecated', 'DEPRECATED'],
    ['EXPERIMENTAL', 'EXPERIMENTAL'],
    ['hungry', 'HUNGRY'],
    ['', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
    [7, 'UNKNOWN'],
  ])('status %j: %s', (status, is) => {
    expect(read({ versions: [{ id: 'v2.0', status }] })).toMatchObject([{ status: is }]);
  });
});

// gnocchi/rest/api.py, `VersionsController`.
test.each([
  ['4.4.2', '4.4.2'],
  ['', undefined],
  [7, undefined],
])('the release that is told beside the versions: %j', (build, is) => {
  const [version] = read({ build, versions: [{ id: 'v1.0', status: 'CURRENT', links: self('/v1/') }] }) ?? [];
  expect(version?.build).toBe(is);
});

const of = (...ids: [id: string, status?: string][]) =>
  read({ versions: ids.map(([id, status = 'SUPPORTED']) => ({ id, status })) }) ?? [];

describe('pickVersion', () => {
  test.each<[string, ReturnType<typeof of>, number, number, string | undefined]>([
    ['newest of the major', of(['v2.0'], ['v2.10'], ['v2.9'], ['v3.0']), 2, 0, 'v2.10'],
    ['not an older minor', of(['v2.0'], ['v2.1']), 2, 1, 'v2.1'],
    ['not without the minor', of(['v2.0']), 2, 1, undefined],
    ['deprecated is better than none', of(['v2.0', 'DEPRECATED'], ['v3.0']), 2, 0, 'v2.0'],
    ['experimental is not, if there is another', of(['v2.3', 'EXPERIMENTAL'], ['v2.2']), 2, 0, 'v2.2'],
    ['experimental, if there is no other', of(['v2.3', 'EXPERIMENTAL']), 2, 0, 'v2.3'],
    ['unknown, if there is no other', of(['v2', 'hungry']), 2, 0, 'v2'],
    ['none', of(['v1.0'], ['v3.0']), 2, 0, undefined],
  ])('%s', (_, versions, major, minor, id) => {
    expect(pickVersion(versions, { major, minor })?.id).toBe(id);
  });
});
