export {
  counterSli,
  type CounterSliOptions,
  type CounterSample,
  gaugeSli,
  type GaugeSample,
  type GaugeSliOptions,
  probeSli,
  type ProbeSliOptions,
} from './slo/indicators.ts';
export type { Sli, SliQueries, SliReading, SliWindow } from './slo/sli.ts';
export { defineSlo, type EvaluateSloOptions, type Slo, type SloOptions } from './slo/define.ts';
export type { SloAlert, SloEvaluation } from './slo/evaluate.ts';
export type { BurnRateAlert } from './slo/burn-rate-alerts.ts';
