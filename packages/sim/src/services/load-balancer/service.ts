import { records } from '@groundcrew/core';
import type { SimulatedService } from '../../service.ts';
import { badRequest } from '../../fault.ts';
import { schemaMessage } from '../../request/arguments.ts';
import { wsmeFault } from '../dialects.ts';
import { json, notFoundPage, self } from '../documents.ts';
import { balancerRoutes } from './load-balancers.ts';
import { partRoutes } from './parts.ts';

/** Octavia. A cloud has it if it is made so: see the option `loadBalancer`. */
export const loadBalancer: SimulatedService = {
  spec: records.loadBalancer,
  prefix: '/load-balancer',
  version: '/v2',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: true, head: 'unknown' },
  routes: { ...balancerRoutes, ...partRoutes },
  // Every version that it ever had, all of them at one path (`octavia/api/root_controller.py`).
  versions: (root, path, { loadBalancer: newest }) => {
    if (path !== '') return undefined;
    const last = Number(newest.split('.')[1]);
    const versions = Array.from({ length: last + 1 }, (_, minor) => ({
      id: `v2.${minor}`,
      status: minor === last ? 'CURRENT' : 'SUPPORTED',
      updated: '2016-12-11T00:00:00Z',
      links: self(`${root}/v2`),
    }));
    return json(200, { versions });
  },
  fault: wsmeFault,
  unknown: ({ accept }) => notFoundPage(accept),
  malformed: 'Invalid input',
  argumentFault: (problem) => badRequest(schemaMessage(problem)),
  queryFault: (names) =>
    names.length === 0 ? undefined : badRequest('One or more arguments are either duplicate or invalid'),
  headers: (id) => ({ 'X-Openstack-Request-Id': id }),
};
