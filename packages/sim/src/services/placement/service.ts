import { records } from '@groundcrew/core';
import { badRequest, notFound, ServiceFault } from '../../fault.ts';
import { type ArgumentProblem, schemaMessage } from '../../request/arguments.ts';
import type { SimulatedService } from '../../service.ts';
import { placementSchemaFault, placementFault } from '../dialects.ts';
import { json, self } from '../documents.ts';
import { aggregateRoutes } from './aggregates.ts';
import { allocationCandidateRoutes } from './allocation-candidates.ts';
import { allocationRoutes } from './allocations.ts';
import { inventoryRoutes } from './inventories.ts';
import { providerTraitRoutes } from './provider-traits.ts';
import { resourceClassRoutes } from './resource-classes.ts';
import { resourceProviderRoutes } from './resource-providers.ts';
import { traitRoutes } from './traits.ts';
import { usageRoutes } from './usages.ts';

/** The query parameters that a list requires. */
const REQUIRED: Readonly<Record<string, string>> = {
  'GET allocation_candidates': 'resources',
  'GET usages': 'project_id',
};

const refuse = (problem: ArgumentProblem): ServiceFault =>
  badRequest(`Invalid query string parameters: ${schemaMessage(problem)}`);

export const placement: SimulatedService = {
  spec: records.placement,
  prefix: '/placement',
  version: '',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: false, head: 'unknown' },
  routes: {
    ...resourceProviderRoutes,
    ...inventoryRoutes,
    ...usageRoutes,
    ...allocationRoutes,
    ...providerTraitRoutes,
    ...aggregateRoutes,
    ...resourceClassRoutes,
    ...traitRoutes,
    ...usageRoutes,
    ...allocationRoutes,
    ...allocationCandidateRoutes,
  },
  maxMicroversion: (release) => release.placement,
  versions: (_root, path, release) =>
    path === ''
      ? json(200, {
          versions: [
            {
              id: 'v1.0',
              max_version: release.placement,
              min_version: '1.0',
              status: 'CURRENT',
              links: self(''),
            },
          ],
        })
      : undefined,
  fault: placementFault,
  unknown: ({ method, allow }) =>
    allow === undefined
      ? notFound(' ')
      : new ServiceFault(405, `The method ${method} is not allowed for this resource.`, {
          headers: { Allow: allow.join(', ') },
        }),
  onlyJson: (method) => method === 'GET',
  malformed: 'Malformed request body',
  argumentFault: placementSchemaFault,
  queryFault: (names, call, route) => {
    const required = REQUIRED[route];
    if (required !== undefined && !call.query.has(required))
      return refuse({ kind: 'required', name: required, at: undefined, value: {} });
    // The list of classes accepts any query: it has no schema.
    if (names.length === 0 || route === 'GET resource_classes') return undefined;
    return refuse({ kind: 'unknown', names, at: undefined, value: {} });
  },
  headers: (id, version) => ({
    'OpenStack-API-Version': `placement ${version}`,
    Vary: 'OpenStack-API-Version',
    'X-Openstack-Request-Id': id,
  }),
};
