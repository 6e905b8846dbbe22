import { service } from '../operation.ts';
import { aggregates } from './aggregates.ts';
import { availabilityZones } from './availability-zones.ts';
import { consoleAuthTokens } from './console-auth-tokens.ts';
import { flavorAccess } from './flavor-access.ts';
import { flavorExtraSpecs } from './flavor-extra-specs.ts';
import { flavors } from './flavors.ts';
import { hypervisors } from './hypervisors.ts';
import { instanceActions } from './instance-actions.ts';
import { interfaces } from './interfaces.ts';
import { keypairs } from './keypairs.ts';
import { limits } from './limits.ts';
import { migrations } from './migrations.ts';
import { quotaClassSets } from './quota-class-sets.ts';
import { quotaSets } from './quota-sets.ts';
import { remoteConsoles } from './remote-consoles.ts';
import { serverDiagnostics } from './server-diagnostics.ts';
import { serverExternalEvents } from './server-external-events.ts';
import { serverGroups } from './server-groups.ts';
import { serverIps } from './server-ips.ts';
import { serverMetadata } from './server-metadata.ts';
import { serverMigrations } from './server-migrations.ts';
import { serverPassword } from './server-password.ts';
import { serverSecurityGroups } from './server-security-groups.ts';
import { serverShares } from './server-shares.ts';
import { serverTags } from './server-tags.ts';
import { serverTopology } from './server-topology.ts';
import { servers } from './servers.ts';
import { services } from './services.ts';
import { usages } from './usages.ts';
import { volumeAttachments } from './volume-attachments.ts';

/** Compute: Nova's API v2.1. A request without a microversion is one at 2.1, the API of 2015. */
export const compute = service({
  name: 'compute',
  type: 'compute',
  major: 'v2.1',
  microversion: { floor: '2.1', name: 'compute', legacy: 'X-OpenStack-Nova-API-Version' },
  resources: {
    servers,
    serverMetadata,
    serverTags,
    serverIps,
    serverDiagnostics,
    serverTopology,
    serverMigrations,
    serverPassword,
    serverSecurityGroups,
    serverShares,
    instanceActions,
    volumeAttachments,
    interfaces,
    remoteConsoles,
    consoleAuthTokens,
    services,
    hypervisors,
    aggregates,
    availabilityZones,
    migrations,
    flavors,
    flavorExtraSpecs,
    flavorAccess,
    keypairs,
    serverGroups,
    quotaSets,
    quotaClassSets,
    usages,
    limits,
    serverExternalEvents,
  },
});
