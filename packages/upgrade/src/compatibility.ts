export { compatibilityOf } from './compatibility/compatibility-of.ts';
export type { CompatibilityEvidence, ServiceConfiguration } from './compatibility/evidence.ts';
export type {
  BreakableService,
  BreakSigns,
  BrokenOption,
  BrokenRoute,
  KnownBreak,
} from './compatibility/known-break.ts';
export { knownBreaks } from './compatibility/known-breaks.ts';
export {
  type ConfigurationOption,
  type ConfigurationRead,
  readConfiguration,
  type ReadConfigurationOptions,
} from './compatibility/read-configuration.ts';
export {
  type RequestShape,
  requestShapes,
  type RequestShapes,
  type RequestShapesOptions,
  type SeenRequest,
} from './compatibility/request-shapes.ts';
