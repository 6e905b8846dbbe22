import { service } from '../../record/operation.ts';
import { SERVICES } from '../service-facts.ts';
import * as resources from './resources.ts';

/** Objects: Swift, API v1, as Ceph's gateway speaks it, too. It has no microversions and no version document. */
export const objectStore = service({ ...SERVICES.objectStore, resources });
