import { describe, expect, test } from 'vitest';
import {
  isDecodeError,
  isGroundcrewError,
  isPaginationError,
  joinLists,
  mapList,
  observeList,
} from '../../src/index.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

const NOVA = { compute: '@/compute/v2.1', network: '@/network/v2.0' };
const flavor = (id: string, parts: object = {}): object => ({
  id,
  name: id,
  vcpus: 1,
  ram: 1,
  disk: 1,
  'OS-FLV-EXT-DATA:ephemeral': 0,
  'OS-FLV-DISABLED:disabled': false,
  'os-flavor-access:is_public': true,
  rxtx_factor: 1,
  swap: '',
  links: [],
  ...parts,
});

// Proxies, gateways and interrupted services answer 200 with nothing or with something else (fog-openstack 405 and its kin).
describe('a list that is none is an error, and never an empty list', () => {
  test.each<[string, number, unknown]>([
    ['no body', 200, ''],
    ['204', 204, ''],
    ['null', 200, 'null'],
    ['{}', 200, {}],
    ['null in the envelope', 200, { flavors: null }],
    ['a number in it', 200, { flavors: 5 }],
    ['text in it', 200, { flavors: 'none' }],
    ['an object in it', 200, { flavors: { a: flavor('a') } }],
    ['a list without its envelope', 200, []],
    ['text', 200, '"flavors"'],
    ['another list', 200, { servers: [] }],
  ])('%s', async (_, status, body) => {
    await using site = await cloudOfRoutes(NOVA, () => ({ status, body }));
    const caught = await Array.fromAsync(site.cloud.compute.flavors.list()).catch((error: unknown) => error);
    expect(isDecodeError(caught)).toBe(true);
    expect(caught).toMatchObject({ operation: 'flavors.list', field: 'flavors' });
    const seen = await observeList('flavors', site.cloud.compute.flavors.list());
    expect(seen).toMatchObject({ value: [], completeness: 'failed', gaps: [{ kind: 'cut' }] });
  });

  test('an empty list is one', async () => {
    await using site = await cloudOfRoutes(NOVA, () => ({ body: { flavors: [] } }));
    const seen = await observeList('flavors', site.cloud.compute.flavors.list());
    expect(seen).toMatchObject({ value: [], completeness: 'complete', gaps: [] });
  });
});

// `os_hidden` and `segmentation_id` as text: gophercloud 3147 and 69; `null` among the servers: a deleted row.
describe('an element that does not fit is named, and the others are read', () => {
  const odd = [flavor('a'), flavor('b', { vcpus: 'many' }), null, flavor('c'), 7, flavor('d')];

  test('by observeList: a gap for each', async () => {
    await using site = await cloudOfRoutes(NOVA, () => ({ body: { flavors: odd } }));
    const seen = await observeList('flavors', site.cloud.compute.flavors.list());
    expect(seen.value.map(({ id }) => id)).toEqual(['a', 'c', 'd']);
    expect(seen.completeness).toBe('partial');
    expect(seen.gaps.map(({ why }) => why.replace(/^.*flavors\.list: /, ''))).toEqual([
      expect.stringMatching(/^flavors\.1\.vcpus: .*\(b\)$/),
      expect.stringMatching(/^flavors\.2: /),
      expect.stringMatching(/^flavors\.4: /),
    ]);
  });

  test('by the caller: the error says which, and the iterator goes on', async () => {
    await using site = await cloudOfRoutes(NOVA, () => ({ body: { flavors: odd } }));
    const iterator = site.cloud.compute.flavors.list()[Symbol.asyncIterator]();
    const told: unknown[] = [];
    for (;;) {
      const next = await iterator.next().catch((error: unknown) => ({ done: false, value: error }));
      if (next.done === true) break;
      told.push(isDecodeError(next.value) ? next.value.element : (next.value as { id: string }).id);
    }
    expect(told).toEqual([
      'a',
      { index: 1, id: 'b' },
      { index: 2, id: undefined },
      'c',
      { index: 4, id: undefined },
      'd',
    ]);
  });

  test('`for await` ends there, as with any error', async () => {
    await using site = await cloudOfRoutes(NOVA, () => ({ body: { flavors: odd } }));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { id } of site.cloud.compute.flavors.list()) seen.push(id);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'decode', element: { index: 1, id: 'b' } });
    expect(seen).toEqual(['a']);
  });

  test('100,000 of them: five gaps, a count, and the list is given up', async () => {
    const flavors = Array.from({ length: 100_000 }, () => null);
    await using site = await cloudOfRoutes(NOVA, () => ({ body: { flavors } }));
    const seen = await observeList('flavors', site.cloud.compute.flavors.list());
    expect(seen.completeness).toBe('failed');
    expect(seen.gaps).toHaveLength(6);
    expect(seen.gaps.at(-1)?.why).toBe(
      '995 further elements do not fit either, and what is behind them was not read',
    );
  });
});

