import { service } from '../operation.ts';
import * as resources from './resources.ts';

/** Cinder, version 3 of its API. */
export const blockStorage = service({
  name: 'blockStorage',
  type: 'block-storage',
  major: 'v3',
  microversion: { floor: '3.0', name: 'volume' },
  resources,
});
