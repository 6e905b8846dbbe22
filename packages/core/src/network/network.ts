import { service } from '../operation.ts';
import { agents } from './agents.ts';
import { extensions } from './extensions.ts';
import { floatingIps } from './floating-ips.ts';
import { networks } from './networks.ts';
import { ports } from './ports.ts';
import { quotas } from './quotas.ts';
import { routers } from './routers.ts';
import { securityGroupRules } from './security-group-rules.ts';
import { securityGroups } from './security-groups.ts';
import { subnets } from './subnets.ts';

/** Neutron, version 2.0 of its API. It has no microversions, but extensions: see `extensions.list`. */
export const network = service({
  name: 'network',
  type: 'network',
  major: 'v2.0',
  resources: {
    agents,
    extensions,
    floatingIps,
    networks,
    ports,
    quotas,
    routers,
    securityGroupRules,
    securityGroups,
    subnets,
  },
});
