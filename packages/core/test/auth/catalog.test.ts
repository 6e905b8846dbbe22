import { describe, expect, test } from 'vitest';
import { type Catalog, endpointFor, readCatalog } from '../../src/auth/catalog.ts';

const endpoint = (id: string, url: string, region: string, kind = 'public'): object => ({
  id,
  url,
  interface: kind,
  region_id: region,
  region,
});
const service = (type: string, ...endpoints: object[]): object => ({
  id: `s-${type}`,
  type,
  name: type,
  endpoints,
});

const catalog: Catalog = readCatalog([
  service('volumev2', endpoint('v2', 'http://c/v2/p', 'one')),
  service('volumev3', endpoint('v3', 'http://c/v3/p', 'one')),
  service(
    'compute',
    endpoint('n9', 'http://n2/v2.1', 'two'),
    endpoint('n2', 'http://n1b/v2.1', 'one'),
    endpoint('n1', 'http://n1a/v2.1', 'one'),
    endpoint('n3', 'http://n-internal/v2.1', 'one', 'internal'),
  ),
  service('object-store'),
]);

describe('endpointFor', () => {
  test('by interface and region', () => {
    expect(endpointFor(catalog, { type: 'compute', interface: 'public', region: 'two' })).toEqual({
      type: 'compute',
      interface: 'public',
      region: 'two',
      url: 'http://n2/v2.1',
    });
    expect(endpointFor(catalog, { type: 'compute', interface: 'internal' }).url).toBe(
      'http://n-internal/v2.1',
    );
  });

  test('of several, always the same, in whatever order Keystone lists them', () => {
    const reversed = catalog
      .toReversed()
      .map((item) => ({ ...item, endpoints: item.endpoints.toReversed() }));
    for (const each of [catalog, reversed]) {
      expect(endpointFor(each, { type: 'compute', interface: 'public' }).url).toBe('http://n1a/v2.1');
    }
  });

  test('under an alias, the best one first', () => {
    for (const type of ['block-storage', 'volumev3']) {
      expect(endpointFor(catalog, { type, interface: 'public' })).toMatchObject({
        type: 'volumev3',
        url: 'http://c/v3/p',
      });
    }
    const official = [
      ...catalog,
      ...readCatalog([service('block-storage', endpoint('b', 'http://b/v3', 'one'))]),
    ];
    expect(endpointFor(official, { type: 'block-storage', interface: 'public' }).url).toBe('http://b/v3');
  });

  test('an alias with a fitting endpoint, if the official type has none', () => {
    const both = [
      ...catalog,
      ...readCatalog([service('block-storage', endpoint('b', 'http://b/v3', 'two'))]),
    ];
    expect(endpointFor(both, { type: 'block-storage', interface: 'public', region: 'one' }).url).toBe(
      'http://c/v3/p',
    );
  });

  test.each<[string, Catalog, object, RegExp, RegExp]>([
    [
      'no such service',
      catalog,
      { type: 'dns', interface: 'public' },
      /no public endpoint of dns in the catalogue; it has compute, object-store, volumev2, volumev3/,
      /endpoint_override/,
    ],
    [
      'no such interface',
      catalog,
      { type: 'compute', interface: 'admin' },
      /no admin endpoint of compute.*internal in one, public in one, public in two/,
      /interface/,
    ],
    [
      'no such region',
      catalog,
      { type: 'compute', interface: 'public', region: 'three' },
      /in region three.*public in two/,
      /region_name/,
    ],
    [
      'none for this scope',
      catalog,
      { type: 'object-store', interface: 'public' },
      /object-store is registered without any/,
      /project/,
    ],
    ['an empty catalogue', [], { type: 'compute', interface: 'public' }, /which is empty/, /unscoped/],
  ])('%s', (_, from, query, message, remedy) => {
    const look = (): unknown => endpointFor(from, query as { type: string; interface: string });
    expect(look).toThrow(message);
    expect(look).toThrow(
      expect.objectContaining({ code: 'endpoint', remedy: expect.stringMatching(remedy) }),
    );
  });
});

describe('readCatalog', () => {
  test('what is broken is left out, what is unknown is kept', () => {
    const read = readCatalog([
      null,
      { name: 'no type', endpoints: [] },
      { type: 'image', endpoints: 'none' },
      {
        type: 'compute',
        endpoints: [
          null,
          { interface: 'public' },
          { interface: 'public', url: 'http://n', region_id: null, extra: 1 },
        ],
      },
    ]);
    expect(read).toEqual([
      { id: undefined, type: 'image', name: undefined, endpoints: [] },
      {
        id: undefined,
        type: 'compute',
        name: undefined,
        endpoints: [{ interface: 'public', url: 'http://n', region_id: null, extra: 1 }],
      },
    ]);
    expect(endpointFor(read, { type: 'compute', interface: 'public' }).region).toBeUndefined();
  });

  test.each([undefined, null, {}, 'x'])('%j is an empty one', (value) => {
    expect(readCatalog(value)).toEqual([]);
  });
});
