import { service } from '../operation.ts';
import * as resources from './resources.ts';

/** Keystone, version 3 of its API. It has no microversions. */
export const identity = service({
  name: 'identity',
  type: 'identity',
  major: 'v3',
  resources,
});
