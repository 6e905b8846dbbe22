import type { BrokenOption, KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const ignored = { service: 'network', outcome: 'is ignored', severity: 'medium' } as const;
const anywhere = (...names: readonly string[]): BrokenOption[] => names.map((name) => ({ name }));

/**
 * Of Neutron, its plugins and its drivers. LBaaS was known by its names in neutron/plugins/common/constants.py and by its path in
 * neutron/pecan_wsgi/controllers/root.py (14.0.0), FWaaS v1 in setup.cfg of neutron-fwaas (13.0.0) and in
 * neutron_lib/api/definitions/firewall.py (1.13.0).
 */
export const neutronBreaks: readonly KnownBreak[] = [
  {
    id: 'neutron.ivs',
    service: 'network',
    in: 'rocky',
    outcome: 'is no longer there',
    severity: 'high',
    signs: {
      options: [
        {
          section: 'DEFAULT',
          name: 'interface_driver',
          values: ['ivs', 'neutron.agent.linux.interface.IVSInterfaceDriver'],
        },
      ],
    },
    remedy: 'Use another interface driver.',
    source: note('neutron', '13.0.0', 'ivs-interfacedriver-removal-a9cce87310028b99'),
  },
  {
    id: 'neutron.fwaas-v1',
    service: 'network',
    in: 'stein',
    outcome: 'is no longer there',
    severity: 'high',
    signs: {
      routes: [{ path: '/fw' }],
      options: [
        {
          section: 'DEFAULT',
          name: 'service_plugins',
          values: ['firewall', 'neutron_fwaas.services.firewall.fwaas_plugin.FirewallPlugin'],
        },
      ],
      extensions: ['fwaas'],
    },
    remedy: 'Migrate to FWaaS v2 first: neutron-fwaas-migrate-v1-to-v2.',
    source: note('neutron-fwaas', '14.0.0', 'remove_fwaas_v1-15c6e19484f46d1b'),
  },
  {
    ...ignored,
    id: 'neutron.external-network-bridge',
    in: 'stein',
    outcome: 'is ignored: gateways are wired by the integration bridge',
    severity: 'high',
    signs: { options: anywhere('external_network_bridge') },
    remedy: 'Map the external network to its bridge: [ovs] bridge_mappings.',
    source: note('neutron', '14.0.0', 'external_network_bridge-option-removed-bbf50fb803f04f82'),
  },
  {
    ...ignored,
    id: 'neutron.ovsdb-interface',
    in: 'stein',
    signs: { options: anywhere('ovsdb_interface', 'ovs_vsctl_timeout') },
    remedy: 'Take them out; the timeout is [ovs] ovsdb_timeout.',
    source: note('neutron', '14.0.0', 'removed-ovsdb_interface-ovs-vsctl-timeout-a618ec8e27552202'),
  },
  {
    id: 'neutron.lbaas',
    service: 'network',
    in: 'train',
    outcome: 'is retired: Neutron knows of it no more',
    severity: 'critical',
    signs: {
      routes: [{ path: '/lbaas' }],
      options: [{ section: 'DEFAULT', name: 'service_plugins', values: ['lbaasv2'] }],
      extensions: ['lbaasv2'],
    },
    remedy: 'Move the load balancers to Octavia first, and the clients to its API.',
    source: note('neutron', '15.0.0', 'Remove-neutron-lbaas-5cbedd7e8033610f'),
  },
  {
    ...ignored,
    id: 'neutron.of-interface',
    in: 'train',
    outcome: 'is ignored: the data plane breaks shortly as it changes to `native`',
    severity: 'high',
    signs: { options: [{ name: 'of_interface', values: ['ovs-ofctl'] }] },
    remedy: 'Change to `native` before, at a time of your choice.',
    source: note('neutron', '15.0.0', 'remove-of_interface-option-531ac8a1c767603a'),
  },
  {
    ...ignored,
    id: 'neutron.gateway-external-network',
    in: 'train',
    signs: { options: anywhere('gateway_external_network_id') },
    remedy: 'Take it out: routers may have several external networks.',
    source: note('neutron', '15.0.0', 'remove-gateway_external_network_id-config-option-c7aabf2f63004b41'),
  },
  {
    ...ignored,
    id: 'neutron.overlapping-ips',
    in: 'zed',
    signs: { options: [{ section: 'DEFAULT', name: 'allow_overlapping_ips' }] },
    remedy: 'Take it out.',
    source: note('neutron', '21.0.0', 'Remove-deprecated-option-allow_overlapping_ips-49a93f56d51d6427'),
  },
  {
    ...ignored,
    id: 'neutron.ovs-integration-bridge',
    in: 'caracal',
    signs: { options: [{ section: 'DEFAULT', name: 'ovs_integration_bridge' }] },
    remedy: 'Set [OVS] integration_bridge.',
    source: note('neutron', '24.0.0', 'remove-ovs_integration_bridge-583b8c395f6ba64e'),
  },
  {
    ...ignored,
    id: 'neutron.segment-mtu',
    in: 'caracal',
    signs: { options: [{ section: 'DEFAULT', name: 'segment_mtu' }] },
    remedy: 'Set [DEFAULT] global_physnet_mtu.',
    source: note('neutron', '24.0.0', 'remove-segment_mtu-4a78b8d47830fb8a'),
  },
  {
    ...ignored,
    id: 'neutron.designate-admin',
    in: 'caracal',
    signs: {
      options: [
        'admin_username',
        'admin_password',
        'admin_tenant_id',
        'admin_tenant_name',
        'admin_auth_url',
      ].map((name) => ({ section: 'designate', name })),
    },
    remedy: 'Set auth_type, auth_url, username and the others of keystoneauth in [designate].',
    source: note('neutron', '24.0.0', 'remove-designate-admin-opts-f3f4fe1037dbd75a'),
  },
  {
    id: 'neutron.linuxbridge',
    service: 'network',
    in: 'epoxy',
    outcome: 'is no longer there: its networks are no longer wired',
    severity: 'critical',
    signs: {
      options: [{ section: 'ml2', name: 'mechanism_drivers', values: ['linuxbridge'] }],
      agentTypes: ['Linux bridge agent'],
    },
    remedy: 'Move to Open vSwitch or OVN first.',
    source: note('neutron', '26.0.0', 'remove-linuxbridge-driver-d0df60e5cf8ab3bc'),
  },
  {
    id: 'neutron.postgresql',
    service: 'network',
    in: 'epoxy',
    outcome: 'is no longer supported',
    severity: 'high',
    signs: { options: [{ section: 'database', name: 'connection', values: ['postgresql*'] }] },
    remedy: 'Move the database to MariaDB or MySQL first.',
    source: note('neutron', '26.0.0', 'drop-postgresql-support-d666f15fa7394e9e'),
  },
  {
    ...ignored,
    id: 'neutron.bind',
    in: 'hibiscus',
    outcome: 'is ignored: neutron-server, which bound it, is gone',
    signs: {
      options: [
        { section: 'DEFAULT', name: 'bind_host' },
        { section: 'DEFAULT', name: 'bind_port' },
      ],
    },
    remedy: 'Bind in the WSGI server.',
    source: note('neutron', '2131d26 (in development)', 'remove-bind-options-652c625fb7c46dca'),
  },
  {
    ...ignored,
    id: 'neutron.max-routes',
    in: 'hibiscus',
    signs: { options: [{ section: 'DEFAULT', name: 'max_routes' }] },
    remedy: 'Set [QUOTAS] quota_router_route.',
    source: note(
      'neutron',
      '2131d26 (in development)',
      'router-route-quota-replaces-max-routes-a2b3c4d5e6f78901',
    ),
  },
  {
    ...ignored,
    id: 'neutron.api-workers',
    in: 'hibiscus',
    signs: { options: [{ section: 'DEFAULT', name: 'api_workers' }] },
    remedy: 'Set the processes of uWSGI.',
    source: note('neutron', '2131d26 (in development)', 'uwsgi-api-worker-count-268549c34f586794'),
  },
];
