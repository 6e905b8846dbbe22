// A program without a compiler hands on what a file or a flag says. Each of these was a TypeError, some of them only of a later
// call, and an error of no family ends a whole report (canonical/pycloudlib issue 263).
import { describe, expect, test } from 'vitest';
import {
  type Cloud,
  compareMicroversions,
  connect,
  isGroundcrewError,
  isInputError,
  isMicroversion,
  listClouds,
  loadCloud,
  observeList,
  visibilityOf,
} from '../../src/index.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

const services = { compute: '@/compute/v2.1' };
const caught = (error: unknown): unknown => error;
const thrownBy = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

/** What is no microversion: a word of the API, a misspelling, nothing, and other kinds. */
const notMicroversions = [
  'latest',
  'abc',
  '',
  '2',
  '2.1.0',
  ' 2.1',
  '2.1\n',
  null,
  undefined,
  2.1,
  ['2.1'],
  {},
];

describe.each(notMicroversions.map((text) => [JSON.stringify(text) ?? 'undefined', text as never] as const))(
  'a microversion of %s',
  (_, text) => {
    test('a client is not pinned to it', async () => {
      await using at = await cloudOfRoutes(services, () => undefined);
      const { compute } = at.cloud;
      expect(thrownBy(() => compute.at(text))).toMatchObject({
        code: 'input',
        field: 'microversion',
        operation: 'compute.at',
      });
      expect(at.seen).toEqual([]);
    });

    test('it is refused before a service is asked whether it has it', async () => {
      await using at = await cloudOfRoutes(services, () => undefined);
      expect(await at.cloud.supports('compute', text).catch(caught)).toMatchObject({
        code: 'input',
        field: 'microversion',
        operation: 'supports',
      });
      expect(at.seen).toEqual([]);
    });

    test('it is neither older nor newer than another', () => {
      expect(isMicroversion(text)).toBe(false);
      expect(thrownBy(() => compareMicroversions(text, '2.1'))).toMatchObject({ code: 'input', field: 'a' });
      expect(thrownBy(() => compareMicroversions('2.1', text))).toMatchObject({ code: 'input', field: 'b' });
    });
  },
);

describe.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a service type of %s', (type) => {
  test('there is no such endpoint, whatever a plain object has under that name', async () => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const errors = [
      await at.cloud.request(type, { path: 'servers' }).catch(caught),
      await at.cloud.endpoint(type).catch(caught),
      await at.cloud.versions(type).catch(caught),
      await at.cloud.supports(type, '2.1').catch(caught),
    ];
    expect(errors.map((error) => isGroundcrewError(error) && error.code)).toEqual(
      errors.map(() => 'endpoint'),
    );
  });
});

describe.each<[string, unknown]>([
  ['null', null],
  ['a number', 5],
  ['an object', {}],
  ['nothing', ''],
])('a service type that is %s', (_, type) => {
  test('is refused with the field', async () => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const errors = [
      await at.cloud.request(type as never, { path: 'servers' }).catch(caught),
      await at.cloud.endpoint(type as never).catch(caught),
      await at.cloud.versions(type as never).catch(caught),
      await at.cloud.supports(type as never, '2.1').catch(caught),
    ];
    expect(errors.map((error) => isInputError(error) && [error.operation, error.field])).toEqual(
      ['request', 'endpoint', 'versions', 'supports'].map((operation) => [operation, 'service']),
    );
    expect(at.seen).toEqual([]);
  });
});

const circle: { self?: unknown } = {};
circle.self = circle;