describe('where the list goes on, oddly said', () => {
  test.each<[string, unknown]>([
    ['a number', [{ rel: 'next', href: 5 }]],
    ['an object', [{ rel: 'next', href: {} }]],
    ['no list of links', 'next'],
    ['another host and path', [{ rel: 'next', href: 'http://evil.example/steal?marker=a' }]],
    ['itself', [{ rel: 'next', href: '/compute/v2.1/flavors/detail' }]],
  ])('%s: what was read is kept, and the list is not complete', async (_, flavors_links) => {
    const body = { flavors: [flavor('a')], flavors_links };
    await using site = await cloudOfRoutes(NOVA, () => ({ body }));
    const seen = await observeList('flavors', site.cloud.compute.flavors.list());
    expect(seen).toMatchObject({ value: [{ id: 'a' }], completeness: 'partial', gaps: [{ kind: 'cut' }] });
    const caught = await Array.fromAsync(site.cloud.compute.flavors.list()).catch((error: unknown) => error);
    expect(isPaginationError(caught)).toBe(true);
  });
});

test('one thing that is none is an error as well', async () => {
  for (const body of ['', 'null', {}, { flavor: null }, { flavor: [] }, { flavor: 5 }]) {
    await using site = await cloudOfRoutes(NOVA, () => ({ body }));
    const caught = await site.cloud.compute.flavors.get({ id: 'a' }).catch((error: unknown) => error);
    expect(isGroundcrewError(caught) && caught.code, JSON.stringify(body)).toBe('decode');
  }
});

// Glance leaves hidden images out of a list that does not ask for them: whoever wants all reads two lists.
describe('lists one after the other', () => {
  const answer = (url: string): unknown => ({
    flavors: url.includes('is_public=false')
      ? [flavor('c'), { id: 5 }, flavor('d')]
      : [flavor('a'), null, flavor('b')],
  });
  const both = async () => {
    const site = await cloudOfRoutes(NOVA, ({ url }) => ({ body: answer(url) }));
    const { flavors } = site.cloud.compute;
    return { site, list: joinLists(flavors.list(), flavors.list({ is_public: false })) };
  };

  test('an element that does not decode ends neither the list that it is in nor the one behind it', async () => {
    const { site, list } = await both();
    await using _ = site;
    const seen = await observeList('flavors', list);
    expect(seen.value.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(seen).toMatchObject({ completeness: 'partial', gaps: [{ kind: 'cut' }, { kind: 'cut' }] });
  });

  test('whoever leaves early ends the lists, and asks for no more', async () => {
    const { site, list } = await both();
    await using _ = site;
    for await (const { id } of list) {
      expect(id).toBe('a');
      break;
    }
    const again = list[Symbol.asyncIterator]();
    expect(await again.next()).toMatchObject({ value: { id: 'a' } });
    await again.return?.();
    expect(await again.next()).toEqual({ done: true, value: undefined });
    expect(site.seen.filter(({ url }) => url.includes('is_public=false'))).toEqual([]);
  });

  test('so does a list of something that is made of each, and whoever leaves it ends the list below', async () => {
    const { site, list } = await both();
    await using _ = site;
    const names = mapList(list, ({ id }) => `flavor ${id}`);
    const seen = await observeList('flavors', names);
    expect(seen.value).toEqual(['flavor a', 'flavor b', 'flavor c', 'flavor d']);
    expect(seen).toMatchObject({ completeness: 'partial', gaps: [{ kind: 'cut' }, { kind: 'cut' }] });
    const asked = site.seen.length;
    for await (const name of names) {
      expect(name).toBe('flavor a');
      break;
    }
    expect(site.seen.slice(asked).filter(({ url }) => url.includes('is_public=false'))).toEqual([]);
  });

  test('a list that fails as a whole is an error, and not the end', async () => {
    await using site = await cloudOfRoutes(NOVA, ({ url }) =>
      url.includes('is_public=false') ? { body: answer(url) } : { status: 403, body: '' },
    );
    const { flavors } = site.cloud.compute;
    const seen = await observeList('flavors', joinLists(flavors.list(), flavors.list({ is_public: false })));
    expect(seen).toMatchObject({ completeness: 'denied', value: [] });
  });
});
