import { service } from '../operation.ts';
import { floatingIps } from './floating-ips.ts';
import { networks } from './networks.ts';
import { ports } from './ports.ts';
import { routers } from './routers.ts';
import { subnets } from './subnets.ts';

/** Neutron, version 2.0 of its API. It has no microversions, but extensions: see `extensions.list`. */
export const network = service({
  name: 'network',
  type: 'network',
  major: 'v2.0',
  resources: { floatingIps, networks, ports, routers, subnets },
});
