import { describe, expect, test } from 'vitest';
import { authOf, cloudsFile, credentials, load, prod, refusal, without, type Machine } from './machine.ts';

// The cases of openstacksdk's unit tests (openstack/tests/unit/config) that are about what Groundcrew reads. They were
// also run through the real OpenStackConfig.get_one, of release 0.101 and of the master branch: where a row does not say
// otherwise, the master branch answers the same.

describe('auth', () => {
  const rows: [string, Record<string, unknown>, Record<string, unknown>][] = [
    [
      'a project id of digits is text',
      { auth: { ...without('project_name'), project_id: 12_345 } },
      { project_id: '12345' },
    ],
    ['hyphens in keys', { auth: { ...without('project_name'), 'project-id': 'x' } }, { project_id: 'x' }],
    ['tenant_name', { auth: { ...without('project_name'), tenant_name: 't' } }, { project_name: 't' }],
    [
      'tenant_name loses to project_name',
      { auth: { ...credentials, tenant_name: 't' } },
      { project_name: 'demo' },
    ],
    ['credentials beside auth', { ...credentials, auth: {} }, { username: 'ann', password: 'pa55' }],
    ['a project beside auth wins', { project_name: 'outer' }, { project_name: 'outer' }],
    ['a domain beside auth wins', { user_domain_name: 'outer' }, { user_domain_name: 'outer' }],
    [
      'a user beside auth loses',
      { username: 'outer', password: 'outer' },
      { username: 'ann', password: 'pa55' },
    ],
    [
      'domain_id beside a project is that of both',
      { auth: { ...without('user_domain_name', 'project_domain_name'), domain_id: 'd' } },
      { user_domain_id: 'd', project_domain_id: 'd', domain_id: undefined },
    ],
    [
      'domain_name fills in what is missing',
      { auth: { ...without('project_domain_name'), domain_name: 'd' } },
      { user_domain_name: 'Default', project_domain_name: 'd', domain_name: undefined },
    ],
    [
      'domain_id without a project is the scope',
      { auth: { ...without('project_name', 'project_domain_name'), domain_id: 'd' } },
      { domain_id: 'd', project_domain_id: undefined },
    ],
    [
      'default_domain_name',
      { auth: { ...without('user_domain_name', 'project_domain_name'), default_domain_name: 'd' } },
      { user_domain_name: 'd', project_domain_name: 'd' },
    ],
    [
      'auth_url refers to other settings',
      { region_name: 'west', auth: { ...credentials, auth_url: 'https://{region_name}.example/v3' } },
      { auth_url: 'https://west.example/v3' },
    ],
    ['braces in a password', { auth: { ...credentials, password: 'foo{bar}' } }, { password: 'foo{bar}' }],
    [
      'system scope',
      { auth: { ...without('project_name', 'project_domain_name'), system_scope: 'all' } },
      { system_scope: 'all' },
    ],
    [
      'trust',
      { auth: { ...without('project_name', 'project_domain_name'), trust_id: 't' } },
      { trust_id: 't' },
    ],
  ];
  test.each(rows)('%s', (_, settings, expected) => {
    const auth = authOf(load(prod(settings)));
    for (const [key, value] of Object.entries(expected)) expect(auth[key]).toBe(value);
  });
});

describe('auth_type', () => {
  const token = { auth_url: 'https://k/v3', token: 'tok' };
  const rows: [string, Record<string, unknown>, string, string | undefined][] = [
    ['password by default', {}, 'password', undefined],
    ['v3password', { auth_type: 'v3password' }, 'password', undefined],
    ['token', { auth_type: 'token', auth: token }, 'token', 'tok'],
    ['v3token', { auth_type: 'v3token', auth: token }, 'token', 'tok'],
    [
      'auth_token',
      { auth_type: 'token', auth: { auth_url: 'https://k/v3', 'auth-token': 'tok' } },
      'token',
      'tok',
    ],
    ['a token beside auth wins', { auth_type: 'token', token: 'outer', auth: token }, 'token', 'outer'],
    [
      'auth_type wins over auth_plugin',
      { auth_type: 'password', auth_plugin: 'v3token' },
      'password',
      undefined,
    ],
    ['none', { auth_type: 'none', auth: { endpoint: 'http://ironic' } }, 'none', undefined],
    ['None', { auth_type: 'None', auth: { endpoint: 'http://ironic' } }, 'none', undefined],
    ['null', { auth_type: null, auth: { endpoint: 'http://ironic' } }, 'none', undefined],
    // Where openstacksdk stays with `password`, and fails:
    ['inferred from a token', { auth: token }, 'token', 'tok'],
    [
      'inferred from an application credential',
      {
        auth: {
          auth_url: 'https://k/v3',
          application_credential_id: 'i',
          application_credential_secret: 's',
        },
      },
      'v3applicationcredential',
      undefined,
    ],
    ['auth_plugin alone', { auth_plugin: 'v3token', auth: token }, 'token', 'tok'],
  ];
  test.each(rows)('%s', (_, settings, type, revealed) => {
    const entry = load(prod(settings));
    expect(entry.auth_type).toBe(type);
    expect(entry.auth.token?.reveal()).toBe(revealed);
  });

  test.each(['v3oidcpassword', 'v3totp', 'v2password', 'admin_token', 'toString'])(
    '%s is refused by name',
    (auth_type) => {
      const { error } = refusal(() => load(prod({ auth_type })));
      expect(error.message).toContain(
        `clouds.prod.auth_type is "${auth_type}", which is not supported; supported are password,`,
      );
      expect(error.remedy).toBeTypeOf('string');
    },
  );
});