/** Calls as a program without types makes them */
const calls: [name: string, call: (cloud: Cloud) => unknown][] = [
  ['request without one', (cloud) => cloud.request('compute', undefined as never)],
  ['request of null', (cloud) => cloud.request('compute', null as never)],
  ['request of text', (cloud) => cloud.request('compute', 'servers' as never)],
  [
    'request with options of null',
    (cloud) => cloud.request('compute', { path: 's', headers: null as never }),
  ],
  ['a header that is no name', (cloud) => cloud.request('compute', { path: 's', headers: { 'a b': 'x' } })],
  ['a header that is no value', (cloud) => cloud.request('compute', { path: 's', headers: { a: 'x\n' } })],
  [
    'a microversion with a line end',
    (cloud) => cloud.request('compute', { path: 's', microversion: '2.1\n' }),
  ],
  ['a body that is no JSON', (cloud) => cloud.request('compute', { path: 's', method: 'POST', body: 1n })],
  [
    'a body that is a circle',
    (cloud) => cloud.request('compute', { path: 's', method: 'POST', body: circle }),
  ],
  [
    'a body that is a function',
    (cloud) => cloud.request('compute', { path: 's', method: 'POST', body: () => 1 }),
  ],
  ['a schema that is none', (cloud) => cloud.request('compute', { path: 's', schema: {} as never })],
  ['a query of an object', (cloud) => cloud.request('compute', { path: 's', query: { a: {} as never } })],
  ['a query of null', (cloud) => cloud.request('compute', { path: 's', query: { a: null as never } })],
  [
    'a query of a symbol',
    (cloud) => cloud.request('compute', { path: 's', query: { a: Symbol('x') as never } }),
  ],
  ['get of null', (cloud) => cloud.compute.servers.get(null as never)],
  ['get of text', (cloud) => cloud.compute.servers.get('s' as never)],
  ['get of nothing', (cloud) => cloud.compute.servers.get(undefined as never)],
  ['get with options of null', (cloud) => cloud.compute.servers.get({ id: 's' }, null as never)],
  ['list of null', (cloud) => Array.fromAsync(cloud.compute.servers.list(null as never))],
  ['list of text', (cloud) => Array.fromAsync(cloud.compute.servers.list('all' as never))],
  ['list with options of null', (cloud) => Array.fromAsync(cloud.compute.servers.list({}, null as never))],
  ['a list by pages, of null', (cloud) => Array.fromAsync(cloud.network.ports.list(null as never))],
  ['a list by pages, of text', (cloud) => Array.fromAsync(cloud.network.ports.list('all' as never))],
  ['create of a circle', (cloud) => cloud.compute.servers.create(circle as never)],
  ['find of null', (cloud) => cloud.compute.servers.find(null as never)],
  ['find of a number', (cloud) => cloud.compute.servers.find(5 as never)],
  ['find with options of null', (cloud) => cloud.compute.servers.find('s', null as never)],
  ['waitFor of null', (cloud) => cloud.compute.servers.waitFor(null as never, 'ACTIVE')],
  ['waitFor no state', (cloud) => cloud.compute.servers.waitFor('s', null as never)],
  ['waitFor with options of null', (cloud) => cloud.compute.servers.waitFor('s', 'ACTIVE', null as never)],
  ['waitGone of null', (cloud) => cloud.compute.servers.waitGone(null as never)],
  ['upload of null', (cloud) => cloud.image.data.upload(null as never, new Uint8Array(1))],
  ['upload of no data', (cloud) => cloud.image.data.upload({ id: 'i' }, null as never)],
  ['upload of a number', (cloud) => cloud.image.data.upload({ id: 'i' }, 5 as never)],
  [
    'upload with no such hash',
    (cloud) => cloud.image.data.upload({ id: 'i' }, new Uint8Array(1), { algorithm: 'sha9' as never }),
  ],
  ['download of null', (cloud) => Array.fromAsync(cloud.image.data.download(null as never))],
  [
    'download with options of null',
    (cloud) => Array.fromAsync(cloud.image.data.download({ id: 'i' }, null as never)),
  ],
  ['scoped to null', (cloud) => cloud.scoped(null as never)],
  ['scoped to text', (cloud) => cloud.scoped('demo' as never)],
  ['scoped to what is misspelt', (cloud) => cloud.scoped({ project: 'demo' } as never)],
  ['scoped to an empty name', (cloud) => cloud.scoped({ project_id: '' })],
  ['versions with options of null', (cloud) => cloud.versions('compute', null as never)],
  ['token with options of null', (cloud) => cloud.token(null as never)],
  ['connect of null', () => connect(null as never)],
  ['loadCloud of null', () => loadCloud(null as never)],
  ['listClouds of null', () => listClouds(null as never)],
  ['visibilityOf without a cloud', () => visibilityOf(undefined as never)],
  ['visibilityOf the name of a cloud', () => visibilityOf('prod' as never)],
  ['observeList of null', () => observeList('servers', null as never)],
  ['observeList of a list', () => observeList('servers', [] as never)],
];

test.each(calls)('%s: an error of the family, and nothing is sent', async (_, call) => {
  await using at = await cloudOfRoutes(
    { ...services, image: '@/image/v2', network: '@/network/v2.0' },
    () => ({
      body: {},
    }),
  );
  const error = await (async () => call(at.cloud))().catch(caught);
  expect(isGroundcrewError(error) ? error.code : error).toMatch(/^(?:input|config)$/);
  expect(at.seen).toEqual([]);
});
