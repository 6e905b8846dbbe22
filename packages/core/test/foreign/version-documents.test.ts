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
