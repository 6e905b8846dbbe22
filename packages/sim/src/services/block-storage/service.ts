import { records } from '@groundcrew/core';
import type { SimulatedService } from '../../service.ts';
import { cinderFault, schemaFault } from '../dialects.ts';
import { HTML, json, notFoundPage, self } from '../documents.ts';
import { attachmentRoutes } from './attachments.ts';
import { availabilityZoneRoutes } from './availability-zones.ts';
import { backupRoutes } from './backups.ts';
import { clusterRoutes } from './clusters.ts';
import { extensionRoutes } from './extensions.ts';
import { groupSnapshotRoutes } from './group-snapshots.ts';
import { groupRoutes } from './groups.ts';
import { groupTypeRoutes } from './group-types.ts';
import { hostRoutes } from './hosts.ts';
import { limitRoutes } from './limits.ts';
import { logLevelRoutes } from './log-levels.ts';
import { messageRoutes } from './messages.ts';
import { poolRoutes } from './pools.ts';
import { qosSpecRoutes } from './qos-specs.ts';
import { refusedQuery } from './queries.ts';
import { quotaSetRoutes } from './quota-sets.ts';
import { serviceRoutes } from './services.ts';
import { snapshotMetadataRoutes } from './snapshot-metadata.ts';
import { snapshotRoutes } from './snapshots.ts';
import { volumeActionRoutes } from './volume-actions.ts';
import { volumeMetadataRoutes } from './volume-metadata.ts';
import { volumeTransferRoutes } from './volume-transfers.ts';
import { volumeTypeRoutes } from './volume-types.ts';
import { volumeRoutes } from './volumes.ts';

export const blockStorage: SimulatedService = {
  spec: records.blockStorage,
  prefix: '/volume',
  version: '/v3',
  paths: { trailingSlash: 'unknown', manySlashes: 'one', json: true, head: 'unknown' },
  routes: {
    ...volumeRoutes,
    ...volumeMetadataRoutes,
    ...volumeActionRoutes,
    ...snapshotRoutes,
    ...snapshotMetadataRoutes,
    ...backupRoutes,
    ...volumeTypeRoutes,
    ...serviceRoutes,
    ...poolRoutes,
    ...availabilityZoneRoutes,
    ...hostRoutes,
    ...limitRoutes,
    ...quotaSetRoutes,
    ...qosSpecRoutes,
    ...messageRoutes,
    ...groupRoutes,
    ...groupSnapshotRoutes,
    ...groupTypeRoutes,
    ...clusterRoutes,
    ...extensionRoutes,
    ...volumeTransferRoutes,
    ...attachmentRoutes,
    ...logLevelRoutes,
  },
  maxMicroversion: (release) => release.blockStorage,
  versions: (root, path, release) => {
    const version = {
      id: 'v3.0',
      status: 'CURRENT',
      version: release.blockStorage,
      min_version: '3.0',
      updated: '2022-08-31T00:00:00Z',
      links: [
        { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
        ...self(`${root}/v3/`),
      ],
      'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
    };
    return json(path === '' ? 300 : 200, { versions: [version] });
  },
  fault: cinderFault,
  unknown: ({ accept }) => notFoundPage(accept),
  malformed: 'Malformed request body',
  // The answer with 202 is WebOb's own; the framework writes the others.
  emptyType: (status) => (status === 202 ? HTML : 'application/json'),
  // A volume may be created with fields that Cinder does not know (`cinder/api/schemas/volumes.py`).
  argumentFault: (problem, route) =>
    route === 'POST volumes' && problem.kind === 'unknown' ? undefined : schemaFault(problem),
  queryFault: refusedQuery,
  headers: (id, version) => ({
    'OpenStack-API-Version': `volume ${version}`,
    Vary: 'OpenStack-API-Version',
    'X-Openstack-Request-Id': id,
    'X-Compute-Request-Id': id,
  }),
};
