import type { SeriesName } from './table.ts';

/**
 * Neutron has no microversions; the extensions that it loads tell that it is at least the release that brought them.
 * Not loading one tells nothing: many depend on plugins.
 *
 * From `neutron/extensions` at the first tag of each series, and the aliases in neutron-lib's `api/definitions`.
 */
export const broughtBy: Readonly<Record<string, SeriesName>> = {
  'address-group': 'victoria',
  'port-device-profile': 'wallaby',
  'port-numa-affinity-policy': 'wallaby',
  'security-groups-normalized-cidr': 'wallaby',
  'security-groups-remote-address-group': 'wallaby',
  ecmp_routes: 'xena',
  'qos-pps': 'xena',
  'l3-ndp-proxy': 'yoga',
  'port-resource-request-groups': 'yoga',
  'qos-pps-minimum': 'yoga',
  'quota-check-limit': 'yoga',
  'security-groups-shared-filtering': 'yoga',
  'floating-ip-port-forwarding-detail': 'zed',
  'floating-ip-port-forwarding-port-ranges': 'zed',
  'port-mac-override': 'zed',
  'qos-rule-type-filter': 'zed',
  network_ha: 'bobcat',
  'port-hints': 'bobcat',
  'port-hardware-offload-type': 'caracal',
  'security-groups-rules-belongs-to-default-sg': 'caracal',
  'port-numa-affinity-policy-socket': 'dalmatian',
  'port-trusted-vif': 'dalmatian',
  'subnet-external-network': 'dalmatian',
  'tag-creation': 'dalmatian',
  qinq: 'epoxy',
  'quota-check-limit-default': 'epoxy',
  'uplink-status-propagation-updatable': 'epoxy',
  'network-ip-availability-details': 'gazpacho',
  'router-enable-snat': 'gazpacho',
  'aap-reject-multicast': 'hibiscus',
  agent_sort_key: 'hibiscus',
  evpn: 'hibiscus',
  pvlan: 'hibiscus',
  'security-groups-default-statefulness': 'hibiscus',
};
