import { describe, expect, test } from 'vitest';
import { connect, isConfigError, isInputError, loadCloud } from '../../src/index.ts';
import { credentials } from '../scripted-cloud.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// Options come from JSON, from flags and from JavaScript, where no compiler reads them; one that is not used in silence costs its
// user a day (kubernetes-sigs/cluster-api-provider-openstack issue 360, `verify: false`).
const services = { compute: '@/compute/v2.1', image: '@/image/v2', network: '@/network/v2.0' };
const caught = (error: unknown): unknown => error;

const wrong: [string, object, string][] = [
  ['misspelt', { timout: 5_000 }, 'timout'],
  ['of another call', { patience: 1 }, 'patience'],
  ['text for a number', { timeout: '30' }, 'timeout'],
  ['NaN', { deadline: Number.NaN }, 'deadline'],
  ['negative', { timeout: -1 }, 'timeout'],
  ['no time at all', { timeout: 0 }, 'timeout'],
  ['half a retry', { retries: 1.5 }, 'retries'],
  ['a controller for its signal', { signal: new AbortController() }, 'signal'],
  ['headers as text', { headers: 'x: y' }, 'headers'],
  ['of the prototype', { constructor: 1 }, 'constructor'],
];

describe('options of a call', () => {
  test.each(wrong)('%s: refused with the field, and nothing is sent', async (_, given, name) => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const options = given as never;
    const { cloud } = at;
    const errors = [
      await cloud.compute.servers.get({ id: 's' }, options).catch(caught),
      await cloud.compute.servers.delete({ id: 's' }, options).catch(caught),
      await Array.fromAsync(cloud.compute.servers.list({}, options)).catch(caught),
      await cloud.compute.servers.find('s', options).catch(caught),
      await cloud.image.data.upload({ id: 'i' }, new Uint8Array(1), options).catch(caught),
      await Array.fromAsync(cloud.image.data.download({ id: 'i' }, options)).catch(caught),
      await cloud.endpoint('compute', options).catch(caught),
      await cloud.token(options).catch(caught),
    ];
    expect(errors.map((error) => isInputError(error) && error.field)).toEqual(
      errors.map(() => `options.${name}`),
    );
    expect(await cloud.request('compute', { path: 'servers', ...given }).catch(caught)).toMatchObject({
      code: 'input',
      field: name,
    });
    expect(at.seen).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['misspelt', { patiense: 1 }, 'patiense'],
    ['text for a number', { patience: '10' }, 'patience'],
    ['one state instead of a list', { failure: 'ERROR' }, 'failure'],
  ])('of a wait, %s', async (_, options, name) => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const { servers } = at.cloud.compute;
    for (const waiting of [servers.waitFor('s', 'ACTIVE', options), servers.waitGone('s', options)])
      await expect(waiting).rejects.toMatchObject({ code: 'input', field: `options.${name}` });
    expect(at.seen).toEqual([]);
  });

  test('missingOk is of a deletion and of find, and no text', async () => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const { servers } = at.cloud.compute;
    const missingOk = { missingOk: true } as never;
    await expect(servers.get({ id: 's' }, missingOk)).rejects.toMatchObject({ field: 'options.missingOk' });
    await expect(servers.delete({ id: 's' }, { missingOk: 'no' as never })).rejects.toMatchObject({
      field: 'options.missingOk',
    });
  });

  test.each<[string, object, string]>([
    ['method', { path: 'x', method: 'get' }, 'method'],
    ['path', { path: 42 }, 'path'],
    ['query', { path: 'x', query: 'a=b' }, 'query'],
    ['a misspelt one', { path: 'x', querry: {} }, 'querry'],
  ])('of a raw request: %s', async (_, raw, field) => {
    await using at = await cloudOfRoutes(services, () => undefined);
    await expect(at.cloud.request('compute', raw as never)).rejects.toMatchObject({ code: 'input', field });
    expect(at.seen).toEqual([]);
  });
});

describe('options of connect() and loadCloud()', () => {
  test.each<[string, object, string]>([
    ['a misspelt one', { regoin_name: 'west' }, 'regoin_name'],
    ['one of clouds.yaml that is none', { region: 'west' }, 'region'],
    ['a number for the name', { cloud: 7 }, 'cloud'],
    ['auth as text', { auth: 'secret-word' }, 'auth'],
    ['no number', { api_timeout: 'soon' }, 'api_timeout'],
    ['a function for the environment', { env: () => ({}) }, 'env'],
  ])('%s', (_, options, name) => {
    for (const load of [connect, loadCloud]) {
      const given = { ...credentials('http://127.0.0.1/v3'), ...options } as never;
      const error = attempt(() => load(given));
      expect(error).toMatchObject({ code: 'config', key: `options.${name}` });
      expect((error as Error).message).not.toContain('secret-word');
    }
  });

  test.each<[string, object, string]>([
    ['timeout', { timeout: '60' }, 'timeout'],
    ['retries', { retries: -1 }, 'retries'],
    ['a clock without sleep', { clock: { now: Date.now } }, 'clock'],
    ['random', { random: 0.5 }, 'random'],
    ['fetch', { fetch: 'undici' }, 'fetch'],
  ])('of the client: %s', (_, options, name) => {
    const error = attempt(() => connect({ ...credentials('http://127.0.0.1/v3'), ...options }));
    expect(isConfigError(error) && error.key).toBe(`options.${name}`);
    // They are no options of an entry.
    expect(attempt(() => loadCloud(options as never))).toMatchObject({ key: `options.${name}` });
  });
});

function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}
