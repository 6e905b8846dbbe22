import { expect, test } from 'vitest';
import { isPaginationError, observeList } from '../../src/index.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// softlayer/jumpgate issue 94 (a gateway that ignores the marker: `glance image-list` never ends), rackspace/gophercloud pull request
// 466 (Heat's resources, likewise), apache/libcloud pull request 1467. Here the link is new on every page, with nothing behind it.
test('pages without an element, each with a new link, end after a hundred', async () => {
  let pages = 0;
  await using site = await cloudOfRoutes({ image: '@/image/v2' }, ({ url }) => {
    if (!url.startsWith('/image/v2/images')) return undefined;
    pages += 1;
    return { body: { images: [], next: `/v2/images?marker=${pages}` } };
  });
  const seen = await observeList('images', site.cloud.image.images.list());
  expect(seen).toMatchObject({
    value: [],
    completeness: 'failed',
    gaps: [{ kind: 'cut', why: 'images.list: after 100 pages without an element the list still goes on' }],
  });
  expect(pages).toBe(101);
  const caught = await Array.fromAsync(site.cloud.image.images.list()).catch((error: unknown) => error);
  expect(isPaginationError(caught) && caught.reason).toBe('loop');
});

test('a few empty pages in between are none', async () => {
  let pages = 0;
  await using site = await cloudOfRoutes({ image: '@/image/v2' }, ({ url }) => {
    if (!url.startsWith('/image/v2/images')) return undefined;
    pages += 1;
    return { body: { images: [], ...(pages < 50 ? { next: `/v2/images?marker=${pages}` } : {}) } };
  });
  const seen = await observeList('images', site.cloud.image.images.list());
  expect(seen).toMatchObject({ value: [], completeness: 'complete' });
  expect(pages).toBe(50);
});

// Masakari pages by the last element's id: `null` has none.
test('a page that ends with no element leads nowhere, and nobody asks for `undefined`', async () => {
  const urls: string[] = [];
  await using site = await cloudOfRoutes({ 'instance-ha': '@/instance-ha/v1' }, ({ url }) => {
    urls.push(url);
    return url.includes('/segments') ? { body: { segments: [null] } } : undefined;
  });
  const seen = await observeList('segments', site.cloud.instanceHa.segments.list({ limit: 1 }));
  expect(seen.completeness).toBe('failed');
  expect(seen.gaps[0]?.why).toMatch(/behind an element without an id/);
  expect(urls.filter((url) => url.includes('undefined'))).toEqual([]);
});
