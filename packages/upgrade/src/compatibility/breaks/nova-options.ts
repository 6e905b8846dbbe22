import type { BrokenOption, KnownBreak } from '../known-break.ts';
import { code, note } from './source.ts';

const all = (section: string, ...names: readonly string[]): BrokenOption[] =>
  names.map((name) => ({ section, name }));
const ignored = { service: 'compute', outcome: 'is ignored', severity: 'medium' } as const;
/** Options of Nova that it no longer reads, but those of its scheduler. */
export const novaOptionBreaks: readonly KnownBreak[] = [
  {
    ...ignored,
    id: 'nova.placement-region',
    in: 'rocky',
    signs: { options: all('placement', 'os_region_name', 'os_interface') },
    remedy: 'Set [placement] region_name and valid_interfaces.',
    source: note('nova', '18.0.0', 'remove-deprecated-placement-opts-aeffb090a2e94bdc'),
  },
  {
    ...ignored,
    id: 'nova.neutron-url',
    in: 'train',
    signs: { options: all('neutron', 'url') },
    remedy: 'Set [neutron] endpoint_override, or leave it to the catalogue.',
    source: note('nova', '20.0.0', 'rm-neutron-url-conf-2056befe7207bd0b'),
  },
  {
    ...ignored,
    id: 'nova.ironic-api-endpoint',
    in: 'train',
    signs: { options: all('ironic', 'api_endpoint') },
    remedy: 'Set [ironic] endpoint_override, or leave it to the catalogue.',
    source: note('nova', '20.0.0', 'remove-ironic-api_endpoint-db922182356b8ac2'),
  },
  {
    ...ignored,
    id: 'nova.consoleauth',
    in: 'train',
    signs: {
      options: [...all('upgrade_levels', 'consoleauth'), ...all('workarounds', 'enable_consoleauth')],
    },
    remedy: 'Take them out, and nova-consoleauth with them.',
    source: note('nova', '20.0.0', 'remove-nova-consoleauth-b7c61e50649206ea'),
  },
  {
    ...ignored,
    id: 'nova.use-neutron',
    in: 'ussuri',
    signs: { options: all('DEFAULT', 'use_neutron', 'network_manager', 'multi_host', 'flat_network_bridge') },
    remedy: 'Take them out; a cloud on nova-network cannot go on without Neutron.',
    source: note('nova', '21.0.0', 'remove-nova-network-c02953ba72a1795d'),
  },
  {
    ...ignored,
    id: 'nova.keymap',
    in: 'victoria',
    signs: { options: [...all('vnc', 'keymap'), ...all('spice', 'keymap')] },
    remedy: 'Set the keyboard in the guests; noVNC 1.0.0 or newer is needed.',
    source: note('nova', '22.0.0', 'remove-keymap-options-8db6d03ccf098db1'),
  },
  {
    ...ignored,
    id: 'nova.vncserver-listen',
    in: 'yoga',
    signs: { options: all('vnc', 'vncserver_listen', 'vncserver_proxyclient_address') },
    remedy: 'Set [vnc] server_listen and server_proxyclient_address.',
    source: note('nova', '25.0.0', 'remove-deprecated-vnc-opts-c2bbcbf0fb777593'),
  },
  {
    ...ignored,
    id: 'nova.use-forwarded-for',
    in: 'caracal',
    signs: { options: all('api', 'use_forwarded_for') },
    remedy: 'Use the HTTPProxyToWSGI middleware.',
    source: note('nova', '29.0.0', 'remove-use_forwarded_for-dd89edfa3addb305'),
  },
  {
    ...ignored,
    id: 'nova.auth-strategy',
    in: 'flamingo',
    signs: { options: all('api', 'auth_strategy') },
    remedy: 'Take it out: Keystone is the only way.',
    source: code('nova', '32.0.0', 'nova/conf/api.py, which has it no more; 31.0.0 had'),
  },
  {
    ...ignored,
    id: 'nova.api-aliases',
    in: 'flamingo',
    signs: {
      options: all(
        'DEFAULT',
        'neutron_default_tenant_id',
        'config_drive_skip_versions',
        'vendordata_providers',
        'vendordata_dynamic_targets',
        'metadata_cache_expiration',
        'dhcp_domain',
        'vendordata_jsonfile_path',
        'max_limit',
        'compute_link_prefix',
        'glance_link_prefix',
        'enable_instance_password',
      ),
    },
    remedy: 'Set them in [api]; neutron_default_tenant_id is neutron_default_project_id there.',
    source: note('nova', '32.0.0', 'rename-neutron_default_tenant_id-opt-7ca3647dc27f8fcc'),
  },
  {
    ...ignored,
    id: 'nova.memory-encrypted-guests',
    in: 'hibiscus',
    severity: 'low',
    signs: { options: all('libvirt', 'num_memory_encrypted_guests') },
    remedy: 'Take it out: libvirt tells it.',
    source: note(
      'nova',
      '00a0304 (in development)',
      'remove-libvirt-num_memory_encrypted_guests-d37abd1d4287d13e',
    ),
  },
];
