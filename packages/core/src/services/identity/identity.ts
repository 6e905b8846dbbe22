import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Keystone, version 3 of its API. It has no microversions. */
export const identity = service({ ...SERVICES.identity, resources });
