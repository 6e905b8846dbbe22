import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Load balancing: Octavia, API v2. Its versions, 2.0 to 2.30, are no microversions: nobody asks for one. */
export const loadBalancer = service({ ...SERVICES.loadBalancer, resources });
