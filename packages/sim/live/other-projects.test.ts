import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { type Things, things } from './demo-things.ts';
import { type Ask, raw } from './raw.ts';
import { asMember, asReader, aStranger, unique, parityClouds } from './parity-clouds.ts';

/*
 * Who may look at whose things, by id and by action: a member of another project, and a reader of the same. What each is
 * told was taken from the lab (Zed, with the policies that it comes with: there a reader changes whatever a member does).
 */

type Row = readonly [
  kind: string,
  method: string,
  service: string,
  path: string,
  stranger: number,
  /** Absent: what the stranger is told. `may`: neither 403 nor 404; by what state it may not is another matter. */
  reader?: number | 'may' | undefined,
  body?: unknown,
  headers?: Readonly<Record<string, string>> | undefined,
];

const AT_293 = { 'OpenStack-API-Version': 'compute 2.93' };
const AT_210 = { 'OpenStack-API-Version': 'compute 2.10' };
const PATCH = { 'Content-Type': 'application/openstack-images-v2.1-json-patch' };
const BYTES = { 'Content-Type': 'application/octet-stream' };

const ADMIN_ACTIONS = ['os-resetState', 'migrate', 'injectNetworkInfo', 'shelveOffload'];
const MEMBER_ACTIONS = ['os-stop', 'os-start', 'pause', 'lock', 'unlock', 'os-getConsoleOutput'];

