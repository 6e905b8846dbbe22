import { describe, expect, test } from 'vitest';
import { type Answer, cloudOfRoutes } from './cloud-of-routes.ts';

const services = {
  compute: '@/compute/v2.1',
  'key-manager': '@/barbican/v1',
  'object-store': '@/swift/v1/AUTH_p',
};
const at = (answer: Answer = { body: {} }) => cloudOfRoutes(services, () => answer);

describe('a path that leads out of the endpoint takes the token nowhere', () => {
  // axios/axios issue 6463 and CVE-2025-27152 (a whole URL instead of a path); undici `http-client.path` rules; Apache's
  // CVE-2021-41773 (`.%2e`).
  test.each([
    '../../v3/users',
    'servers/../../../v3/users',
    '%2e%2e/%2E%2E/v3/users',
    '.%2e/x',
    '%2e/x',
    './x',
    'servers/..',
    '..\\..\\v3',
    'servers\\x',
    '..%2f..%2fv3',
    'a/..%5c..%5cv3',
    'http://attacker.example/x',
    'HTTPS://attacker.example',
    'servers#x',
    'servers/a b',
    'servers/a\r\nHost: attacker.example',
    'servers/\ud800',
    '\u0000',
  ])('%j', async (path) => {
    await using one = await at();
    await expect(one.cloud.request('compute', { path })).rejects.toMatchObject({
      code: 'input',
      field: 'path',
    });
    expect(one.seen).toEqual([]);
  });

  test.each([
    ['//attacker.example/x', '/compute/v2.1/attacker.example/x'],
    ['/servers', '/compute/v2.1/servers'],
    ['servers/a%2Fb', '/compute/v2.1/servers/a%2Fb'],
    ['servers/..a/...', '/compute/v2.1/servers/..a/...'],
    // A container that is called `%2e%2e`.
    ['c/%252e%252e', '/compute/v2.1/c/%252e%252e'],
    ['x?next=../y', '/compute/v2.1/x?next=../y'],
    ['x/@y:z', '/compute/v2.1/x/@y:z'],
  ])('%j stays within', async (path, url) => {
    await using one = await at();
    await one.cloud.request('compute', { path });
    expect(one.seen.map((request) => request.url)).toEqual([url]);
  });
});

test('a query is added to one that the path has', async () => {
  await using one = await at();
  await one.cloud.request('compute', { path: 'servers?limit=1', query: { name: 'a&b' } });
  expect(one.seen[0]?.url).toBe('/compute/v2.1/servers?limit=1&name=a%26b');
});

test('half of a surrogate pair is no filter', async () => {
  await using one = await at();
  const asking = one.cloud.request('compute', { path: 'servers', query: { name: 'a\udc00' } });
  await expect(asking).rejects.toMatchObject({ code: 'input', field: 'query.name' });
  expect(one.seen).toEqual([]);
});

