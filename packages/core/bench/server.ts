/**
 * A cloud for benchmarks, in a process of its own: Keystone's token, Nova's server list in pages, and single servers.
 * Every answer is made before the first request, so that what is measured is the client.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const TOTAL = Number(process.argv[2] ?? 20_000);
const PAGE = 1000;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://bench');
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-openstack-request-id', 'req-00000000-0000-4000-8000-000000000000');
  const version = request.headers['openstack-api-version'];
  if (typeof version === 'string') response.setHeader('openstack-api-version', version);
  if (url.pathname === '/v3/auth/tokens') {
    response.setHeader('x-subject-token', 'bench');
    response.statusCode = 201;
    response.end(token);
  } else if (url.pathname === '/v2.1/servers/detail') {
    const marker = url.searchParams.get('marker');
    response.end(pages[marker === null ? 0 : Number(marker)]);
  } else if (url.pathname.startsWith('/v2.1/servers/')) response.end(single);
  else if (url.pathname === '/v3' || url.pathname === '/v3/')
    response.end(
      JSON.stringify({
        version: { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${base()}/v3/` }] },
      }),
    );
  else if (url.pathname === '/v2.1' || url.pathname === '/v2.1/')
    response.end(
      JSON.stringify({
        version: {
          id: 'v2.1',
          status: 'CURRENT',
          version: '2.96',
          min_version: '2.1',
          links: [{ rel: 'self', href: `${base()}/v2.1/` }],
        },
      }),
    );
  else {
    response.statusCode = 404;
    response.end('{}');
  }
});

const one = (index: number) => {
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return {
    id,
    name: `server-${index}`,
    status: 'ACTIVE',
    tenant_id: '6f70656e737461636b20342065766572',
    user_id: 'fake',
    metadata: { role: 'web', tier: String(index % 7) },
    hostId: '2091634baaccdc4c5a1d57069c833e402921df696b7f970791b12ec6',
    image: {
      id: '70a599e0-31e7-49b7-b260-868f441e862b',
      links: [{ rel: 'bookmark', href: `${base()}/images/70a599e0` }],
    },
    flavor: { id: '1', links: [{ rel: 'bookmark', href: `${base()}/flavors/1` }] },
    created: '2026-01-01T10:00:00Z',
    updated: '2026-01-01T10:05:00Z',
    addresses: {
      private: [
        {
          addr: '10.0.0.3',
          version: 4,
          'OS-EXT-IPS:type': 'fixed',
          'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:4c:2c:30',
        },
      ],
    },
    accessIPv4: '',
    accessIPv6: '',
    links: [
      { rel: 'self', href: `${base()}/v2.1/servers/${id}` },
      { rel: 'bookmark', href: `${base()}/servers/${id}` },
    ],
    'OS-DCF:diskConfig': 'AUTO',
    progress: 0,
    'OS-EXT-AZ:availability_zone': 'nova',
    config_drive: '',
    key_name: null,
    'OS-SRV-USG:launched_at': '2026-01-01T10:01:00.000000',
    'OS-SRV-USG:terminated_at': null,
    security_groups: [{ name: 'default' }],
    'OS-EXT-SRV-ATTR:host': `compute-${index % 40}`,
    'OS-EXT-SRV-ATTR:instance_name': `instance-${index}`,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': `compute-${index % 40}`,
    'OS-EXT-STS:task_state': null,
    'OS-EXT-STS:vm_state': 'active',
    'OS-EXT-STS:power_state': 1,
    'os-extended-volumes:volumes_attached': [],
  };
};

function base(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let pages: string[] = [];
let single = '';
let token = '';

server.listen(0, '127.0.0.1', () => {
  pages = Array.from({ length: Math.ceil(TOTAL / PAGE) }, (_, page) => {
    const servers = Array.from({ length: Math.min(PAGE, TOTAL - page * PAGE) }, (__, index) =>
      one(page * PAGE + index),
    );
    const next =
      (page + 1) * PAGE < TOTAL
        ? [{ rel: 'next', href: `${base()}/v2.1/servers/detail?marker=${page + 1}` }]
        : undefined;
    return JSON.stringify({ servers, ...(next === undefined ? {} : { servers_links: next }) });
  });
  single = JSON.stringify({ server: one(1) });
  token = JSON.stringify({
    token: {
      methods: ['password'],
      user: { id: 'u', name: 'bench', domain: { id: 'default', name: 'Default' } },
      project: { id: 'p', name: 'bench', domain: { id: 'default', name: 'Default' } },
      roles: [{ id: 'r', name: 'admin' }],
      issued_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      catalog: [
        {
          id: 'c',
          type: 'compute',
          name: 'nova',
          endpoints: [
            {
              id: 'e',
              interface: 'public',
              region: 'RegionOne',
              region_id: 'RegionOne',
              url: `${base()}/v2.1`,
            },
          ],
        },
      ],
    },
  });
  process.stdout.write(`${base()}\n`);
});
// The parent's end of the pipe closes with the parent, however it ends.
process.stdin.resume().on('end', () => process.exit(0));
