import { service } from '../operation.ts';
import * as resources from './resources.ts';

/** Instance HA: Masakari. Its version document calls `v1.0` what its paths call `v1`. */
export const instanceHa = service({
  name: 'instanceHa',
  type: 'instance-ha',
  major: 'v1',
  microversion: { floor: '1.0', name: 'instance-ha' },
  resources,
});