describe('regions', () => {
  const regions = [
    { name: 'r1', values: { interface: 'internal', auth: { project_name: 'p1' } } },
    { name: 'r2', values: { verify: false, cacert: null, interface: null } },
    { name: 'r3' },
    'r4',
  ];
  test.each([
    [undefined, { region_name: 'r1', interface: 'internal', verify: true }],
    ['r1', { region_name: 'r1', interface: 'internal', verify: true }],
    ['r2', { region_name: 'r2', interface: 'public', verify: false, cacert: '/ca.pem' }],
    ['r3', { region_name: 'r3', interface: 'public' }],
    ['r4', { region_name: 'r4', interface: 'public' }],
  ])('%s', (region_name, expected) => {
    expect(load(prod({ regions, cacert: '/ca.pem' }), { region_name })).toMatchObject(expected);
  });

  test('values reach into auth', () => {
    expect(load(prod({ regions })).auth).toMatchObject({ username: 'ann', project_name: 'p1' });
    expect(load(prod({ regions }), { region_name: 'r3' }).auth).toMatchObject({ project_name: 'demo' });
  });

  const names: [string, Record<string, unknown>, string | undefined, string | undefined][] = [
    ['none', {}, undefined, undefined],
    ['none known, any goes', {}, 'free', 'free'],
    ['an empty list, any goes', { regions: [] }, 'free', 'free'],
    ['region_name', { region_name: 'a' }, undefined, 'a'],
    ['region-name', { 'region-name': 'a' }, undefined, 'a'],
    ['several in region_name', { region_name: ['a', 'b'] }, 'b', 'b'],
    ['several with commas', { region_name: 'a,b' }, 'b', 'b'],
    [
      'the first of regions, whatever region_name says',
      { regions: ['a', 'b'], region_name: 'b' },
      undefined,
      'a',
    ],
  ];
  test.each(names)('%s', (_, settings, asked, expected) => {
    expect(load(prod(settings), { region_name: asked }).region_name).toBe(expected);
  });

  test.each([
    [{ regions }, 'r5', 'r1, r2, r3, r4'],
    [{ regions }, 'R1', 'r1, r2, r3, r4'],
    [{ region_name: 'a' }, 'b', 'cloud prod has a'],
  ])('one that is not there: those that are', (settings, asked, expected) => {
    expect(refusal(() => load(prod(settings), { region_name: asked })).error.message).toContain(expected);
  });

  test('a region with other keys is none', () => {
    const { error } = refusal(() => load(prod({ regions: [{ name: 'a', foo: 'bar' }] })));
    expect(error).toMatchObject({ key: 'clouds.prod.regions.0', file: '/project/clouds.yaml', line: 1 });
  });
});

const withVendor = (settings: Record<string, unknown>, profile: unknown): Machine => ({
  files: {
    ...prod({ auth: without('auth_url'), ...settings }).files,
    '/project/clouds-public.yaml': JSON.stringify({ 'public-clouds': { vendor: profile } }),
  },
});

describe('profiles', () => {
  const vendor = {
    auth: { auth_url: 'https://vendor/v3', username: 'guest' },
    interface: 'internal',
    regions: ['va', 'vb'],
  };

  test.each(['profile', 'cloud'])('%s lays the vendor under the entry', (key) => {
    const entry = load(withVendor({ [key]: 'vendor' }, vendor));
    expect(entry).toMatchObject({ name: 'prod', interface: 'internal', region_name: 'va' });
    expect(entry.auth).toMatchObject({ auth_url: 'https://vendor/v3', username: 'ann' });
  });
  test("the entry's own settings win", () => {
    const entry = load(withVendor({ profile: 'vendor', interface: 'admin', region_name: 'own' }, vendor));
    expect(entry).toMatchObject({ interface: 'admin', region_name: 'own' });
  });
  test("the vendor's regions count if the entry has none", () => {
    expect(load(withVendor({ profile: 'vendor' }, vendor), { region_name: 'vb' }).region_name).toBe('vb');
    expect(
      refusal(() => load(withVendor({ profile: 'vendor' }, vendor), { region_name: 'z' })).error.message,
    ).toContain('va, vb');
  });
  test('one of the options', () => {
    expect(load(withVendor({}, vendor), { cloud: 'prod', profile: 'vendor' }).auth.auth_url).toBe(
      'https://vendor/v3',
    );
  });
  test('one that is not there: those that are', () => {
    const { error } = refusal(() => load(withVendor({ profile: 'other' }, vendor)));
    expect(error.message).toContain('/project/clouds.yaml:1: clouds.prod.profile is "other"');
    expect(error.message).toContain('/project/clouds-public.yaml has vendor');
  });
  test('a URL is not fetched', () => {
    const { error } = refusal(() => load(withVendor({ profile: 'https://vendor.example' }, vendor)));
    expect(error.message).toContain('is the URL of a profile, and Groundcrew fetches none');
  });
});