describe('what is no JSON', () => {
  // Barbican's `api/controllers/secrets.py` (a payload, in the type that it was stored in), Swift's listings.
  test.each([
    ['key-manager', 'secrets/s/payload', 'text/plain', 'beer'],
    ['key-manager', 'secrets/s/payload', 'application/octet-stream', '{"not": "parsed"}'],
    ['object-store', 'c', 'text/plain', 'a\nb\n'],
    ['object-store', 'c', 'application/xml', '<container name="c"/>'],
  ])('%s %s as %s', async (service, path, type, body) => {
    await using one = await at({ headers: { 'content-type': type }, body });
    const answer = await one.cloud.request(service, { path, headers: { Accept: type } });
    expect(answer.body).toBe(body);
    expect(one.seen.at(-1)?.headers.accept).toBe(type);
  });

  test('without being asked for is an error, and no text', async () => {
    await using one = await at({ headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    await expect(one.cloud.request('compute', { path: 'servers' })).rejects.toMatchObject({ code: 'decode' });
  });
});

describe('header names have no case (RFC 9110, 5.1)', () => {
  test.each([
    ['X-Auth-Token', 'x-auth-token', 'token-1'],
    ['OPENSTACK-API-VERSION', 'openstack-api-version', 'compute 2.1'],
    ['X-OpenStack-Nova-API-Version', 'x-openstack-nova-api-version', '2.1'],
  ])("%s of the caller does not join the client's own", async (name, seen, value) => {
    await using one = await at({ body: { flavors: [] } });
    await Array.fromAsync(one.cloud.compute.flavors.list({}, { headers: { [name]: 'mine' } }));
    expect(one.seen[0]?.headers[seen]).toBe(value);
  });

  test('two spellings of one name: the later', async () => {
    await using one = await at();
    await one.cloud.request('compute', { path: 'x', headers: { 'X-Mine': 'a', 'x-mine': 'b' } });
    expect(one.seen[0]?.headers['x-mine']).toBe('b');
  });

  test.each<[string, Record<string, string>, string]>([
    ['a line feed', { 'x-mine': 'a\nx-roles: admin' }, 'headers.x-mine'],
    ['a name that is none', { 'x mine': 'a' }, 'headers'],
    ['a snowman', { 'x-mine': '\u2603' }, 'headers.x-mine'],
  ])('%s: an InputError', async (_, headers, field) => {
    await using one = await at();
    await expect(one.cloud.request('compute', { path: 'x', headers })).rejects.toMatchObject({
      code: 'input',
      field,
    });
    expect(one.seen).toEqual([]);
  });
});

describe('a redirect is told, and not followed', () => {
  // A catalogue of http URLs before TLS (HAProxy's `redirect scheme https`): ggiamarchi/vagrant-openstack-provider issues 258 and 317.
  test.each([301, 302, 303, 307, 308])('%i', async (status) => {
    await using other = await at();
    const location = `${other.base}/elsewhere?token=secret-word`;
    await using one = await at({ status, headers: { location }, body: '' });
    const error: unknown = await one.cloud.compute.servers
      .get({ id: 's' })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      status,
      message: expect.stringContaining('/elsewhere'),
      remedy: expect.stringContaining('endpoint_override'),
    });
    expect(other.seen).toEqual([]);
  });

  test.each<[string, () => Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>]>([
    ['bytes', () => new Uint8Array(9)],
    ['a stream', () => new Blob(['123456789']).stream()],
  ])('also of an upload of %s, which is sent once', async (_, source) => {
    await using other = await at();
    const headers = { location: `${other.base}/elsewhere` };
    await using one = await cloudOfRoutes(
      { image: '@/image/v2' },
      () => ({ status: 301, headers, body: '' }),
      {
        retries: 4,
      },
    );
    await expect(one.cloud.image.data.upload({ id: 'i' }, source())).rejects.toMatchObject({
      reason: 'REDIRECTED',
      remedy: expect.stringContaining('endpoint_override'),
    });
    expect(one.seen).toHaveLength(1);
    expect(other.seen).toEqual([]);
  });

  test('one without a place, and one whose place is no URL, are errors of the family', async () => {
    for (const headers of [{}, { location: 'http://[' }]) {
      await using one = await at({ status: 301, headers, body: '' });
      await expect(one.cloud.compute.servers.get({ id: 's' })).rejects.toMatchObject({
        code: 'http',
        status: 301,
      });
    }
  });
});

describe('a microversion that is refused', () => {
  test.each<[string, Answer, unknown]>([
    [
      "Ironic's, in its headers",
      {
        headers: {
          'x-openstack-ironic-api-minimum-version': '1.1',
          'x-openstack-ironic-api-maximum-version': '1.82',
        },
        body: {},
      },
      { min: '1.1', max: '1.82' },
    ],
    [
      "Ironic's, in JSON within JSON (`_check_version` in `ironic/api/controllers/v1/__init__.py`)",
      {
        body: {
          error_message:
            '{"faultcode": "Client", "faultstring": "Version 1.99 was requested but the minor version is not supported by this service. The supported version range is: [1.1, 1.82].", "debuginfo": null}',
        },
      },
      { min: '1.1', max: '1.82' },
    ],
    [
      "Nova's",
      {
        body: {
          computeFault: {
            code: 406,
            message: 'Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.96.',
          },
        },
      },
      { min: '2.1', max: '2.96' },
    ],
    [
      "Placement's",
      {
        body: { errors: [{ status: 406, title: 'Not Acceptable', min_version: '1.0', max_version: '1.39' }] },
      },
      { min: '1.0', max: '1.39' },
    ],
    // OWASP's core rule set answers 406 to an Accept that it does not like.
    [
      "a firewall's: no range, and no remedy that makes one up",
      { body: '<html>Not Acceptable!</html>' },
      undefined,
    ],
  ])('%s', async (_, answer, supported) => {
    await using one = await at({ status: 406, ...answer });
    const asking = one.cloud.request('compute', { path: 'x', microversion: '2.999' });
    await expect(asking).rejects.toMatchObject({ code: 'microversion', reason: 'refused', supported });
  });
});
