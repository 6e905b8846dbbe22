import { compareMicroversions } from '@groundcrew/core';
import { type Json, str } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';

/** The services as the catalogue has them: type, name, path below the cloud's origin. */
const ENTRIES = [
  { type: 'identity', name: 'keystone', path: () => '/identity/v3' },
  { type: 'compute', name: 'nova', path: () => '/compute/v2.1' },
  { type: 'network', name: 'neutron', path: () => '/network' },
  {
    type: 'block-storage',
    name: 'cinder',
    // Before 3.67 Cinder had no paths without the project (`cinder/api/openstack/rest_api_version_history.rst`).
    path: (project: string, state: SimState) =>
      compareMicroversions(state.release.blockStorage, '3.67') >= 0 ? '/volume/v3' : `/volume/v3/${project}`,
  },
  { type: 'volumev3', name: 'cinderv3', path: (project: string) => `/volume/v3/${project}` },
  { type: 'image', name: 'glance', path: () => '/image' },
  { type: 'placement', name: 'placement', path: () => '/placement' },
  { type: 'instance-ha', name: 'masakari', path: (project: string) => `/instance-ha/v1/${project}` },
  { type: 'load-balancer', name: 'octavia', path: () => '/load-balancer' },
  {
    type: 'object-store',
    name: 'swift',
    path: (project: string) => `/object-store/v1/AUTH_${project}`,
  },
] as const;

const INTERFACES = ['public', 'internal', 'admin'] as const;

/** Registers the services that the cloud has, with an endpoint for each interface. */
export function registerServices(state: SimState): void {
  const { identity, ids, settings } = state;
  identity.regions.add({
    id: settings.region,
    name: settings.region,
    description: '',
    parent_region_id: null,
  });
  for (const { type, name } of ENTRIES) {
    if (type === 'load-balancer' && !settings.loadBalancer) continue;
    if (type === 'object-store' && !settings.objectStore) continue;
    const service = identity.services.add({ id: ids.keystone(), name, type, enabled: true });
    for (const face of INTERFACES) {
      identity.endpoints.add({
        id: ids.keystone(),
        name: '',
        interface: face,
        region_id: settings.region,
        region: settings.region,
        service_id: service.id,
        // The URL is made when it is shown, with the origin by which the client reached the cloud.
        url: '',
        enabled: true,
      });
    }
  }
}

/** The URL of an endpoint for a client that reached the cloud by `origin` with a token for `project`. */
export function endpointUrl(state: SimState, endpoint: Json, origin: string, project: string): string {
  if (typeof endpoint['url'] === 'string' && endpoint['url'] !== '') {
    return endpoint['url'].replaceAll(/[%$]\((project_id|tenant_id)\)s?/g, project);
  }
  const service = state.identity.services.get(str(endpoint['service_id']));
  const entry = ENTRIES.find(({ type }) => type === service?.type);
  return entry === undefined ? origin : origin + entry.path(project, state);
}

/** The catalogue of a token. */
export function catalogOf(state: SimState, origin: string, project: string): Json[] {
  return state.identity.services.values().map((service) => ({
    endpoints: state.identity.endpoints
      .filter((endpoint) => endpoint['service_id'] === service.id && endpoint['enabled'] === true)
      .map((endpoint) => ({
        id: endpoint.id,
        interface: endpoint['interface'],
        region_id: endpoint['region_id'],
        url: endpointUrl(state, endpoint, origin, project),
        region: endpoint['region_id'],
      })),
    id: service.id,
    type: service.type,
    name: service.name,
  }));
}
