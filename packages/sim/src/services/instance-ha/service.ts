import { records } from '@groundcrew/core';
import type { SimulatedService } from '../../service.ts';
import { masakariFault, schemaFault } from '../dialects.ts';
import { json, notFoundPage, self } from '../documents.ts';
import { hostRoutes } from './hosts.ts';
import { notificationRoutes } from './notifications.ts';
import { segmentRoutes } from './segments.ts';
import { vmoveRoutes } from './vmoves.ts';

export const instanceHa: SimulatedService = {
  spec: records.instanceHa,
  prefix: '/instance-ha',
  version: '/v1',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: false, head: 'unknown' },
  routes: { ...segmentRoutes, ...hostRoutes, ...notificationRoutes, ...vmoveRoutes },
  maxMicroversion: (release) => release.instanceHa,
  versions: (root, path, release) => {
    const version = {
      id: 'v1.0',
      status: 'CURRENT',
      version: release.instanceHa,
      min_version: '1.0',
      updated: '2016-07-01T11:33:21Z',
      links: self(`${root}/v1/`),
    };
    return json(200, path === '' ? { versions: [version] } : { version });
  },
  fault: masakariFault,
  unknown: ({ accept }) => notFoundPage(accept),
  malformed: 'Malformed request body',
  argumentFault: schemaFault,
  headers: (id, version) => ({
    'OpenStack-API-Version': `instance-ha ${version}`,
    Vary: 'OpenStack-API-Version',
    'X-Openstack-Request-Id': id,
  }),
};
