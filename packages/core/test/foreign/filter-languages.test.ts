import { describe, expect, test } from 'vitest';
import { type Answer, cloudOfRoutes } from './cloud-of-routes.ts';

const image = (name: string) => ({
  id: `id of ${name}`,
  name,
  status: 'active',
  visibility: 'public',
  protected: false,
  tags: [],
  size: 10,
  min_disk: 0,
  min_ram: 0,
  created_at: '2024-06-25T11:39:05Z',
  updated_at: '2024-06-25T11:39:05Z',
  file: '/v2/images/i/file',
  schema: '/v2/schemas/image',
  self: '/v2/images/i',
  owner: 'p',
  checksum: null,
  container_format: 'bare',
  disk_format: 'raw',
  virtual_size: null,
  os_hidden: false,
  os_hash_algo: null,
  os_hash_value: null,
});

/** Glance's reading of a filter: `split_filter_op` in `glance/common/utils.py`, `image_get_all` in `glance/db/sqlalchemy/api.py`. */
function glance(names: readonly string[], filter: string | null): Answer {
  if (filter === null) return { body: { images: names.map(image) } };
  const at = filter.indexOf(':');
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(filter);
  const [operator, value] = at < 0 || isDate ? ['eq', filter] : [filter.slice(0, at), filter.slice(at + 1)];
  if (operator === 'eq') return { body: { images: names.filter((name) => name === value).map(image) } };
  if (operator === 'in') {
    const any = value.split(',');
    return { body: { images: names.filter((name) => any.includes(name)).map(image) } };
  }
  const message = `Unable to filter by unknown operator '${operator}'.<br /><br />\n\n\n`;
  return { status: 400, body: { message, code: '400 Bad Request', title: 'Bad Request' } };
}

describe('an image is found by its name, whatever Glance makes of it', () => {
  // jenkinsci/openstack-cloud-plugin pull request 79, and names like them.
  const names = [
    'Ubuntu: 22.04',
    'in:a,b',
    'eq:Debian',
    'neq:x',
    ':',
    'a:',
    '2024-01-01T00:00:00Z',
    'eq:2024-01-01T00:00:00Z',
    '"quoted"',
    'with,comma',
    'plain',
    'registry.example/os:12',
  ];

  test.each(names)('%j', async (name) => {
    await using at = await cloudOfRoutes({ image: '@/image/v2' }, ({ url }) => {
      const { pathname, searchParams } = new URL(url, 'http://it');
      return pathname === '/image/v2/images' ? glance(names, searchParams.get('name')) : undefined;
    });
    expect(await at.cloud.image.images.find(name)).toMatchObject({ name });
    expect(await at.cloud.image.images.find(`${name}: no`, { missingOk: true })).toBeUndefined();
  });

  test('one name, one request for it: the filter is used', async () => {
    await using at = await cloudOfRoutes({ image: '@/image/v2' }, ({ url }) => {
      const { pathname, searchParams } = new URL(url, 'http://it');
      return pathname === '/image/v2/images' ? glance(names, searchParams.get('name')) : undefined;
    });
    await at.cloud.image.images.find('Ubuntu: 22.04');
    expect(at.seen.map(({ url }) => new URL(url, 'http://it').searchParams.get('name'))).toEqual([
      'eq:Ubuntu: 22.04',
    ]);
  });
});

describe("a server is found by its name, through Nova's regular expression on MySQL", () => {
  // gophercloud/utils issue 120 and jenkinsci/openstack-cloud-plugin pull request 214 (`/*[$]*/` is a server's name);
  // `_safe_regex_mysql` in `nova/db/main/api.py`.
  const names = [
    'a|b',
    'web|',
    '|',
    'a\\|b',
    'web.1',
    'webx1',
    '[x]',
    'a{2}',
    'c++',
    '$HOME',
    '^top',
    'x(y)',
    '/*[$]*/',
  ];

  test.each(names)('%j', async (name) => {
    await using at = await cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) => {
      const { pathname, searchParams } = new URL(url, 'http://it');
      if (pathname !== '/compute/v2.1/servers/detail')
        return {
          status: 404,
          body: { itemNotFound: { code: 404, message: 'Instance could not be found.' } },
        };
      const asked = (searchParams.get('name') ?? '').replaceAll('|', String.raw`\|`);
      // What Nova makes of `\|`, an escaped backslash and a bare `|`, splits the pattern: MySQL then refuses an empty half.
      if (/(?:^|[^\\])(?:\\\\)+\|/.test(asked)) return { status: 500, body: { computeFault: { code: 500 } } };
      const pattern = new RegExp(asked, 'i');
      return {
        body: {
          servers: names
            .filter((serverName) => pattern.test(serverName))
            .map((serverName) => server(serverName)),
        },
      };
    });
    expect(await at.cloud.compute.servers.find(name)).toMatchObject({ name });
  });
});

const server = (name: string) => ({
  id: `id of ${name}`,
  name,
  status: 'ACTIVE',
  tenant_id: 'p',
  user_id: 'u',
  metadata: {},
  hostId: '',
  image: '',
  flavor: { id: '1' },
  created: '2026-01-01T00:00:00Z',
  updated: '2026-01-01T00:00:00Z',
  addresses: {},
  accessIPv4: '',
  accessIPv6: '',
  links: [],
  key_name: null,
  config_drive: '',
  'OS-DCF:diskConfig': 'MANUAL',
  'OS-EXT-AZ:availability_zone': 'nova',
  'OS-EXT-STS:power_state': 1,
  'OS-EXT-STS:task_state': null,
  'OS-EXT-STS:vm_state': 'active',
  'OS-SRV-USG:launched_at': null,
  'OS-SRV-USG:terminated_at': null,
  'os-extended-volumes:volumes_attached': [],
});
