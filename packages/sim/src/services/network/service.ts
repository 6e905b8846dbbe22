import { records } from '@groundcrew/core';
import { notFound, ServiceFault } from '../../fault.ts';
import type { SimulatedService } from '../../service.ts';
import { quality, UNSPECIFIC } from '../../webob.ts';
import { neutronComplaint, neutronFault } from '../dialects.ts';
import { json, self } from '../documents.ts';
import { agentRoutes } from './agents.ts';
import { floatingIpRoutes } from './floating-ips.ts';
import { networkRoutes } from './networks.ts';
import { portForwardingRoutes } from './port-forwardings.ts';
import { portRoutes } from './ports.ts';
import { refusedQuery } from './queries.ts';
import { restRoutes } from './rest.ts';
import { routerRoutes } from './routers.ts';
import { securityRoutes } from './security.ts';

export const network: SimulatedService = {
  spec: records.network,
  prefix: '/network',
  version: '/v2.0',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: true, head: 'unknown' },
  routes: {
    ...networkRoutes,
    ...portRoutes,
    ...securityRoutes,
    ...routerRoutes,
    ...floatingIpRoutes,
    ...portForwardingRoutes,
    ...agentRoutes,
    ...restRoutes,
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
  // Pecan's own controllers look at `Accept`; what came by way of extensions does not.
  onlyJson: (_method, path) => /^(networks|subnets|ports)(\/[^/]+)?$/.test(path),
  malformed: 'Body contains invalid data',
  complain: neutronComplaint,
  complainQuery: refusedQuery,
  headers: (id) => ({ 'X-Openstack-Request-Id': id }),
};
