import { service } from '../operation.ts';
import { addressGroups } from './address-groups.ts';
import { addressScopes } from './address-scopes.ts';
import { agents } from './agents.ts';
import { autoAllocatedTopology } from './auto-allocated-topology.ts';
import { availabilityZones } from './availability-zones.ts';
import { bgpPeers } from './bgp-peers.ts';
import { bgpSpeakers } from './bgp-speakers.ts';
import { bgpvpnNetworkAssociations } from './bgpvpn-network-associations.ts';
import { bgpvpnPortAssociations } from './bgpvpn-port-associations.ts';
import { bgpvpnRouterAssociations } from './bgpvpn-router-associations.ts';
import { bgpvpns } from './bgpvpns.ts';
import { conntrackHelpers } from './conntrack-helpers.ts';
import { defaultSecurityGroupRules } from './default-security-group-rules.ts';
import { defaultSecurityGroupStatefulness } from './default-security-group-statefulness.ts';
import { extensions } from './extensions.ts';
import { firewallGroups } from './firewall-groups.ts';
import { firewallPolicies } from './firewall-policies.ts';
import { firewallRules } from './firewall-rules.ts';
import { flavors } from './flavors.ts';
import { floatingIpPools } from './floating-ip-pools.ts';
import { floatingIps } from './floating-ips.ts';
import { localIpAssociations } from './local-ip-associations.ts';
import { localIps } from './local-ips.ts';
import { loggableResources } from './loggable-resources.ts';
import { logs } from './logs.ts';
import { meteringLabelRules } from './metering-label-rules.ts';
import { meteringLabels } from './metering-labels.ts';
import { ndpProxies } from './ndp-proxies.ts';
import { networkIpAvailabilities } from './network-ip-availabilities.ts';
import { networkSegmentRanges } from './network-segment-ranges.ts';
import { networks } from './networks.ts';
import { portBindings } from './port-bindings.ts';
import { portForwardings } from './port-forwardings.ts';
import { ports } from './ports.ts';
import { bandwidthLimitRules } from './qos-bandwidth-limit-rules.ts';
import { dscpMarkingRules } from './qos-dscp-marking-rules.ts';
import { minimumBandwidthRules } from './qos-minimum-bandwidth-rules.ts';
import { minimumPacketRateRules } from './qos-minimum-packet-rate-rules.ts';
import { packetRateLimitRules } from './qos-packet-rate-limit-rules.ts';
import { qosPolicies } from './qos-policies.ts';
import { qosRuleTypes } from './qos-rule-types.ts';
import { quotas } from './quotas.ts';
import { rbacPolicies } from './rbac-policies.ts';
import { routers } from './routers.ts';
import { securityGroupRules } from './security-group-rules.ts';
import { securityGroups } from './security-groups.ts';
import { segments } from './segments.ts';
import { serviceProfiles } from './service-profiles.ts';
import { serviceProviders } from './service-providers.ts';
import { flowClassifiers } from './sfc-flow-classifiers.ts';
import { portChains } from './sfc-port-chains.ts';
import { portPairGroups } from './sfc-port-pair-groups.ts';
import { portPairs } from './sfc-port-pairs.ts';
import { serviceGraphs } from './sfc-service-graphs.ts';
import { subnetPools } from './subnet-pools.ts';
import { subnets } from './subnets.ts';
import { tags } from './tags.ts';
import { tapFlows } from './tap-flows.ts';
import { tapMirrors } from './tap-mirrors.ts';
import { tapServices } from './tap-services.ts';
import { trunks } from './trunks.ts';
import { vpnEndpointGroups } from './vpn-endpoint-groups.ts';
import { ikePolicies } from './vpn-ike-policies.ts';
import { ipsecPolicies } from './vpn-ipsec-policies.ts';
import { ipsecSiteConnections } from './vpn-ipsec-site-connections.ts';
import { vpnServices } from './vpn-services.ts';

/** Neutron, version 2.0 of its API. It has no microversions, but extensions: see `extensions.list`. */
export const network = service({
  name: 'network',
  type: 'network',
  major: 'v2.0',
  resources: {
    addressGroups,
    addressScopes,
    agents,
    autoAllocatedTopology,
    availabilityZones,
    bandwidthLimitRules,
    bgpPeers,
    bgpSpeakers,
    bgpvpnNetworkAssociations,
    bgpvpnPortAssociations,
    bgpvpnRouterAssociations,
    bgpvpns,
    conntrackHelpers,
    defaultSecurityGroupRules,
    defaultSecurityGroupStatefulness,
    dscpMarkingRules,
    extensions,
    firewallGroups,
    firewallPolicies,
    firewallRules,
    flavors,
    floatingIpPools,
    floatingIps,
    flowClassifiers,
    ikePolicies,
    ipsecPolicies,
    ipsecSiteConnections,
    localIpAssociations,
    localIps,
    loggableResources,
    logs,
    meteringLabelRules,
    meteringLabels,
    minimumBandwidthRules,
    minimumPacketRateRules,
    ndpProxies,
    networkIpAvailabilities,
    networkSegmentRanges,
    networks,
    packetRateLimitRules,
    portBindings,
    portChains,
    portForwardings,
    portPairGroups,
    portPairs,
    ports,
    qosPolicies,
    qosRuleTypes,
    quotas,
    rbacPolicies,
    routers,
    securityGroupRules,
    securityGroups,
    segments,
    serviceGraphs,
    serviceProfiles,
    serviceProviders,
    subnetPools,
    subnets,
    tags,
    tapFlows,
    tapMirrors,
    tapServices,
    trunks,
    vpnEndpointGroups,
    vpnServices,
  },
});
