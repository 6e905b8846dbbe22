import type { Recipe } from '../recipe.ts';

/**
 * OVN's Documentation/intro/install/ovn-upgrades.rst: ovn-controller on every chassis first, then the databases and ovn-northd, so that
 * a chassis understands each flow that a newer northd writes. It goes by its own versions, not by OpenStack's.
 */
export const ovn: Recipe = {
  service: 'ovn',
  control: [['ovn-central', 'ovn-northd']],
  data: [['ovn-controller', 'ovn-host']],
  dataFirst: true,
  apis: [],
  migrations: [],
  contract: [],
  hasCheck: false,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: true, skipsRelease: true },
  tried: false,
  majorAtEpoxy: undefined,
};
