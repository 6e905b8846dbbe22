import { InputError } from '@groundcrew/ground';
import type { SimState } from '../sim-state.ts';
import { base } from './base.ts';
import { huge } from './huge.ts';
import { addLoadBalancers } from './load-balancers.ts';
import { site } from './site.ts';
import { unhealthy } from './unhealthy.ts';

/** The scenarios, each of which fills a new cloud. */
export const scenarios = {
  /** One controller, three compute hosts, a project `demo` with a network, flavors and an image; no servers. */
  small: (state: SimState): void => void base(state),
  /** A believable enterprise in three racks, with the faults that such places have. */
  site,
  /** `small`, with a server or two, and much that is broken. */
  unhealthy,
  /** 500 hosts and 100,000 servers, made up as they are looked at. */
  huge,
} as const;

export type ScenarioName = keyof typeof scenarios;

export const populate = (state: SimState, name: ScenarioName): void => {
  if (!Object.hasOwn(scenarios, name))
    throw new InputError(`scenario: there is no ${name}; there are ${Object.keys(scenarios).join(', ')}`, {
      field: 'scenario',
      operation: 'simulateCloud',
    });
  scenarios[name](state);
  if (state.settings.loadBalancer) addLoadBalancers(state);
};
