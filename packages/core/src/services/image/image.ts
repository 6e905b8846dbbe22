import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Glance, version 2 of its API. Its 2.N tell what a cloud can do; they are not negotiated. */
export const image = service({ ...SERVICES.image, resources });