function rows(of: Things): Row[] {
  const server = `servers/${of['server']}`;
  const volume = `volumes/${of['volume']}`;
  const snapshot = `snapshots/${of['snapshot']}`;
  const named = { name: unique('renamed') };
  const neutron = (kind: string, path: string, envelope: string, put: unknown, tags = 404): Row[] => [
    [kind, 'GET', 'network', path, 404, 'may'],
    [kind, 'PUT', 'network', path, 404, 'may', { [envelope]: put }],
    [kind, 'GET', 'network', `${path}/tags`, tags, 'may'],
  ];
  const image = (kind: string, path: string, seen: boolean): Row[] => {
    const [not, closed] = seen ? [403, 200] : [404, 404];
    return [
      [kind, 'GET', 'image', path, closed, 'may'],
      [kind, 'GET', 'image', `${path}/file`, closed, 'may'],
      [kind, 'PATCH', 'image', path, not, 'may', [{ op: 'replace', path: '/name', value: 'x' }], PATCH],
      [kind, 'PUT', 'image', `${path}/tags/x`, not, 'may'],
      [kind, 'PUT', 'image', `${path}/file`, not, 'may', new Uint8Array(1), BYTES],
      [
        kind,
        'POST',
        'image',
        `${path}/members`,
        not,
        kind.startsWith('shared') ? 'may' : 403,
        { member: 'x' },
      ],
      [kind, 'POST', 'image', `${path}/actions/deactivate`, not, 'may'],
      [kind, 'POST', 'image', `${path}/actions/reactivate`, not, 'may'],
      [kind, 'DELETE', 'image', path, not, 'may'],
    ];
  };
  return [
    ['server', 'GET', 'compute', server, 404, 'may'],
    ['server', 'PUT', 'compute', server, 404, 'may', { server: named }],
    ...ADMIN_ACTIONS.map((action): Row => {
      const given = { [action]: action === 'os-resetState' ? { state: 'error' } : null };
      return ['server', 'POST', 'compute', `${server}/action`, 404, 403, given];
    }),
    // Gone with the driver that could do it, whoever asks.
    ['server', 'POST', 'compute', `${server}/action`, 410, 410, { resetNetwork: null }],
    ...MEMBER_ACTIONS.map((action): Row => [
      'server',
      'POST',
      'compute',
      `${server}/action`,
      404,
      'may',
      { [action]: action === 'os-getConsoleOutput' ? {} : null },
    ]),
    ...[
      'metadata',
      'ips',
      'os-interface',
      'os-volume_attachments',
      'os-security-groups',
      'os-instance-actions',
    ].map((part): Row => [`server's ${part}`, 'GET', 'compute', `${server}/${part}`, 404, 'may']),
    ["server's tags", 'GET', 'compute', `${server}/tags`, 403, 'may', undefined, AT_293],
    ["server's tags", 'PUT', 'compute', `${server}/tags/x`, 403, 'may', undefined, AT_293],
    ["server's migrations", 'GET', 'compute', `${server}/migrations`, 404, 403, undefined, AT_293],
    ["server's diagnostics", 'GET', 'compute', `${server}/diagnostics`, 404, 403],
    ["server's metadata", 'POST', 'compute', `${server}/metadata`, 404, 'may', { metadata: { a: 'b' } }],
    ['keypair', 'GET', 'compute', `os-keypairs/${of['name']}`, 404],
    ['keypair', 'DELETE', 'compute', `os-keypairs/${of['name']}`, 404],
    [
      'keypair by user',
      'GET',
      'compute',
      `os-keypairs/${of['name']}?user_id=${of['user']}`,
      403,
      403,
      undefined,
      AT_210,
    ],
    ['quota', 'GET', 'compute', `os-quota-sets/${of['project']}`, 403, 'may'],
    ['quota', 'PUT', 'compute', `os-quota-sets/${of['project']}`, 403, 403, { quota_set: { instances: 9 } }],
    ['usage', 'GET', 'compute', `os-simple-tenant-usage/${of['project']}`, 403, 'may'],

    ['volume', 'GET', 'block-storage', volume, 404, 'may'],
    ['volume', 'PUT', 'block-storage', volume, 404, 'may', { volume: named }],
    [
      'volume',
      'POST',
      'block-storage',
      `${volume}/action`,
      404,
      'may',
      { 'os-set_bootable': { bootable: false } },
    ],
    [
      'volume',
      'POST',
      'block-storage',
      `${volume}/action`,
      404,
      403,
      { 'os-reset_status': { status: 'error' } },
    ],
    ['volume', 'POST', 'block-storage', `${volume}/action`, 404, 403, { 'os-force_delete': null }],
    [
      "volume's metadata",
      'POST',
      'block-storage',
      `${volume}/metadata`,
      404,
      'may',
      { metadata: { a: 'b' } },
    ],
    ['snapshot', 'GET', 'block-storage', snapshot, 404, 'may'],
    ['snapshot', 'PUT', 'block-storage', snapshot, 404, 'may', { snapshot: named }],
    [
      'snapshot',
      'POST',
      'block-storage',
      `${snapshot}/action`,
      404,
      403,
      { 'os-reset_status': { status: 'error' } },
    ],
    [
      'snapshot of a volume',
      'POST',
      'block-storage',
      'snapshots',
      404,
      undefined,
      { snapshot: { volume_id: of['volume'] } },
    ],
    [
      'volume of a volume',
      'POST',
      'block-storage',
      'volumes',
      404,
      undefined,
      { volume: { size: 1, source_volid: of['volume'] } },
    ],
    [
      'volume of a snapshot',
      'POST',
      'block-storage',
      'volumes',
      404,
      undefined,
      { volume: { size: 1, snapshot_id: of['snapshot'] } },
    ],
    [
      'volume of an image',
      'POST',
      'block-storage',
      'volumes',
      400,
      undefined,
      { volume: { size: 1, imageRef: of['private image'] } },
    ],
    ['quota of volumes', 'GET', 'block-storage', `os-quota-sets/${of['project']}`, 403, 'may'],

    ...image('private image', `images/${of['private image']}`, false),
    ...image('shared image', `images/${of['shared image']}`, false),
    ...image('community image', `images/${of['community image']}`, true),

    ...neutron('network', `networks/${of['network']}`, 'network', named),
    ...neutron('subnet', `subnets/${of['subnet']}`, 'subnet', named),
    ...neutron('port', `ports/${of['port']}`, 'port', named),
    ...neutron('router', `routers/${of['router']}`, 'router', named),
    ...neutron('security group', `security-groups/${of['group']}`, 'security_group', named),
    ...neutron('floating IP', `floatingips/${of['floatingIp']}`, 'floatingip', { description: 'x' }),
    ['rule', 'GET', 'network', `security-group-rules/${of['rule']}`, 404, 'may'],
    ['rule', 'GET', 'network', `security-group-rules/${of['rule']}/tags`, 404],
    ['external network', 'GET', 'network', `networks/${of['external']}`, 200, 'may'],
    ['external network', 'PUT', 'network', `networks/${of['external']}`, 403, 403, { network: named }],
    ['external network', 'GET', 'network', `networks/${of['external']}/tags`, 200, 'may'],
    ['external network', 'DELETE', 'network', `networks/${of['external']}`, 403],
    ['port on it', 'POST', 'network', 'ports', 403, 403, { port: { network_id: of['external'] } }],
    [
      'port on a network',
      'POST',
      'network',
      'ports',
      404,
      undefined,
      { port: { network_id: of['network'] } },
    ],
    [
      'subnet on a network',
      'POST',
      'network',
      'subnets',
      404,
      undefined,
      { subnet: { network_id: of['network'], ip_version: 4, cidr: '10.98.0.0/24' } },
    ],
    [
      'rule in a group',
      'POST',
      'network',
      'security-group-rules',
      404,
      undefined,
      { security_group_rule: { security_group_id: of['group'], direction: 'egress', protocol: 'tcp' } },
    ],
    [
      'router to a network',
      'POST',
      'network',
      'routers',
      404,
      undefined,
      { router: { external_gateway_info: { network_id: of['network'] } } },
    ],
    [
      'network for a project',
      'POST',
      'network',
      'networks',
      400,
      undefined,
      { network: { project_id: of['project'] } },
    ],
    ['quota of networks', 'GET', 'network', `quotas/${of['project']}`, 403, 'may'],

    ['project', 'GET', 'identity', `projects/${of['project']}`, 403, 'may'],
    [
      'project',
      'PATCH',
      'identity',
      `projects/${of['project']}`,
      403,
      403,
      { project: { description: 'x' } },
    ],
    ['project', 'DELETE', 'identity', `projects/${of['project']}`, 403],
    ["project's tags", 'GET', 'identity', `projects/${of['project']}/tags`, 403, 'may'],
    ['user', 'GET', 'identity', `users/${of['user']}`, 403],
    ['user', 'PATCH', 'identity', `users/${of['user']}`, 403, 403, { user: { description: 'x' } }],
    ['user', 'DELETE', 'identity', `users/${of['user']}`, 403],
    ["user's projects", 'GET', 'identity', `users/${of['user']}/projects`, 403],
    ["user's groups", 'GET', 'identity', `users/${of['user']}/groups`, 403],
    ["user's credentials", 'GET', 'identity', `users/${of['user']}/application_credentials`, 403],
    [
      "user's credential",
      'GET',
      'identity',
      `users/${of['user']}/application_credentials/${of['credential']}`,
      403,
    ],
    [
      "user's credential",
      'DELETE',
      'identity',
      `users/${of['user']}/application_credentials/${of['credential']}`,
      403,
    ],
    ['nobody', 'GET', 'identity', 'users/nobody', 403],
    ['no project', 'GET', 'identity', 'projects/nobody', 403],
    ['no role', 'GET', 'identity', 'roles/nobody', 404],
    ['no endpoint', 'GET', 'identity', 'endpoints/nobody', 404],
    ['no domain', 'DELETE', 'identity', 'domains/nobody', 404],
    ['roles of nobody', 'GET', 'identity', `projects/${of['project']}/users/nobody/roles`, 404],
    ['the domain', 'GET', 'identity', 'domains/default', 200, 'may'],
    ['trusts', 'GET', 'identity', 'OS-TRUST/trusts', 403],
    ['trusts of another', 'GET', 'identity', `OS-TRUST/trusts?trustor_user_id=${of['user']}`, 403],

    // Last, what would go if it were allowed.
    ['server', 'DELETE', 'compute', server, 404, 'may'],
    ['snapshot', 'DELETE', 'block-storage', snapshot, 404, 'may'],
    ['rule', 'DELETE', 'network', `security-group-rules/${of['rule']}`, 404, 'may'],
    ['security group', 'DELETE', 'network', `security-groups/${of['group']}`, 404, 'may'],
    ['floating IP', 'DELETE', 'network', `floatingips/${of['floatingIp']}`, 404, 'may'],
    ['port', 'DELETE', 'network', `ports/${of['port']}`, 404, 'may'],
    ['router', 'DELETE', 'network', `routers/${of['router']}`, 404, 'may'],
    ['subnet', 'DELETE', 'network', `subnets/${of['subnet']}`, 404, 'may'],
  ];
}

