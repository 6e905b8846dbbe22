import type { KnownBreak } from '../known-break.ts';
import { code, note } from './source.ts';

const gone = { service: 'compute', outcome: 'answers 410', severity: 'high' } as const;
const NEUTRON = 'Move the clients to the API of Neutron.';

/** Routes of Nova that no longer answer as they did. */
export const novaApiBreaks: readonly KnownBreak[] = [
  {
    ...gone,
    id: 'nova.network-proxies',
    in: 'rocky',
    signs: {
      routes: [
        { path: '/os-fping' },
        { path: '/servers/{id}/os-virtual-interfaces' },
        { path: '/os-fixed-ips' },
        { path: '/os-floating-ips-bulk' },
        { path: '/os-floating-ip-dns' },
      ],
      options: [{ section: 'api', name: 'fping_path' }],
    },
    remedy: NEUTRON,
    source: note('nova', '18.0.0', 'bp-remove-nova-network-api-removals-931ad60364f6f2a8'),
  },
  {
    ...gone,
    id: 'nova.os-cells',
    in: 'train',
    signs: { routes: [{ path: '/os-cells' }] },
    remedy: 'Move to cells v2, which has no API of its own.',
    source: note('nova', '20.0.0', 'remove-cells-v1-055028c270d06680'),
  },
  {
    ...gone,
    id: 'nova.network-routes',
    in: 'ussuri',
    signs: {
      routes: [
        { path: '/os-security-group-default-rules' },
        { path: '/os-networks', methods: ['POST', 'DELETE'] },
        { path: '/os-tenant-networks', methods: ['POST', 'DELETE'] },
      ],
    },
    remedy: NEUTRON,
    source: note('nova', '21.0.0', 'remove-nova-network-c02953ba72a1795d'),
  },
  {
    ...gone,
    id: 'nova.consoles',
    in: 'ussuri',
    signs: {
      routes: [{ path: '/servers/{id}/consoles' }],
      options: [{ section: 'upgrade_levels', name: 'console' }],
    },
    remedy: 'Use remote consoles: POST /servers/{id}/remote-consoles.',
    source: note('nova', '21.0.0', 'remove-nova-console-5a2b86210a43e7c8'),
  },
  {
    ...gone,
    id: 'nova.os-agents',
    in: 'wallaby',
    signs: { routes: [{ path: '/os-agents' }] },
    remedy: 'It only ever served XenAPI: take it out of the clients.',
    source: note('nova', '23.0.0', 'remove-xenapi-driver-194756049f22dc9e'),
  },
  {
    id: 'nova.hypervisor-statistics',
    service: 'compute',
    in: 'wallaby',
    outcome: 'answers 404 to who asks for microversion 2.88 or `latest`',
    severity: 'medium',
    signs: {
      routes: [
        { path: '/os-hypervisors/statistics', methods: ['GET'] },
        { path: '/os-hypervisors/{id}/uptime', methods: ['GET'] },
      ],
      fromMicroversion: '2.88',
    },
    remedy: 'Ask for a microversion below 2.88, or ask Placement for capacity.',
    source: code('nova', '23.0.0', 'nova/api/openstack/compute/rest_api_version_history.rst, 2.88'),
  },
  {
    id: 'nova.generated-keypairs',
    service: 'compute',
    in: 'zed',
    outcome: 'no longer makes a key to who asks for microversion 2.92 or `latest`',
    severity: 'medium',
    signs: {
      routes: [{ path: '/os-keypairs', methods: ['POST'], below: false }],
      fromMicroversion: '2.92',
      onlyIf: 'the body has no `public_key`',
    },
    remedy: 'Make the key at the client and send its public half.',
    source: code('nova', '26.0.0', 'nova/api/openstack/compute/rest_api_version_history.rst, 2.92'),
  },
  {
    id: 'nova.os-volumes-boot',
    service: 'compute',
    in: 'gazpacho',
    outcome: 'answers 404 to who asks for microversion 2.103 or `latest`',
    severity: 'medium',
    signs: { routes: [{ path: '/os-volumes_boot' }], fromMicroversion: '2.103' },
    remedy: 'It was an alias: use /servers.',
    source: note('nova', '33.0.0', 'remove-os-volumes_boot-api-861809a0b33845ba'),
  },
];
