import { describe, expect, test } from 'vitest';
import type { Token } from '../../src/auth/token.ts';
import { type ServiceEndpoint } from '../../src/discovery/discovery.ts';
import { Secret } from '@groundcrew/ground';
import { reply, reset, type Script, scriptedServer } from '../scripted-server.ts';
import {
  paths,
  page,
  discovery,
  compute,
  volume,
  image,
  network,
  placement,
  version,
  novaRange,
  nova,
  asked,
} from './scripted-discovery.ts';

describe('resolve: a URL that carries the version is believed', () => {
  test.each<[ServiceEndpoint['service'], string, string | undefined, string]>([
    [compute, 'http://h:8774/v2.1', undefined, 'http://h:8774/v2.1'],
    [compute, 'http://h/compute/v2.1/', 'p1', 'http://h/compute/v2.1'],
    [compute, 'http://h/v2.1/p1', 'p1', 'http://h/v2.1/p1'],
    [volume, 'http://h/v3/p1', 'p1', 'http://h/v3/p1'],
    [volume, 'http://h/v3/p1', undefined, 'http://h/v3/p1'],
    [network, 'http://h/v2.0/', undefined, 'http://h/v2.0'],
    [image, 'http://h/v2', undefined, 'http://h/v2'],
  ])('$type $1', async (service, url, projectId, base) => {
    // No server: nothing is asked.
    const resolved = await discovery().discovery.resolve({ service, url, projectId });
    expect(resolved).toEqual({
      base,
      min: undefined,
      max: undefined,
      versions: [],
      source: 'url',
      confirmed: false,
      note: undefined,
    });
  });
});

describe('resolve: a URL without it is asked', () => {
  test('and the version that the records are of is taken', async () => {
    await using server = await scriptedServer(paths({ '/': nova('') }));
    const resolved = await discovery().discovery.resolve({ service: compute, url: server.url });
    expect(resolved).toMatchObject({
      base: `${server.url}/v2.1`,
      min: '2.1',
      max: '2.93',
      source: 'document',
      note: undefined,
    });
    expect(resolved.versions.map(({ id }) => id)).toEqual(['v2.0', 'v2.1']);
    expect(asked(server.seen)).toEqual(['/']);
    expect(server.seen[0]?.headers).not.toHaveProperty('x-auth-token');
  });

  test('300 is an answer, its Location no redirect', async () => {
    const v2 = ['v2.16', 'v2.15', 'v2.0'].map((id) => version(id, '/v2/'));
    await using server = await scriptedServer(
      paths({ '/': reply(300, { versions: v2 }, { location: '/elsewhere' }) }),
    );
    const { base, min } = await discovery().discovery.resolve({ service: image, url: `${server.url}/` });
    expect({ base, min }).toEqual({ base: `${server.url}/v2`, min: undefined });
  });

  test('Placement has no version in its paths', async () => {
    const document = reply(200, {
      versions: [version('v1.0', '', { min_version: '1.0', max_version: '1.39' })],
    });
    await using server = await scriptedServer(paths({ '/placement': document }));
    const { base, max } = await discovery().discovery.resolve({
      service: placement,
      url: `${server.url}/placement`,
    });
    expect({ base, max }).toEqual({ base: `${server.url}/placement`, max: '1.39' });
  });

  test('links of the wrong host, behind a path', async () => {
    await using server = await scriptedServer(paths({ '/compute': nova('http://10.0.0.9:8774') }));
    const { base } = await discovery().discovery.resolve({ service: compute, url: `${server.url}/compute` });
    expect(base).toBe(`${server.url}/compute/v2.1`);
  });

  test('a redirect within the host is followed', async () => {
    const steps = {
      '/image': reply(301, '', { location: '/image/' }),
      '/image/': reply(200, { versions: [version('v2.0', 'v2/')] }),
    };
    await using server = await scriptedServer(paths(steps));
    const { base } = await discovery().discovery.resolve({ service: image, url: `${server.url}/image` });
    expect(base).toBe(`${server.url}/image/v2`);
  });

  test.each([
    ['elsewhere', 'http://example.invalid/'],
    ['round and round', '/'],
  ])('a redirect %s is not', async (_, location) => {
    await using server = await scriptedServer(paths({ '/': reply(302, '', { location }) }));
    const resolved = await discovery().discovery.resolve({ service: image, url: server.url });
    expect(resolved).toMatchObject({
      base: server.url,
      source: 'url',
      note: expect.stringContaining('redirects to'),
    });
  });

  test('a URL of another major: the right one beside it, with the project put back', async () => {
    const both = [version('v2.0', '/v2/'), version('v3.0', '/v3/', { min_version: '3.0', version: '3.27' })];
    await using server = await scriptedServer(paths({ '/volume/': reply(300, { versions: both }) }));
    const resolved = await discovery().discovery.resolve({
      service: volume,
      url: `${server.url}/volume/v2/p1`,
      projectId: 'p1',
    });
    expect(resolved).toMatchObject({ base: `${server.url}/volume/v3/p1`, max: '3.27', source: 'document' });
  });

  test('a service without the major is an error that says what it has', async () => {
    await using server = await scriptedServer(
      paths({ '/': reply(200, { versions: [version('v1.0', '/v1/')] }) }),
    );
    await expect(discovery().discovery.resolve({ service: image, url: server.url })).rejects.toMatchObject({
      code: 'endpoint',
      message: expect.stringContaining('has v1.0, not 2'),
    });
  });
});

