// The resources of the service, by their names on the client: `cloud.placement.<name>`.
export { aggregates } from './aggregates.ts';
export { allocationCandidates } from './allocation-candidates.ts';
export { allocations } from './allocations.ts';
export { inventories } from './inventories.ts';
export { providerTraits } from './provider-traits.ts';
export { reshaper } from './reshaper.ts';
export { resourceClasses } from './resource-classes.ts';
export { resourceProviders } from './resource-providers.ts';
export { traits } from './traits.ts';
export { usages } from './usages.ts';
