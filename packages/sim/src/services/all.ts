import { isShape, records } from '@groundcrew/core';
import { type Answer, plain } from '../answer.ts';
import { badRequest, notFound, ServiceFault } from '../fault.ts';
import type { SimulatedService } from '../service.ts';
import { schemaMessage } from '../strict.ts';
import type { Json } from '../wire.ts';
import { backupRoutes } from './block-storage/backups.ts';
import { operationRoutes } from './block-storage/operations.ts';
import { snapshotRoutes } from './block-storage/snapshots.ts';
import { typeRoutes } from './block-storage/types.ts';
import { volumeActionRoutes } from './block-storage/volume-actions.ts';
import { volumeRoutes } from './block-storage/volumes.ts';
import { catalogueRoutes } from './compute/catalogue.ts';
import { extensionRoutes } from './compute/extensions.ts';
import { operatorRoutes } from './compute/operators.ts';
import { fixedIpActions } from './compute/proxies/fixed-ips.ts';
import { floatingIpActions, floatingIpProxies } from './compute/proxies/floating-ips.ts';
import { hostRoutes } from './compute/proxies/hosts.ts';
import { imageProxies } from './compute/proxies/images.ts';
import { goneRoutes } from './compute/proxies/lifetime.ts';
import { networkProxies } from './compute/proxies/networks.ts';
import { securityGroupProxies } from './compute/proxies/security-groups.ts';
import { volumeProxies } from './compute/proxies/volumes.ts';
import { quotaRoutes } from './compute/quotas.ts';
import { serverActionRoutes } from './compute/server-actions.ts';
import { serverMoveRoutes } from './compute/server-moves.ts';
import { serverPartRoutes } from './compute/server-parts.ts';
import { serverSecurityGroupRoutes } from './compute/server-security-groups.ts';
import { serverRoutes } from './compute/servers.ts';
import {
  glanceFault,
  keystoneComplaint,
  keystoneFault,
  masakariFault,
  neutronComplaint,
  neutronFault,
  novaFault,
  placementComplaint,
  placementFault,
  schemaComplaint,
} from './dialects.ts';
import { peopleRoutes } from './identity/people.ts';
import { registryRoutes } from './identity/registry.ts';
import { roleRoutes } from './identity/roles.ts';
import { tokenRoutes } from './identity/tokens.ts';
import { notificationRoutes } from './instance-ha/notifications.ts';
import { segmentRoutes } from './instance-ha/segments.ts';
import { imageRoutes } from './image/images.ts';
import { agentRoutes } from './network/agents.ts';
import { networkRoutes } from './network/networks.ts';
import { portRoutes } from './network/ports.ts';
import { isControl } from './network/resource.ts';
import { restRoutes } from './network/rest.ts';
import { floatingIpRoutes } from './network/floating-ips.ts';
import { portForwardingRoutes } from './network/port-forwardings.ts';
import { routerRoutes } from './network/routers.ts';
import { securityRoutes } from './network/security.ts';
import { allocationRoutes } from './placement/allocations.ts';
import { placementRoutes } from './placement/placement.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});
const self = (href: string): Json[] => [{ rel: 'self', href }];

