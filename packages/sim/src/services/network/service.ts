import { isShape, records } from '@groundcrew/core';
import { ServiceFault, badRequest, notFound } from '../../fault.ts';
import type { SimulatedService } from '../../service.ts';
import { quality, UNSPECIFIC } from '../../webob.ts';
import { neutronComplaint, neutronFault } from '../dialects.ts';
import { json, self } from '../documents.ts';
import { isControl } from './resource.ts';
import { agentRoutes } from './agents.ts';
import { floatingIpRoutes } from './floating-ips.ts';
import { networkRoutes } from './networks.ts';
import { portForwardingRoutes } from './port-forwardings.ts';
import { portRoutes } from './ports.ts';
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
  complainQuery: (names, _call, _route, { output }) => {
    // Whatever an entity shows may be filtered by, if its record says so or not.
    const shown = output !== undefined && isShape(output) ? output.fields : undefined;
    const refused = names.filter((name) => !isControl(name) && shown !== undefined && !(name in shown));
    if (refused.length === 0) return undefined;
    return badRequest(
      `[${refused.map((name) => `'${name}'`).join(', ')}] is invalid attribute for filtering`,
      'HTTPBadRequest',
    );
  },
  headers: (id) => ({ 'X-Openstack-Request-Id': id }),
};