describe('no document', () => {
  test.each<[string, Script]>([
    ['401', reply(401, { error: { code: 401 } })],
    ['403', reply(403, 'no')],
    ['404', page],
    ['a web page', reply(200, '<html>Sign in</html>', { 'content-type': 'text/html' })],
    ['broken JSON', reply(200, '{"versions": [{"id"')],
    ['an empty body', reply(200, '')],
    ['a list', reply(200, [])],
    [
      'a version that does not say where it is',
      reply(200, { versions: [{ id: 'v2.0', status: 'CURRENT', links: [] }] }),
    ],
  ])('%s: the URL of the catalogue, and a note', async (_, step) => {
    await using server = await scriptedServer(step);
    const resolved = await discovery().discovery.resolve({ service: image, url: server.url });
    expect(resolved).toMatchObject({ base: server.url, min: undefined, versions: [], source: 'url' });
    expect(resolved.note).toMatch(/^image: .*is used as it is$/);
  });

  test.each<[string, Script, string]>([
    ['503', reply(503), 'server-error'],
    ['no answer', reset, 'unreachable'],
  ])('%s: an error, since a guess could turn an outage into "not found"', async (_, step, code) => {
    await using server = await scriptedServer(step);
    await expect(discovery().discovery.resolve({ service: image, url: server.url })).rejects.toMatchObject({
      code,
    });
  });

  test('is asked for again after a minute; an outage at once', async () => {
    const v2 = reply(200, { versions: [version('v2.0', '/v2/')] });
    await using server = await scriptedServer(page, page, v2);
    const { clock, discovery: one } = discovery();
    const endpoint = { service: image, url: server.url };
    expect((await one.resolve(endpoint)).source).toBe('url');
    clock.advance(59_999);
    expect((await one.resolve(endpoint)).source).toBe('url');
    // The root, and where the version usually is.
    expect(asked(server.seen)).toEqual(['/', '/v2/']);
    clock.advance(1);
    expect((await one.resolve(endpoint)).base).toBe(`${server.url}/v2`);

    await using other = await scriptedServer(reply(500), v2);
    const moved = { service: image, url: other.url };
    await expect(one.resolve(moved)).rejects.toMatchObject({ status: 500 });
    expect((await one.resolve(moved)).base).toBe(`${other.url}/v2`);
  });
});

/** Closed to strangers; sends those with a token elsewhere. */
const away: Script = (response, seen) =>
  (seen.headers['x-auth-token'] === undefined ? reply(401) : reply(302, '', { location: '/away' }))(
    response,
    seen,
  );