const compute: SimulatedService = {
  spec: records.compute,
  prefix: '/compute',
  version: '/v2.1',
  paths: { trailingSlash: 'unknown', manySlashes: 'one', json: false },
  // What made servers boot from volumes once is another name of servers still (`ROUTE_LIST`).
  alias: (path) => path.replace(/^os-volumes_boot(?=\/|$)/, 'servers'),
  routes: {
    ...serverRoutes,
    ...serverActionRoutes,
    ...serverMoveRoutes,
    ...serverPartRoutes,
    ...operatorRoutes,
    ...catalogueRoutes,
    ...quotaRoutes,
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
  // A path that has other methods is none either (`Route.match` with conditions).
  unknown: () => plain(404, 'Not Found', 'The resource could not be found.'),
  // Of these two actions Nova has no schema (`SecurityGroupActionController._parse`).
  complain: (problem) =>
    problem.at === 'addSecurityGroup' || problem.at === 'removeSecurityGroup'
      ? undefined
      : schemaComplaint(problem),
  complainQuery: (names, call, route) => {
    if (!call.atLeast('2.75')) return undefined;
    const listed = names.filter((name) => !name.startsWith('_'));
    if (listed.length === 0) return undefined;
    return badRequest(
      route.startsWith('GET servers')
        ? `${listed.map((name) => `'${name}'`).join(', ')} ${listed.length === 1 ? 'does' : 'do'} not match any of the regexes: '^_'`
        : `Additional properties are not allowed (${listed.map((name) => `'${name}'`).join(', ')} ${listed.length === 1 ? 'was' : 'were'} unexpected)`,
    );
  },
  headers: (id, version) => ({
    'OpenStack-API-Version': `compute ${version}`,
    'X-OpenStack-Nova-API-Version': version,
    Vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
    'X-Openstack-Request-Id': id,
    'X-Compute-Request-Id': id,
  }),
};

const blockStorage: SimulatedService = {
  spec: records.blockStorage,
  prefix: '/volume',
  version: '/v3',
  paths: { trailingSlash: 'unknown', manySlashes: 'one', json: true },
  routes: {
    ...volumeRoutes,
    ...volumeActionRoutes,
    ...snapshotRoutes,
    ...backupRoutes,
    ...typeRoutes,
    ...operationRoutes,
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
  fault: novaFault,
  unknown: () => plain(404, 'Not Found', 'The resource could not be found.'),
  // A volume may be created with fields that Cinder does not know (`cinder/api/schemas/volumes.py`).
  complain: (problem, route) =>
    route === 'POST volumes' && problem.kind === 'unknown' ? undefined : schemaComplaint(problem),
  headers: (id, version) => ({
    'OpenStack-API-Version': `volume ${version}`,
    Vary: 'OpenStack-API-Version',
    'X-Openstack-Request-Id': id,
    'X-Compute-Request-Id': id,
  }),
};

const network: SimulatedService = {
  spec: records.network,
  prefix: '/network',
  version: '/v2.0',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: true },
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
  unknown: () => notFound('The resource could not be found.', 'HTTPNotFound'),
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

const identity: SimulatedService = {
  spec: records.identity,
  prefix: '/identity',
  version: '/v3',
  paths: { trailingSlash: 'ignored', manySlashes: 'redirect', json: false },
  routes: { ...tokenRoutes, ...peopleRoutes, ...roleRoutes, ...registryRoutes },
  versions: (root, path, release) => {
    const version = {
      id: release.identity,
      status: 'stable',
      updated: '2020-04-07T00:00:00Z',
      links: self(`${root}/v3/`),
      'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
    };
    return path === ''
      ? json(300, { versions: { values: [version] } }, { Location: `${root}/v3/` })
      : json(200, { version });
  },
  fault: keystoneFault,
  unknown: () => ({
    status: 404,
    raw: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  }),
  complain: keystoneComplaint,
  headers: (id) => ({ Vary: 'X-Auth-Token', 'X-Openstack-Request-Id': id }),
};

const image: SimulatedService = {
  spec: records.image,
  prefix: '/image',
  version: '/v2',
  paths: { trailingSlash: 'unknown', manySlashes: 'one', json: false },
  routes: imageRoutes,
  versions: (root, path, release) => {
    // Its versions share a document, and the path of one without its slash leads to that with it.
    if (path === 'v2') return { status: 302, headers: { Location: `${root}/v2/` } };
    if (path !== '' && path !== 'versions') return undefined;
    const numbers = Array.from({ length: release.image + 1 }, (_, index) => release.image - index);
    const versions = numbers.map((minor, index) => ({
      id: `v2.${minor}`,
      status: index === 0 ? 'CURRENT' : 'SUPPORTED',
      links: self(`${root}/v2/`),
    }));
    return json(path === '' ? 300 : 200, { versions });
  },
  fault: glanceFault,
  unknown: () => plain(404, 'Not Found', 'The resource could not be found.'),
  complain: () => undefined,
  headers: (id) => ({ 'X-Openstack-Request-Id': id }),
};

const placement: SimulatedService = {
  spec: records.placement,
  prefix: '/placement',
  version: '',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: false },
  routes: { ...placementRoutes, ...allocationRoutes },
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
  unknown: (method, _path, allow) =>
    allow === undefined
      ? notFound(' ')
      : new ServiceFault(405, `The method ${method} is not allowed for this resource.`, {
          headers: { Allow: allow.join(', ') },
        }),
  complain: placementComplaint,
  complainQuery: (names) =>
    badRequest(
      `Invalid query string parameters: ${schemaMessage({ kind: 'unknown', names, at: undefined, value: {} })}`,
    ),
  headers: (id, version) => ({
    'OpenStack-API-Version': `placement ${version}`,
    Vary: 'OpenStack-API-Version',
    'X-Openstack-Request-Id': id,
  }),
};

const instanceHa: SimulatedService = {
  spec: records.instanceHa,
  prefix: '/instance-ha',
  version: '/v1',
  paths: { trailingSlash: 'ignored', manySlashes: 'one', json: false },
  routes: { ...segmentRoutes, ...notificationRoutes },
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
  unknown: () => plain(404, 'Not Found', 'The resource could not be found.'),
  complain: schemaComplaint,
  headers: (id, version) => ({
    'OpenStack-API-Version': `instance-ha ${version}`,
    Vary: 'OpenStack-API-Version',
    'X-Openstack-Request-Id': id,
  }),
};

/** The seven services. */
export const services: readonly SimulatedService[] = [
  identity,
  compute,
  network,
  blockStorage,
  image,
  placement,
  instanceHa,
];
