import { broughtBy, table } from '@groundcrew/ground/series';
import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import type { Release } from '../../releases.ts';
import type { Json } from '../../wire.ts';

/**
 * An extension and the first release that has it, where releases differ; what the table of series says of it counts more. As
 * real Neutrons with ML2, Open vSwitch and the usual services have them: Zed's 98 and 2025.1's 105 are the lab's.
 */
const EXTENSIONS: readonly (string | readonly [alias: string, since: string])[] = [
  'address-scope',
  'agent',
  'agent-resources-synced',
  'allowed-address-pairs',
  'auto-allocated-topology',
  'availability_zone',
  'availability_zone_filter',
  'binding',
  'binding-extended',
  'default-subnetpools',
  'dhcp_agent_scheduler',
  'dns-integration',
  'dvr',
  'empty-string-filtering',
  'expose-port-forwarding-in-fip',
  'ext-gw-mode',
  'external-net',
  'extra_dhcp_opt',
  'extraroute',
  'extraroute-atomic',
  'filter-validation',
  'fip-port-details',
  'flavors',
  'floating-ip-port-forwarding',
  'floating-ip-port-forwarding-description',
  'floatingip-pools',
  'ip-substring-filtering',
  'ip_allocation',
  'l2_adjacency',
  'l3-flavors',
  'l3-ha',
  'l3_agent_scheduler',
  'multi-provider',
  'net-mtu',
  'net-mtu-writable',
  'network-ip-availability',
  'network_availability_zone',
  'pagination',
  'port-mac-address-regenerate',
  'port-resource-request',
  'port-security',
  'port-security-groups-filtering',
  'project-id',
  'provider',
  'qos',
  'qos-bw-limit-direction',
  'qos-bw-minimum-ingress',
  'qos-default',
  'qos-fip',
  'qos-gateway-ip',
  'qos-port-network-policy',
  'qos-rule-type-details',
  'qos-rules-alias',
  'quota_details',
  'quotas',
  'rbac-address-scope',
  'rbac-policies',
  'rbac-security-groups',
  'rbac-subnetpool',
  'revision-if-match',
  'router',
  'router-admin-state-down-before-update',
  'router_availability_zone',
  'security-group',
  'segment',
  'segments-peer-subnet-host-routes',
  'service-type',
  'sorting',
  'standard-attr-description',
  'standard-attr-revisions',
  'standard-attr-segment',
  'standard-attr-tag',
  'standard-attr-timestamp',
  'stateful-security-group',
  'subnet-segmentid-writable',
  'subnet-service-types',
  'subnet_allocation',
  'subnet_onboard',
  'subnetpool-prefix-ops',
  'trunk',
  'trunk-details',
  ['port-numa-affinity-policy', '2020.2'],
  ['address-group', '2021.1'],
  ['security-groups-normalized-cidr', '2021.1'],
  ['security-groups-remote-address-group', '2021.1'],
  ['port-device-profile', '2021.1'],
  ['rbac-address-group', '2021.1'],
  ['port-mac-override', '2021.1'],
  ['l3-port-ip-change-not-allowed', '2021.2'],
  ['floating-ip-port-forwarding-detail', '2021.2'],
  ['port-resource-request-groups', '2021.2'],
  ['qos-pps', '2021.2'],
  ['quota-check-limit', '2021.2'],
  ['qos-pps-minimum', '2022.1'],
  ['qos-pps-minimum-rule-alias', '2022.1'],
  ['qos-rule-type-filter', '2022.1'],
  ['security-groups-shared-filtering', '2022.2'],
  ['floating-ip-port-forwarding-port-ranges', '2022.2'],
  ['quota-check-limit-default', '2023.1'],
  ['security-groups-default-rules', '2023.2'],
  ['security-groups-rules-belongs-to-default-sg', '2023.2'],
  ['network_ha', '2023.2'],
  ['port-numa-affinity-policy-socket', '2024.2'],
  ['subnet-external-network', '2024.2'],
  ['tag-creation', '2025.1'],
];

/** The number of the first release that has an extension. */
function since(alias: string, recorded: string): string {
  const name = broughtBy[alias];
  return name === undefined ? recorded : (table.find((row) => row.name === name)?.number ?? recorded);
}

/** Aliases of the extensions that a Neutron of this release has, with the ML2 plugin and its usual services. */
export const extensionsOf = (release: Release): string[] =>
  EXTENSIONS.map((extension): readonly [string, string] =>
    typeof extension === 'string' ? [extension, ''] : extension,
  )
    .filter(([alias, recorded]) => since(alias, recorded) <= release.number)
    .map(([alias]) => alias)
    .toSorted();

export const extensionRoutes: Routes = {
  'GET extensions': (call) => ok({ extensions: extensionsOf(call.state.release).map(extension) }),
  'GET extensions/{alias}': (call) => {
    if (!extensionsOf(call.state.release).includes(call.param('alias'))) {
      throw notFound(`Extension with alias ${call.param('alias')} does not exist`, 'HTTPNotFound');
    }
    return ok({ extension: extension(call.param('alias')) });
  },
};

const extension = (alias: string): Json => ({
  name: alias,
  alias,
  description: alias,
  updated: '2016-01-01T10:00:00-00:00',
  links: [],
});
