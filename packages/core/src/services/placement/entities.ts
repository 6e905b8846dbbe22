// What the service answers: schema and type under one name, for whoever passes it on, stores it or checks a copy of it.
export { ProviderAggregates } from './aggregates.ts';
export { AllocationCandidates } from './allocation-candidates.ts';
export { Allocations, ProviderAllocations } from './allocations.ts';
export { Inventories, Inventory, InventoryOfClass } from './inventories.ts';
export { ProviderTraits } from './provider-traits.ts';
export { ResourceClass } from './resource-classes.ts';
export { ResourceProvider } from './resource-provider.ts';
export { ProviderUsages } from './usages.ts';
