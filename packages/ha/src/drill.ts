export type { DrillTiming } from './drill/drill-action.ts';
export { DrillError } from './drill/drill-error.ts';
export {
  drillImplementations,
  type DrillImplementationsOptions,
  type DrillTarget,
} from './drill/drill-implementations.ts';
export type { DrillAims, DrillReport, DrillReportEvent } from './drill/drill-report.ts';
export type { DrillFault } from './drill/fault.ts';
export { type DrillOptions, planDrill } from './drill/plan-drill.ts';
export {
  type Drilled,
  type DrillFacts,
  type DrillProof,
  isDrillProof,
  prove,
  type Proven,
  type ProveOptions,
} from './drill/prove.ts';
export {
  type DrillWatch,
  watchBalancer,
  type WatchBalancerOptions,
  watchVip,
  type WatchVipOptions,
} from './drill/watch.ts';
