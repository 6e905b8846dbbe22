import type { RecordedExchange } from '@groundcrew/core/conversation';
import type { Finding } from '@groundcrew/ground';
import { series } from '@groundcrew/upgrade';
import { compatibilityOf, requestShapes, type SeenRequest } from '@groundcrew/upgrade/compatibility';
import { expect, test } from 'vitest';

const row = (name: string) => {
  const found = series.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const hop = (from: string, to: string) => ({ from: row(from), to: row(to) });
const of = (findings: readonly Finding[], id: string): Finding[] =>
  findings.filter((one) => one.id === `upgrade.compatibility-${id}`);
const requestsOf = (from: string, to: string, ...requests: SeenRequest[]) =>
  compatibilityOf(hop(from, to), { requests });

test('a client of Cinder v2 is told where v2 goes, by its name, with the count and the source', () => {
  const findings = requestsOf(
    'wallaby',
    'xena',
    {
      service: 'volumev2',
      method: 'GET',
      path: '/v2/0123456789abcdef0123456789abcdef/volumes',
      userAgent: 'old/1',
      times: 3,
    },
    { service: 'cinder', method: 'get', path: 'https://c.example:8776/v2/{id}/snapshots?limit=1' },
    { service: 'volumev3', method: 'GET', path: '/v3/0123456789abcdef0123456789abcdef/volumes' },
  );
  const [met, ...more] = of(findings, 'request');
  expect(more).toEqual([]);
  expect(met).toMatchObject({
    verdict: 'fail',
    title: 'API v2 of block-storage is gone from Xena (2021.2) on: 4 requests',
    subject: { kind: 'API', id: 'block-storage API v2' },
  });
  expect(met?.because.map(({ statement }) => statement)).toEqual([
    '3 times GET /v2/volumes of old/1',
    '1 time GET /v2/snapshots',
    'from Xena (2021.2) on it is gone',
  ]);
  expect(met?.because.at(-1)?.source).toBe(
    'openstack/cinder 19.0.0: releasenotes/notes/remove-api-v2-dadd877ee5457f79.yaml',
  );
});

test('the hop before and the hop after say nothing of it', () => {
  const v2 = { service: 'cinder', method: 'GET', path: '/v2/volumes' };
  expect(of(requestsOf('victoria', 'wallaby', v2), 'request')).toEqual([]);
  expect(of(requestsOf('xena', 'yoga', v2), 'request')).toEqual([]);
});

test('what a SLURP hop passes over counts', () => {
  const findings = compatibilityOf(hop('caracal', 'epoxy'), {
    options: [
      {
        service: 'glance',
        file: 'g.conf',
        options: [{ section: 'DEFAULT', name: 'location_strategy', value: 'x' }],
      },
    ],
  });
  expect(of(findings, 'option')).toMatchObject([
    { verdict: 'fail', subject: { id: 'g.conf [DEFAULT] location_strategy' } },
  ]);
});

test('what an API version goes on to serve is spared', () => {
  const asked = (path: string) =>
    of(requestsOf('pike', 'queens', { service: 'keystone', method: 'POST', path }), 'request').length;
  expect(asked('/v2.0/tokens')).toBe(1);
  expect(asked('/identity/v2.0/tokens')).toBe(1);
  expect(asked('/v2.0/ec2tokens')).toBe(0);
  expect(asked('/v2.0/')).toBe(0);
  expect(asked('/v3/auth/tokens')).toBe(0);
});

test('recorded conversations are requests', () => {
  const exchanges: Pick<RecordedExchange, 'service' | 'method' | 'url' | 'microversion'>[] = [
    {
      service: 'blockStorage',
      method: 'GET',
      url: 'https://c.example/volume/v2/{id}/volumes/detail?limit=10',
    },
    {
      service: 'compute',
      method: 'GET',
      url: 'https://c.example/compute/v2.1/servers',
      microversion: '2.93',
    },
  ];
  const { shapes } = requestShapes(
    exchanges.map(({ service = 'none', method, url, microversion = null }) => ({
      service,
      method,
      path: url,
      microversion,
    })),
  );
  expect(of(requestsOf('wallaby', 'xena', ...shapes), 'request').map(({ subject }) => subject.id)).toEqual([
    'block-storage API v2',
  ]);
});

test('methods, depth and neighbours are told apart', () => {
  const hits = (method: string, path: string) =>
    of(requestsOf('train', 'ussuri', { service: 'nova', method, path }), 'request').length;
  expect(hits('POST', '/v2.1/os-networks')).toBe(1);
  expect(hits('POST', '/v2.1/os-networks/6b0a1c1e-1111-4222-8333-444455556666/action')).toBe(1);
  expect(hits('GET', '/v2.1/os-networks')).toBe(0);
  expect(hits('POST', '/compute/v2.1/servers/6b0a1c1e-1111-4222-8333-444455556666/consoles')).toBe(1);
  expect(hits('POST', '/v2.1/servers/6b0a1c1e-1111-4222-8333-444455556666/remote-consoles')).toBe(0);
  expect(hits('POST', '/v2.1/servers')).toBe(0);
});

test('a route that a newer microversion takes away hits only who asks for the latest', () => {
  const asked = (microversion: string | null | undefined) =>
    of(
      requestsOf('victoria', 'wallaby', {
        service: 'compute',
        method: 'GET',
        path: '/v2.1/os-hypervisors/statistics',
        microversion,
      }),
      'request',
    ).map(({ verdict }) => verdict);
  expect(asked('compute latest')).toEqual(['fail']);
  expect(asked('2.87')).toEqual([]);
  expect(asked(null)).toEqual([]);
  // An access log has no microversions: it may have asked for the latest.
  expect(asked(undefined)).toEqual(['unknown']);
});

test('what hangs on a body is unknown, and says on what', () => {
  const [met] = of(
    requestsOf('yoga', 'zed', {
      service: 'nova',
      method: 'POST',
      path: '/v2.1/os-keypairs',
      microversion: 'latest',
    }),
    'request',
  );
  expect(met).toMatchObject({ verdict: 'unknown' });
  expect(met?.title).toMatch(/if the body has no `public_key`: 1 request$/);
});

test('microversions above the old maximum, and below all, are told; those in between are not', () => {
  const told = (microversion: string) =>
    of(
      requestsOf('zed', 'antelope', {
        service: 'compute',
        method: 'GET',
        path: '/v2.1/servers',
        microversion,
        times: 2,
      }),
      'microversion',
    ).map(({ verdict, title }) => `${verdict} ${title}`);
  expect(told('2.93')).toEqual([]);
  expect(told('2.95')).toEqual([
    'unknown 2 requests of compute ask for microversion 2.95: the old series refuses it, and the new one answers it for the first time',
  ]);
  expect(told('2.100')[0]).toMatch(/above what either series has/);
  expect(told('2.0')[0]).toMatch(/neither the old series nor the new one has it/);
  expect(told('latest')[0]).toMatch(/it was 2\.93 and becomes 2\.95/);
  expect(told('nonsense')).toEqual([]);
  // Placement's newest is the same in both.
  const placement = requestsOf('zed', 'antelope', {
    service: 'placement',
    method: 'GET',
    path: '/traits',
    microversion: 'latest',
  });
  expect(of(placement, 'microversion')).toEqual([]);
});

test('without a hit nothing passes, and what was looked at is said', () => {
  const findings = requestsOf(
    'wallaby',
    'xena',
    { service: 'cinder', method: 'GET', path: '/v3/volumes' },
    { service: 'object-store', method: 'GET', path: '/v1/AUTH_x' },
  );
  expect(findings.filter(({ verdict }) => verdict !== 'unknown')).toEqual([]);
  expect(findings.map(({ title }) => title)).toEqual(
    expect.arrayContaining([
      'Of 1 known break of routes and API versions none was met for sure in 2 requests (1 of them of services of which no break is known here); others than the known ones were not looked for',
      expect.stringMatching(
        /^Of \d+ known breaks of options and drivers none was looked for: no options were given$/,
      ),
    ]),
  );
});

test('a thousand clients make one finding with its twenty busiest shapes, and count the rest', () => {
  const requests = Array.from({ length: 1_000 }, (_, index) => ({
    service: 'nova',
    method: 'GET',
    path: '/v2.1/os-agents',
    userAgent: `client-${index}/1`,
    times: index === 900 ? 7 : 1,
  }));
  const [met, ...more] = of(requestsOf('victoria', 'wallaby', ...requests), 'request');
  expect(more).toEqual([]);
  expect(met?.because).toHaveLength(22);
  expect(met?.because[0]?.statement).toBe('7 times GET /v2.1/os-agents of client-900/1');
  expect(met?.because[20]?.statement).toBe('980 requests of other shapes');
});

test('a hop backwards, a misspelt word and a series that is none are refused by their field', () => {
  expect(() => compatibilityOf(hop('xena', 'wallaby'))).toThrow(/to: must be newer/);
  expect(() => compatibilityOf({} as never)).toThrow(/from: must be a row/);
  expect(() =>
    requestsOf('wallaby', 'xena', { service: 'nova', method: 'GET', path: '/', time: 2 } as never),
  ).toThrow(/requests\.0\.time: there is no such field/);
});

test('each of 100,000 requests is looked at a fixed number of times', () => {
  let reads = 0;
  const log = (length: number): SeenRequest[] =>
    Array.from({ length }, (_, index) => ({
      service: 'nova',
      method: 'GET',
      // Clocks tell little on a busy machine; what is read again and again grows faster than the log.
      get path() {
        reads += 1;
        return `/v2.1/servers/${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
      },
      userAgent: `c${index % 7}/1`,
      microversion: `2.${index % 90}`,
    }));
  const readsOf = (length: number): number => {
    reads = 0;
    const requests = log(length);
    expect(compatibilityOf(hop('victoria', 'wallaby'), { requests }).length).toBeLessThan(20);
    expect(requestShapes(requests).shapes).toHaveLength(630);
    return reads;
  };
  expect(readsOf(100_000)).toBe(readsOf(1_000) * 100);
});
