import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Compute: Nova's API v2.1. A request without a microversion is one at 2.1, the API of 2015. */
export const compute = service({ ...SERVICES.compute, resources });
