import { service } from '../operation.ts';
import { addressGroups } from './address-groups.ts';
import { addressScopes } from './address-scopes.ts';
import { agents } from './agents.ts';
import { availabilityZones } from './availability-zones.ts';
import { defaultSecurityGroupRules } from './default-security-group-rules.ts';
import { extensions } from './extensions.ts';
import { floatingIpPools } from './floating-ip-pools.ts';
import { floatingIps } from './floating-ips.ts';
import { networkIpAvailabilities } from './network-ip-availabilities.ts';
import { networkSegmentRanges } from './network-segment-ranges.ts';
import { networks } from './networks.ts';
import { portBindings } from './port-bindings.ts';
import { portForwardings } from './port-forwardings.ts';
import { ports } from './ports.ts';
import { quotas } from './quotas.ts';
import { rbacPolicies } from './rbac-policies.ts';
import { routers } from './routers.ts';
import { securityGroupRules } from './security-group-rules.ts';
import { securityGroups } from './security-groups.ts';
import { segments } from './segments.ts';
import { subnetPools } from './subnet-pools.ts';
import { subnets } from './subnets.ts';

/** Neutron, version 2.0 of its API. It has no microversions, but extensions: see `extensions.list`. */
export const network = service({
  name: 'network',
  type: 'network',
  major: 'v2.0',
  resources: {
    addressGroups,
    addressScopes,
    agents,
    availabilityZones,
    defaultSecurityGroupRules,
    extensions,
    floatingIpPools,
    floatingIps,
    networkIpAvailabilities,
    networkSegmentRanges,
    networks,
    portBindings,
    portForwardings,
    ports,
    quotas,
    rbacPolicies,
    routers,
    securityGroupRules,
    securityGroups,
    segments,
    subnetPools,
    subnets,
  },
});
