import type { Collector } from '../collector.ts';
import { hypervisors } from './hypervisors.ts';
import { images } from './images.ts';
import { ipAvailability } from './ip-availability.ts';
import { amphorae, loadBalancerPools, loadBalancers } from './load-balancers.ts';
import { floatingIps, networks, ports, routers, securityGroups, subnets } from './network.ts';
import { placement } from './placement.ts';
import { pools } from './pools.ts';
import { computeQuotas, networkQuotas, volumeQuotas } from './quotas.ts';
import { servers } from './servers.ts';
import { computeServices, networkAgents, volumeServices } from './services.ts';
import { backups, snapshots, volumes } from './volumes.ts';

/** The collectors that come with this package. */
export type CollectorName =
  | 'servers'
  | 'hypervisors'
  | 'compute-services'
  | 'volumes'
  | 'snapshots'
  | 'backups'
  | 'pools'
  | 'volume-services'
  | 'images'
  | 'networks'
  | 'subnets'
  | 'ports'
  | 'routers'
  | 'floating-ips'
  | 'security-groups'
  | 'network-agents'
  | 'ip-availability'
  | 'load-balancers'
  | 'load-balancer-pools'
  | 'amphorae'
  | 'compute-quotas'
  | 'volume-quotas'
  | 'network-quotas'
  | 'placement';

/** The collectors that come with this package, by name, in the order in which a round has them. */
export const metricCollectors: { readonly [N in CollectorName]: Collector<N> } = {
  servers,
  hypervisors,
  'compute-services': computeServices,
  volumes,
  snapshots,
  backups,
  pools,
  'volume-services': volumeServices,
  images,
  networks,
  subnets,
  ports,
  routers,
  'floating-ips': floatingIps,
  'security-groups': securityGroups,
  'network-agents': networkAgents,
  'ip-availability': ipAvailability,
  'load-balancers': loadBalancers,
  'load-balancer-pools': loadBalancerPools,
  amphorae,
  'compute-quotas': computeQuotas,
  'volume-quotas': volumeQuotas,
  'network-quotas': networkQuotas,
  placement,
};
