import type { ServiceSpec } from '../record/operation.ts';

/** The facts about a service that are needed to find its endpoint and send a microversion. */
export type ServiceFacts = Pick<ServiceSpec, 'name' | 'type' | 'major' | 'microversion'>;

/**
 * The facts about services with records that are needed to find them and send a microversion: a call of another service, or a
 * raw request, does not make all records for it.
 */
export const SERVICES = {
  identity: {
    name: 'identity',
    type: 'identity',
    major: 'v3',
  },
  compute: {
    name: 'compute',
    type: 'compute',
    major: 'v2.1',
    microversion: { floor: '2.1', name: 'compute', legacy: 'X-OpenStack-Nova-API-Version' },
  },
  network: {
    name: 'network',
    type: 'network',
    major: 'v2.0',
  },
  blockStorage: {
    name: 'blockStorage',
    type: 'block-storage',
    major: 'v3',
    microversion: { floor: '3.0', name: 'volume' },
  },
  image: {
    name: 'image',
    type: 'image',
    major: 'v2',
  },
  placement: {
    name: 'placement',
    type: 'placement',
    major: 'v1.0',
    microversion: { floor: '1.0', name: 'placement' },
  },
  instanceHa: {
    name: 'instanceHa',
    type: 'instance-ha',
    major: 'v1',
    microversion: { floor: '1.0', name: 'instance-ha' },
  },
  loadBalancer: {
    name: 'loadBalancer',
    type: 'load-balancer',
    major: 'v2',
  },
  objectStore: {
    name: 'objectStore',
    type: 'object-store',
    major: 'v1',
  },
} as const;