describe('certificates, timeouts, interfaces', () => {
  const rows: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['defaults', {}, { verify: true, interface: 'public', api_timeout: undefined, cacert: undefined }],
    ['verify: false', { verify: false }, { verify: false }],
    ['verify in quotes', { verify: 'False' }, { verify: false }],
    ['verify: null', { verify: null }, { verify: true }],
    ['insecure', { insecure: true }, { verify: false }],
    ['insecure wins', { insecure: true, verify: true }, { verify: false }],
    ['insecure in quotes', { insecure: 'True' }, { verify: false }],
    [
      'home directories',
      { cacert: '~/ca.pem', cert: '~/c.pem', key: '~/k.pem' },
      { cacert: '/home/me/ca.pem', cert: '/home/me/c.pem', key: '/home/me/k.pem' },
    ],
    ['api_timeout', { api_timeout: 30 }, { api_timeout: 30 }],
    ['api_timeout in quotes', { api_timeout: '30' }, { api_timeout: 30 }],
    ["a client's own timeout wins", { api_timeout: 30, http_timeout: 5 }, { api_timeout: 5 }],
    ['timeout is another thing', { timeout: 5 }, { api_timeout: undefined }],
    ['endpoint_type', { endpoint_type: 'internal' }, { interface: 'internal' }],
    ['endpoint_type wins', { endpoint_type: 'internal', interface: 'admin' }, { interface: 'internal' }],
    ['interface: null', { interface: null }, { interface: 'public' }],
    ['adminURL', { interface: 'adminURL' }, { interface: 'admin' }],
  ];
  test.each(rows)('%s', (_, settings, expected) => {
    expect(load(prod(settings))).toMatchObject(expected);
  });
});

describe('settings of one service', () => {
  const rows: [string, Record<string, unknown>, Record<string, unknown>][] = [
    [
      'an override',
      { compute_endpoint_override: 'http://n/v2.1' },
      { endpoint_override: { compute: 'http://n/v2.1' } },
    ],
    [
      'hyphens',
      { 'block-storage-endpoint-override': 'http://c' },
      { endpoint_override: { 'block-storage': 'http://c' } },
    ],
    [
      'the official type wins',
      { volume_endpoint_override: 'http://v', block_storage_endpoint_override: 'http://b' },
      { endpoint_override: { 'block-storage': 'http://b' } },
    ],
    [
      'then the aliases in order',
      { volume_endpoint_override: 'http://v', volumev3_endpoint_override: 'http://v3' },
      { endpoint_override: { 'block-storage': 'http://v3' } },
    ],
    ['endpoint', { image_endpoint: 'http://i' }, { endpoint_override: { image: 'http://i' } }],
    [
      'the override wins over endpoint',
      { image_endpoint: 'http://i', image_endpoint_override: 'http://o' },
      { endpoint_override: { image: 'http://o' } },
    ],
    [
      'a reference',
      { region_name: 'west', image_endpoint_override: 'http://{region_name}.i' },
      { endpoint_override: { image: 'http://west.i' } },
    ],
    [
      'a microversion',
      { compute_default_microversion: '2.90' },
      { default_microversion: { compute: '2.90' } },
    ],
    [
      'one in the version',
      { compute_api_version: '2.79', network_api_version: '2.0', identity_api_version: 3 },
      { default_microversion: { compute: '2.79' } },
    ],
  ];
  test.each(rows)('%s', (_, settings, expected) => {
    expect(load(prod(settings))).toMatchObject(expected);
  });

  test('two microversions that differ', () => {
    const { error } = refusal(() =>
      load(prod({ compute_api_version: '2.79', compute_default_microversion: '2.80' })),
    );
    expect(error.message).toContain(
      'clouds.prod.compute_api_version is 2.79, but the default microversion is 2.80',
    );
  });
});

test('a cloud that is not there: those that are, and where it looked', () => {
  const machine = cloudsFile({ east: { auth: credentials }, west: { auth: credentials } });
  const { error } = refusal(() => load(machine, { cloud: 'north' }));
  expect(error.message).toBe(
    'cloud "north" is not configured: there are east, west (looked at /project/clouds.yaml)',
  );
});

test('several, and none chosen', () => {
  const machine = cloudsFile({ east: { auth: credentials }, west: { auth: credentials } });
  expect(refusal(() => load(machine)).error.message).toContain('no cloud is chosen: there are east, west');
});
