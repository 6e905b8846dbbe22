import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/**
 * Placement. It has one major version, `v1.0` in its version document, and no version in its paths: they begin at
 * the endpoint itself.
 */
export const placement = service({ ...SERVICES.placement, resources });
