import { service } from '../operation.ts';
import { attachments } from './attachments.ts';
import { availabilityZones } from './availability-zones.ts';
import { backups } from './backups.ts';
import { capabilities } from './capabilities.ts';
import { clusters } from './clusters.ts';
import { cgsnapshots, consistencyGroups } from './consistency-groups.ts';
import { defaultTypes } from './default-types.ts';
import { extensions } from './extensions.ts';
import { groupSnapshots } from './group-snapshots.ts';
import { groupTypes, groupTypeSpecs } from './group-types.ts';
import { groups } from './groups.ts';
import { hosts } from './hosts.ts';
import { limits } from './limits.ts';
import { manageableSnapshots } from './manageable-snapshots.ts';
import { manageableVolumes } from './manageable-volumes.ts';
import { messages } from './messages.ts';
import { pools } from './pools.ts';
import { qosSpecs } from './qos-specs.ts';
import { quotaClassSets, quotaSets } from './quota-sets.ts';
import { resourceFilters } from './resource-filters.ts';
import { services } from './services.ts';
import { snapshotMetadata } from './snapshot-metadata.ts';
import { snapshots } from './snapshots.ts';
import { volumeMetadata } from './volume-metadata.ts';
import { transfers, volumeTransfers } from './volume-transfers.ts';
import { volumeTypeExtraSpecs, volumeTypes } from './volume-types.ts';
import { volumes } from './volumes.ts';
import { workers } from './workers.ts';

/** Cinder, version 3 of its API. */
export const blockStorage = service({
  name: 'blockStorage',
  type: 'block-storage',
  major: 'v3',
  microversion: { floor: '3.0', name: 'volume' },
  resources: {
    attachments,
    availabilityZones,
    backups,
    capabilities,
    cgsnapshots,
    clusters,
    consistencyGroups,
    defaultTypes,
    extensions,
    groupSnapshots,
    groupTypeSpecs,
    groupTypes,
    groups,
    hosts,
    limits,
    manageableSnapshots,
    manageableVolumes,
    messages,
    pools,
    qosSpecs,
    quotaClassSets,
    quotaSets,
    resourceFilters,
    services,
    snapshotMetadata,
    snapshots,
    transfers,
    volumeMetadata,
    volumeTransfers,
    volumeTypeExtraSpecs,
    volumeTypes,
    volumes,
    workers,
  },
});
