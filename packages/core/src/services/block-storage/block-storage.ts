import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Cinder, version 3 of its API. */
export const blockStorage = service({ ...SERVICES.blockStorage, resources });
