export type { WayAnswer } from './coverage/asking.ts';
export type { ScrapeTarget } from './coverage/ask-prometheus.ts';
export { assessCoverage } from './coverage/assess-coverage.ts';
export { type BlindSpot, blindSpots } from './coverage/blind-spots.ts';
export {
  type CoveredThing,
  coverageFigures,
  type CoverageFigure,
  type FigureId,
} from './coverage/figures.ts';
export type { HeardNotifications } from './coverage/ask-notifications.ts';
export {
  aCoverageQuestion,
  type AskedSource,
  type CloudCoverage,
  type CoverageQuestion,
  type FigureCoverage,
  observeCoverage,
  type ObserveCoverageOptions,
} from './coverage/observe-coverage.ts';
export type { SeenThings } from './coverage/seen.ts';
export { type CoverageSetting, settingWords } from './coverage/setting.ts';
export type { CoverageThing } from './coverage/thing.ts';
export {
  type CoverageSource,
  type CoverageWay,
  coverageWays,
  type GnocchiWay,
  type NotificationWay,
  type NovaWay,
  type PrometheusWay,
} from './coverage/ways.ts';
