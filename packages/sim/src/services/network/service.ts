import { records } from '@groundcrew/core';
import { notFound, ServiceFault } from '../../fault.ts';
import type { SimulatedService } from '../../service.ts';
import { quality, UNSPECIFIC } from '../../webob.ts';
import { neutronSchemaFault, neutronFault } from '../dialects.ts';
import { json, self } from '../documents.ts';
import { addressGroupRoutes } from './address-groups.ts';
import { addressScopeRoutes } from './address-scopes.ts';
import { agentSchedulingRoutes } from './agent-scheduling.ts';
import { agentRoutes } from './agents.ts';
import { availabilityZoneRoutes } from './availability-zones.ts';
import { extensionRoutes } from './extensions.ts';
import { flavorRoutes } from './flavors.ts';
import { floatingIpRoutes } from './floating-ips.ts';
import { networkIpAvailabilityRoutes } from './network-ip-availabilities.ts';
import { networkRoutes } from './networks.ts';
import { portForwardingRoutes } from './port-forwardings.ts';
import { portRoutes } from './ports.ts';
import { qosPolicyRoutes } from './qos-policies.ts';
import { qosRuleTypeRoutes } from './qos-rule-types.ts';
import { refusedQuery } from './queries.ts';
import { quotaRoutes } from './quotas.ts';
import { rbacPolicyRoutes } from './rbac-policies.ts';
import { routerRoutes } from './routers.ts';
import { securityGroupRuleRoutes } from './security-group-rules.ts';
import { securityGroupRoutes } from './security-groups.ts';
import { segmentRoutes } from './segments.ts';
import { serviceProviderRoutes } from './service-providers.ts';
import { subnetPoolRoutes } from './subnet-pools.ts';
import { subnetRoutes } from './subnets.ts';
import { tagRoutes } from './tags.ts';
import { trunkRoutes } from './trunks.ts';

export const network: SimulatedService = {
  spec: records.network,
  prefix: '/network',
  version: '/v2.0',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: true, head: 'unknown' },
  routes: {
    ...networkRoutes,
    ...subnetRoutes,
    ...networkIpAvailabilityRoutes,
    ...portRoutes,
    ...securityGroupRoutes,
    ...securityGroupRuleRoutes,
    ...routerRoutes,
    ...floatingIpRoutes,
    ...portForwardingRoutes,
    ...agentRoutes,
    ...agentSchedulingRoutes,
    ...subnetPoolRoutes,
    ...addressScopeRoutes,
    ...addressGroupRoutes,
    ...trunkRoutes,
    ...qosPolicyRoutes,
    ...rbacPolicyRoutes,
    ...segmentRoutes,
    ...quotaRoutes,
    ...extensionRoutes,
    ...availabilityZoneRoutes,
    ...serviceProviderRoutes,
    ...flavorRoutes,
    ...qosRuleTypeRoutes,
    ...tagRoutes,
  },
  versions: (root, path) =>
    path === ''
      ? json(200, { versions: [{ id: 'v2.0', status: 'CURRENT', links: self(`${root}/v2.0/`) }] })
      : undefined,
  fault: neutronFault,
  unknown: ({ allow, accept }) =>
    allow === undefined
      ? notFound('The resource could not be found.', 'HTTPNotFound')
      : new ServiceFault(
          accept !== null && quality(accept, 'application/json') === 0 ? 406 : 405,
          UNSPECIFIC,
        ),
  // Only the controllers of Pecan evaluate `Accept`; those of extensions do not.
  onlyJson: (_method, path) => /^(networks|subnets|ports)(\/[^/]+)?$/.test(path),
  malformed: 'Body contains invalid data',
  argumentFault: neutronSchemaFault,
  queryFault: refusedQuery,
  headers: (id) => ({ 'X-Openstack-Request-Id': id }),
};