describe.each(parityClouds)('things of others on $name', (parityCloud) => {
  test('a stranger and a reader are told what the lab tells them', async () => {
    const clean = new CleanUp();
    const cloud = await asMember(parityCloud);
    const all = rows(await things(cloud, clean));
    const stranger = await raw(await aStranger(parityCloud, (undo) => clean.later(undo)), parityCloud);
    const reader = await raw(asReader, parityCloud);
    const told = async (ask: Ask, [, method, service, path, , , body, headers]: Row) =>
      (await ask(method, service, path, body, headers)).status;
    const seen: unknown[] = [];
    const wanted: unknown[] = [];
    for (const row of all) {
      const what = `${row[0]}: ${row[1]} ${row[3]} ${JSON.stringify(row[6] ?? '')}`;
      seen.push(['stranger', what, await told(stranger, row)]);
      wanted.push(['stranger', what, row[4]]);
    }
    for (const row of all) {
      // What a reader can do with the things of the own project is not a matter of this test.
      if (row[5] === undefined && row[1] === 'POST') continue;
      const what = `${row[0]}: ${row[1]} ${row[3]} ${JSON.stringify(row[6] ?? '')}`;
      const status = await told(reader, row);
      seen.push(['reader', what, row[5] === 'may' && status !== 403 && status !== 404 ? 'may' : status]);
      wanted.push(['reader', what, row[5] ?? row[4]]);
    }
    expect(seen).toEqual(wanted);
  });
});
