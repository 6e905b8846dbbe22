import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Neutron, version 2.0 of its API. It has no microversions, but extensions: see `extensions.list`. */
export const network = service({ ...SERVICES.network, resources });
