import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, observeAllProjects, type Visibility } from '@groundcrew/core';
import type { Estate } from './estate.ts';

/** Reads the listeners of load balancers. */
export const readListeners = (
  cloud: Cloud,
  visibility: Visibility,
  read: ReadOptions,
): Promise<Estate['listeners']> =>
  observeAllProjects(
    cloud,
    'load balancer listeners',
    visibility,
    cloud.loadBalancer.listeners.list({}, read),
  );
