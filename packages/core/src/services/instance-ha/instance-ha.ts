import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Instance HA: Masakari. Its version document calls `v1.0` what its paths call `v1`. */
export const instanceHa = service({ ...SERVICES.instanceHa, resources });
