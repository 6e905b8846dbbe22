import { describe, expect, test } from 'vitest';
import { type Answer, cloudOfRoutes } from './cloud-of-routes.ts';

// keystoneauth's `tests/unit/test_discovery.py` (`test_ignoring_invalid_links`, `test_allow_unknown`, …), and version documents
// of real services.
const glance = (versions: unknown, images: Answer = { body: { images: [] } }) =>
  cloudOfRoutes({ image: '@/glance' }, ({ url }) => {
    if (/^\/glance\/?$/.test(url)) return { status: 300, body: { versions } };
    return url.startsWith('/glance/v2/images') ? images : undefined;
  });
const v2 = (id: string, parts: object = {}) => ({
  id,
  status: 'CURRENT',
  links: [{ rel: 'self', href: '/glance/v2/' }],
  ...parts,
});

describe('the version that is used', () => {
  test.each<[string, unknown[]]>([
    ['the newest has no links', [v2('v2.16'), { id: 'v2.17', status: 'CURRENT' }]],
    [
      'the newest has no self link',
      [v2('v2.16'), v2('v2.17', { links: [{ rel: 'describedby', href: '/docs' }] })],
    ],
    [
      'the newest has a link that is none',
      [v2('v2.16'), v2('v2.17', { links: [{ rel: 'self', href: 42 }] })],
    ],
    ['the newest links are no list', [v2('v2.16'), v2('v2.17', { links: null })]],
    [
      'the newest is experimental',
      [
        v2('v2.16'),
        v2('v2.18', { status: 'EXPERIMENTAL', links: [{ rel: 'self', href: '/glance/v2.18/' }] }),
      ],
    ],
    ['what is no version beside it', [null, 7, { id: 'latest' }, { id: null }, v2('v2.16')]],
    [
      'the scheme and host are of inside',
      [v2('v2.16', { links: [{ rel: 'self', href: 'http://10.0.0.1:9292/v2/' }] })],
    ],
    ['the rel is in capitals', [v2('v2.16', { links: [{ rel: 'Self', href: '/glance/v2/' }] })]],
  ])('%s', async (_, versions) => {
    await using at = await glance(versions);
    expect(await Array.fromAsync(at.cloud.image.images.list())).toEqual([]);
    expect(at.seen.at(-1)?.url).toMatch(/^\/glance\/v2\/images/);
  });

  test('a newest one without a link still tells the microversions, where there is no other', async () => {
    await using at = await cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) =>
      url === '/compute/'
        ? { body: { versions: [{ id: 'v2.1', status: 'CURRENT', version: '2.96', min_version: '2.1' }] } }
        : undefined,
    );
    expect(await at.cloud.supports('compute', '2.96')).toBe(true);
  });
});

describe('a catalogue that is older than its services', () => {
  const link = (href: string) => [{ rel: 'self', href }];

  // fog-openstack issue 492: Keystone is registered at v2.0, and speaks v3.
  test('Keystone at /v2.0', async () => {
    await using at = await cloudOfRoutes({ identity: '@/keystone/v2.0' }, ({ url }) => {
      if (url === '/keystone/')
        return {
          status: 300,
          body: { versions: { values: [{ id: 'v3.14', status: 'stable', links: link('/keystone/v3/') }] } },
        };
      return url.startsWith('/keystone/v3/projects') ? { body: { projects: [], links: {} } } : undefined;
    });
    expect(await Array.fromAsync(at.cloud.identity.projects.list())).toEqual([]);
  });

  // rust-osauth issue 18: Nova is registered at /v2/PROJECT. Its links are of the host that it sees.
  test('Nova at /v2/PROJECT', async () => {
    await using at = await cloudOfRoutes({ compute: '@/nova/v2/p' }, ({ url }) => {
      if (url === '/nova/') {
        const versions = [
          {
            id: 'v2.0',
            status: 'SUPPORTED',
            version: '',
            min_version: '',
            links: link('http://inside:8774/v2/'),
          },
          {
            id: 'v2.1',
            status: 'CURRENT',
            version: '2.79',
            min_version: '2.1',
            links: link('http://inside:8774/v2.1/'),
          },
        ];
        return { body: { versions } };
      }
      return url.startsWith('/nova/v2.1/p/flavors/detail') ? { body: { flavors: [] } } : undefined;
    });
    expect(await Array.fromAsync(at.cloud.compute.flavors.list())).toEqual([]);
  });

  // openstack-k8s-operators/nova-operator pull request 161: Nova without a version, whose root answers 300.
  test('Nova at its root', async () => {
    await using at = await cloudOfRoutes({ compute: '@' }, ({ url }) => {
      if (url === '/')
        return {
          status: 300,
          body: {
            versions: [
              { id: 'v2.1', status: 'CURRENT', version: '2.93', min_version: '2.1', links: link('/v2.1/') },
            ],
          },
        };
      return url.startsWith('/v2.1/flavors/detail') ? { body: { flavors: [] } } : undefined;
    });
    expect(await Array.fromAsync(at.cloud.compute.flavors.list())).toEqual([]);
  });

  // ContainX/openstack4j issue 1150: all without a version, and a document at the versioned URL only.
  test('Glance without a version, and a root that is a page', async () => {
    await using at = await cloudOfRoutes({ image: '@/glance' }, ({ url }) => {
      if (url === '/glance' || url === '/glance/')
        return { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' };
      if (url === '/glance/v2/')
        return { status: 401, headers: { 'www-authenticate': "Keystone uri='http://k/identity'" }, body: '' };
      return url.startsWith('/glance/v2/images') ? { body: { images: [] } } : undefined;
    });
    expect(await Array.fromAsync(at.cloud.image.images.list())).toEqual([]);
  });
});
