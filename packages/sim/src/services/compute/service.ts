import { records } from '@groundcrew/core';
import type { SimulatedService } from '../../service.ts';
import { novaFault, schemaFault } from '../dialects.ts';
import { json, notFoundPage, self } from '../documents.ts';
import { aggregateRoutes } from './aggregates.ts';
import { availabilityZoneRoutes } from './availability-zones.ts';
import { extensionRoutes } from './extensions.ts';
import { flavorAccessRoutes } from './flavor-access.ts';
import { flavorExtraSpecRoutes } from './flavor-extra-specs.ts';
import { flavorRoutes } from './flavors.ts';
import { hypervisorRoutes } from './hypervisors.ts';
import { instanceActionRoutes } from './instance-actions.ts';
import { interfaceRoutes } from './interfaces.ts';
import { keypairRoutes } from './keypairs.ts';
import { limitRoutes } from './limits.ts';
import { migrationRoutes } from './migrations.ts';
import { fixedIpActions } from './proxies/fixed-ips.ts';
import { floatingIpActions, floatingIpProxies } from './proxies/floating-ips.ts';
import { hostRoutes } from './proxies/hosts.ts';
import { imageProxies } from './proxies/images.ts';
import { goneRoutes } from './proxies/lifetime.ts';
import { networkProxies } from './proxies/networks.ts';
import { securityGroupProxies } from './proxies/security-groups.ts';
import { volumeProxies } from './proxies/volumes.ts';
import { refusedQuery } from './queries.ts';
import { quotaClassSetRoutes } from './quota-class-sets.ts';
import { quotaSetRoutes } from './quota-sets.ts';
import { remoteConsoleRoutes } from './remote-consoles.ts';
import { serverConsoleRoutes } from './server-consoles.ts';
import { serverDiagnosticRoutes } from './server-diagnostics.ts';
import { serverGroupRoutes } from './server-groups.ts';
import { serverImageRoutes } from './server-images.ts';
import { serverIpRoutes } from './server-ips.ts';
import { serverMetadataRoutes } from './server-metadata.ts';
import { serverMigrationRoutes } from './server-migrations.ts';
import { serverMoveRoutes } from './server-moves.ts';
import { serverPasswordRoutes } from './server-password.ts';
import { serverPowerRoutes } from './server-power.ts';
import { serverSecurityGroupRoutes } from './server-security-groups.ts';
import { serverShelvingRoutes } from './server-shelving.ts';
import { serverTagRoutes } from './server-tags.ts';
import { serverTopologyRoutes } from './server-topology.ts';
import { serverRoutes } from './servers.ts';
import { serviceRoutes } from './services.ts';
import { usageAuditRoutes } from './usage-audits.ts';
import { usageRoutes } from './usages.ts';
import { volumeAttachmentRoutes } from './volume-attachments.ts';

export const compute: SimulatedService = {
  spec: records.compute,
  prefix: '/compute',
  version: '/v2.1',
  paths: { trailingSlash: 'unknown', manySlashes: 'one', json: false, head: 'unknown' },
  // The former path for servers that boot from volumes is still another name of `servers` (`ROUTE_LIST`).
  alias: (path) => path.replace(/^os-volumes_boot(?=\/|$)/, 'servers'),
  routes: {
    ...serverRoutes,
    ...serverPowerRoutes,
    ...serverImageRoutes,
    ...serverShelvingRoutes,
    ...serverConsoleRoutes,
    ...serverMoveRoutes,
    ...serverMigrationRoutes,
    ...migrationRoutes,
    ...volumeAttachmentRoutes,
    ...interfaceRoutes,
    ...serverMetadataRoutes,
    ...serverTagRoutes,
    ...serverIpRoutes,
    ...instanceActionRoutes,
    ...serverTopologyRoutes,
    ...serverDiagnosticRoutes,
    ...remoteConsoleRoutes,
    ...serverPasswordRoutes,
    ...serviceRoutes,
    ...availabilityZoneRoutes,
    ...aggregateRoutes,
    ...hypervisorRoutes,
    ...flavorRoutes,
    ...flavorExtraSpecRoutes,
    ...flavorAccessRoutes,
    ...keypairRoutes,
    ...serverGroupRoutes,
    ...quotaSetRoutes,
    ...quotaClassSetRoutes,
    ...limitRoutes,
    ...usageAuditRoutes,
    ...usageRoutes,
    ...extensionRoutes,
    ...serverSecurityGroupRoutes,
    ...networkProxies,
    ...floatingIpProxies,
    ...floatingIpActions,
    ...fixedIpActions,
    ...securityGroupProxies,
    ...imageProxies,
    ...volumeProxies,
    ...hostRoutes,
    ...goneRoutes,
  },
  maxMicroversion: (release) => release.compute,
  versions: (root, path, release) => {
    const newest = {
      id: 'v2.1',
      status: 'CURRENT',
      version: release.compute,
      min_version: '2.1',
      updated: '2013-07-23T11:33:21Z',
    };
    if (path === '') {
      const old = {
        id: 'v2.0',
        status: 'SUPPORTED',
        version: '',
        min_version: '',
        updated: '2011-01-21T11:33:21Z',
        links: self(`${root}/v2/`),
      };
      return json(200, { versions: [old, { ...newest, links: self(`${root}/v2.1/`) }] });
    }
    const described = { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' };
    const media = [{ base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' }];
    return json(200, {
      version: { ...newest, links: [...self(`${root}/v2.1/`), described], 'media-types': media },
    });
  },
  fault: novaFault,
  // A path that has only other methods is unknown too (`Route.match` with conditions).
  unknown: ({ accept }) => notFoundPage(accept),
  malformed: 'Malformed request body',
  emptyType: () => 'application/json',
  // Nova has no schema for these two actions (`SecurityGroupActionController._parse`).
  argumentFault: (problem) =>
    problem.at === 'addSecurityGroup' || problem.at === 'removeSecurityGroup'
      ? undefined
      : schemaFault(problem),
  queryFault: refusedQuery,
  headers: (id, version) => ({
    'OpenStack-API-Version': `compute ${version}`,
    'X-OpenStack-Nova-API-Version': version,
    Vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
    'X-Openstack-Request-Id': id,
    'X-Compute-Request-Id': id,
  }),
};