describe('versions', () => {
  test('the root tells of all, the range is that of the major', async () => {
    await using server = await scriptedServer(paths({ '/compute/': nova('http://internal') }));
    const resolved = await discovery().discovery.versions({
      service: compute,
      url: `${server.url}/compute/v2.1/p1`,
      projectId: 'p1',
    });
    expect(resolved).toMatchObject({
      base: `${server.url}/compute/v2.1/p1`,
      min: '2.1',
      max: '2.93',
      source: 'document',
    });
    expect(resolved.versions).toHaveLength(2);
    expect(asked(server.seen)).toEqual(['/compute/']);
  });

  test('a root that is of nobody, or of another service: the version itself is asked', async () => {
    const own = reply(200, { version: version('v2.1', 'http://x/v2.1/', novaRange) });
    const foreign = reply(200, {
      versions: [version('v2.5', '/other/v2/', { min_version: '2.0', max_version: '2.5' })],
    });
    for (const root of [page, foreign, reply(500)]) {
      await using server = await scriptedServer(paths({ '/': root, '/v2.1/': own }));
      const { min, max, base } = await discovery().discovery.versions({
        service: compute,
        url: `${server.url}/v2.1`,
      });
      expect({ min, max, base }).toEqual({ min: '2.1', max: '2.93', base: `${server.url}/v2.1` });
    }
  });

  test('a document that is closed to strangers is asked for with a token, after all others', async () => {
    const unauthorized = reply(401, { error: { code: 401 } });
    const range = { version: '3.70', min_version: '3.0' };
    const open: Script = (response, seen) =>
      (seen.headers['x-auth-token'] === 'secret'
        ? reply(200, { versions: [version('v3.0', '/v3/', range)] })
        : unauthorized)(response, seen);
    await using server = await scriptedServer(paths({ '/v3/': open }));
    const token = { value: new Secret('secret') } as Token;
    const endpoint = { service: volume, url: `${server.url}/v3/p1`, projectId: 'p1' };
    expect(
      await discovery({ token: () => Promise.resolve(token) }).discovery.versions(endpoint),
    ).toMatchObject({ max: '3.70' });
    expect(server.seen.map(({ url, headers }) => [url, headers['x-auth-token']])).toEqual([
      ['/', undefined],
      ['/v3/', undefined],
      ['/v3/', 'secret'],
    ]);
    expect(await discovery().discovery.versions(endpoint)).toMatchObject({
      max: undefined,
      source: 'url',
      note: expect.stringContaining('401'),
    });
  });

  test('a redirect is not followed with a token', async () => {
    await using server = await scriptedServer(paths({ '/v3/': away }));
    const token = { value: new Secret('secret') } as Token;
    const endpoint = { service: volume, url: `${server.url}/v3` };
    const { note } = await discovery({ token: () => Promise.resolve(token) }).discovery.versions(endpoint);
    expect(note).toContain('redirects to');
    expect(asked(server.seen)).toEqual(['/', '/v3/', '/v3/']);
  });

  test('of an outage is an error, although the URL is known', async () => {
    await using server = await scriptedServer(reply(503));
    await expect(
      discovery().discovery.versions({ service: compute, url: `${server.url}/v2.1` }),
    ).rejects.toMatchObject({ status: 503 });
  });

  test('1,000 callers, one request; and none later', async () => {
    await using server = await scriptedServer(nova(''));
    const { discovery: one } = discovery();
    const endpoint = { service: compute, url: server.url };
    await Promise.all(Array.from({ length: 1_000 }, () => one.versions(endpoint)));
    await one.resolve(endpoint);
    expect(server.seen).toHaveLength(1);
  });

  test('fresh: asked again, for an upgrade may have happened', async () => {
    const newer = reply(200, {
      versions: [version('v2.1', '/v2.1/', { version: '2.96', min_version: '2.1' })],
    });
    await using server = await scriptedServer(nova(''), newer);
    const { discovery: one } = discovery();
    const endpoint = { service: compute, url: server.url };
    expect((await one.versions(endpoint)).max).toBe('2.93');
    expect((await one.versions(endpoint)).max).toBe('2.93');
    expect((await one.versions(endpoint, { fresh: true })).max).toBe('2.96');
    expect((await one.versions(endpoint)).max).toBe('2.96');
  });

  test('who aborts leaves alone', async () => {
    const gate = Promise.withResolvers<void>();
    await using server = await scriptedServer(async (response, seen) => {
      await gate.promise;
      await nova('')(response, seen);
    });
    const { discovery: one } = discovery();
    const leaver = new AbortController();
    const endpoint = { service: compute, url: server.url };
    const leaving = one.versions(endpoint, { signal: leaver.signal });
    const staying = one.versions(endpoint);
    leaver.abort('enough');
    await expect(leaving).rejects.toBe('enough');
    gate.resolve();
    expect((await staying).max).toBe('2.93');
    await expect(one.versions(endpoint, { signal: leaver.signal })).rejects.toBe('enough');
  });
});

describe('an override', () => {
  test('with a version is used as it is, whichever it is', async () => {
    const url = 'http://h/v2/';
    const resolved = await discovery().discovery.resolve({ service: compute, url, from: 'override' });
    expect(resolved).toMatchObject({ base: 'http://h/v2', source: 'override' });
  });

  test('without one is asked for it, and used as it is if it tells nothing', async () => {
    const v2 = reply(200, { versions: [version('v2.0', '/v2/')] });
    for (const [step, path] of [
      [v2, '/v2'],
      [page, ''],
      [reply(200, { versions: [version('v1.0', '/v1/')] }), ''],
    ] as const) {
      await using server = await scriptedServer(step);
      const resolved = await discovery().discovery.resolve({
        service: image,
        url: server.url,
        from: 'override',
      });
      expect(resolved).toMatchObject({ base: `${server.url}${path}`, source: 'override' });
    }
  });

  test('keeps its base when its versions are asked for', async () => {
    await using server = await scriptedServer(paths({ '/': nova('') }));
    const resolved = await discovery().discovery.versions({
      service: compute,
      url: `${server.url}/v2.1`,
      from: 'override',
    });
    expect(resolved).toMatchObject({ base: `${server.url}/v2.1`, max: '2.93', source: 'override' });
  });
});

test.each(['', 'nova:8774', 'ftp://h/v2.1', '/v2.1', '%(host)s'])(
  '%j is no URL, and says so',
  async (url) => {
    const { discovery: one } = discovery();
    await expect(one.resolve({ service: compute, url })).rejects.toMatchObject({
      code: 'endpoint',
      remedy: expect.stringContaining('Keystone'),
    });
    await expect(one.versions({ service: compute, url, from: 'override' })).rejects.toMatchObject({
      code: 'endpoint',
      remedy: expect.stringContaining('endpoint_override'),
    });
  },
);
