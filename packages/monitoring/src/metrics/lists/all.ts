import { backups, pools, snapshots, volumeQuotas, volumes, volumeServices } from './block-storage.ts';
import { aggregates, computeQuotas, computeServices, hypervisors, servers } from './compute.ts';
import { projects } from './identity.ts';
import { hiddenImages, images } from './image.ts';
import { amphorae, loadBalancerPools, loadBalancers } from './load-balancer.ts';
import {
  floatingIps,
  ipAvailabilities,
  networkAgents,
  networkQuotas,
  networks,
  ports,
  routers,
  securityGroups,
  subnets,
} from './network.ts';
import { providerResources, resourceProviders } from './placement.ts';

/** The lists that the collectors of this package read. */
export interface MetricLists {
  readonly servers: typeof servers;
  readonly hypervisors: typeof hypervisors;
  readonly aggregates: typeof aggregates;
  readonly computeServices: typeof computeServices;
  readonly computeQuotas: typeof computeQuotas;
  readonly volumes: typeof volumes;
  readonly snapshots: typeof snapshots;
  readonly backups: typeof backups;
  readonly pools: typeof pools;
  readonly volumeServices: typeof volumeServices;
  readonly volumeQuotas: typeof volumeQuotas;
  readonly images: typeof images;
  readonly hiddenImages: typeof hiddenImages;
  readonly networks: typeof networks;
  readonly subnets: typeof subnets;
  readonly ports: typeof ports;
  readonly routers: typeof routers;
  readonly floatingIps: typeof floatingIps;
  readonly securityGroups: typeof securityGroups;
  readonly networkAgents: typeof networkAgents;
  readonly ipAvailabilities: typeof ipAvailabilities;
  readonly networkQuotas: typeof networkQuotas;
  readonly loadBalancers: typeof loadBalancers;
  readonly loadBalancerPools: typeof loadBalancerPools;
  readonly amphorae: typeof amphorae;
  readonly projects: typeof projects;
  readonly resourceProviders: typeof resourceProviders;
  readonly providerResources: typeof providerResources;
}

/** The lists that the collectors of this package read, for collectors of your own: a round reads each once. */
export const metricLists: MetricLists = {
  servers,
  hypervisors,
  aggregates,
  computeServices,
  computeQuotas,
  volumes,
  snapshots,
  backups,
  pools,
  volumeServices,
  volumeQuotas,
  images,
  hiddenImages,
  networks,
  subnets,
  ports,
  routers,
  floatingIps,
  securityGroups,
  networkAgents,
  ipAvailabilities,
  networkQuotas,
  loadBalancers,
  loadBalancerPools,
  amphorae,
  projects,
  resourceProviders,
  providerResources,
};
