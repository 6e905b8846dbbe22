import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { operation, type PageStyle } from '../../src/record/operation.ts';
import { Pager } from '../../src/call/pages.ts';
import { args, answer } from '../../src/record/shape.ts';

const pager = (page: PageStyle, path = 'servers/detail?limit=2') =>
  new Pager(
    operation({
      verb: 'GET',
      path: 'servers/detail',
      receive: 'servers',
      page,
      input: args({}),
      output: answer({ id: z.string() }),
    }),
    'servers.list',
    path,
  );
const links = (href: string) => ({
  servers: [{}],
  servers_links: [
    { rel: 'previous', href: 'x' },
    { rel: 'next', href },
  ],
});

describe('where a list goes on', () => {
  test('a `next` link among `<collection>_links`', () => {
    const next = pager('links').next(links('http://nova/v2.1/servers/detail?limit=2&marker=b'), [{}, {}]);
    expect(next).toBe('servers/detail?limit=2&marker=b');
  });

  test("Glance's relative `next`", () => {
    expect(pager('next').next({ next: '/v2/servers/detail?marker=b' }, [{}, {}])).toBe(
      'servers/detail?marker=b',
    );
  });

  test("Keystone's `links.next`", () => {
    expect(pager('body-links').next({ links: { next: 'http://k/v3/servers/detail?page=2' } }, [{}, {}])).toBe(
      'servers/detail?page=2',
    );
  });

  test('behind the last id, as long as a link tells that more follows: the link itself has lost the filters', () => {
    const paged = pager('link-then-marker', 'servers/detail?status=ERROR&limit=2');
    const more = links('http://octavia/v2/servers/detail?limit=2&marker=b');
    expect(paged.next(more, [{ id: 'a' }, { id: 'b' }])).toBe('servers/detail?status=ERROR&limit=2&marker=b');
    // A page that is no further on would be asked for again and again.
    expect(() => paged.next(more, [{ id: 'a' }, { id: 'b' }])).toThrow(/leads back to a page already read/);
    expect(paged.next({ servers_links: [{ rel: 'previous', href: 'x' }] }, [{ id: 'c' }])).toBeUndefined();
    // Without `allow_pagination` there are no links, and all is on the first page.
    expect(paged.next({ servers_links: null }, [{ id: 'c' }])).toBeUndefined();
    expect(paged.next(more, [])).toBeUndefined();
    expect(() => paged.next(more, [{}])).toThrow(/an element without an id/);
  });

  test('behind the last name, or behind what several names have in common', () => {
    const paged = pager('name', 'c?limit=2');
    expect(paged.next([], [{ name: 'a' }, { name: 'b&c' }])).toBe('c?limit=2&marker=b%26c');
    expect(paged.next([], [{ name: 'd' }, { subdir: 'e/' }])).toBe('c?limit=2&marker=e%2F');
    expect(() => paged.next([], [{ subdir: 'e/' }])).toThrow(/leads back to a page already read/);
    expect(paged.next([], [])).toBeUndefined();
    expect(() => paged.next([], [{}])).toThrow(/an element without a name/);
    expect(pager('name', '?limit=2').next([], [{ name: 'a' }])).toBe('?limit=2&marker=a');
  });

  test('an offset, only if a limit was asked for', () => {
    const paged = pager('offset');
    expect(paged.next({}, [{ id: 'a' }, { id: 'b' }])).toBe('servers/detail?limit=2&offset=2');
    expect(paged.next({}, [{ id: 'c' }, { id: 'd' }])).toBe('servers/detail?limit=2&offset=4');
    expect(paged.next({}, [])).toBeUndefined();
    expect(pager('offset', 'servers/detail').next({}, [{}, {}])).toBeUndefined();
  });

  test('behind the last id, only if a limit was asked for', () => {
    const paged = pager('marker');
    expect(paged.next({}, [{ id: 9 }, { id: 8 }])).toBe('servers/detail?limit=2&marker=8');
    expect(paged.next({}, [{ id: 7 }])).toBe('servers/detail?limit=2&marker=7');
    expect(paged.next({}, [])).toBeUndefined();
    expect(pager('marker', 'servers/detail').next({}, [{ id: 9 }])).toBeUndefined();
    const ignored = pager('marker');
    ignored.next({}, [{ id: 9 }]);
    expect(() => ignored.next({}, [{ id: 9 }])).toThrow(/already read/);
  });

  test.each(['links', 'next', 'body-links', 'none'] as const)('%s: nothing more to come', (style) => {
    expect(pager(style).next({ servers: [] }, [])).toBeUndefined();
    expect(pager(style).next(null, [])).toBeUndefined();
  });
});

describe('guards', () => {
  test('a link with another host is followed on our own: the token stays with this cloud', () => {
    const next = pager('links').next(links('https://evil.example/v2.1/servers/detail?marker=b'), [{}, {}]);
    expect(next).toBe('servers/detail?marker=b');
  });

  test('a link to another path ends the list with an error', () => {
    expect(() => pager('links').next(links('https://evil.example/collect?marker=b'), [{}, {}])).toThrow(
      expect.objectContaining({ code: 'pagination', reason: 'foreign' }),
    );
  });

  test('a page that leads back ends the list with an error', () => {
    const looping = pager('links');
    looping.next(links('http://nova/servers/detail?marker=b'), [{}, {}]);
    expect(() => looping.next(links('http://nova/servers/detail?marker=b'), [{}, {}])).toThrow(
      expect.objectContaining({ code: 'pagination', reason: 'loop' }),
    );
  });

  test('a service that ignores the offset ends the list with an error', () => {
    const looping = pager('offset');
    looping.next({}, [{ id: 'a' }]);
    expect(() => looping.next({}, [{ id: 'a' }])).toThrow(
      expect.objectContaining({ code: 'pagination', reason: 'loop' }),
    );
  });

  test('a list that Keystone cut is not taken for the whole', () => {
    expect(() => pager('body-links').next({ links: { next: null }, truncated: true }, [{}, {}])).toThrow(
      expect.objectContaining({ code: 'pagination', reason: 'truncated' }),
    );
  });
});
