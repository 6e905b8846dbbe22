import { service } from '../operation.ts';
import { aggregates } from './aggregates.ts';
import { allocationCandidates } from './allocation-candidates.ts';
import { allocations } from './allocations.ts';
import { inventories } from './inventories.ts';
import { reshaper } from './reshaper.ts';
import { resourceClasses } from './resource-classes.ts';
import { resourceProviders } from './resource-providers.ts';
import { providerTraits, traits } from './traits.ts';
import { usages } from './usages.ts';

/** Placement, which has one major version, at the root of its endpoint. */
export const placement = service({
  name: 'placement',
  type: 'placement',
  major: 'v1.0',
  microversion: { floor: '1.0', name: 'placement' },
  resources: {
    aggregates,
    allocationCandidates,
    allocations,
    inventories,
    providerTraits,
    reshaper,
    resourceClasses,
    resourceProviders,
    traits,
    usages,
  },
});
