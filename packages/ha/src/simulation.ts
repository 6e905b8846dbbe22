export type { ComponentEffect } from './simulation/component-effect.ts';
export type { Loss, PlacedComponent, SimulationInventory } from './simulation/inventory.ts';
export { simulateAll, type SimulateAllOptions, type SimulationSummary } from './simulation/simulate-all.ts';
export {
  defaultTimes,
  type SimulateLossOptions,
  type SimulationTimes,
} from './simulation/simulate-options.ts';
export { simulate, type SimulationReport } from './simulation/simulate.ts';
