export { assess } from './assess.ts';
export {
  type CarriedServer,
  type HaSnapshot,
  observe,
  type ObserveHaOptions,
  type VirtualRouter,
  type Worker,
} from './observe.ts';
export { machineOf, measure, type Redundancy, type RedundancyRule, redundancyRules } from './redundancy.ts';
