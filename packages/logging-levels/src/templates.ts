export type { CorpusSize, TemplateChange, TemplateSide, WhatIsNew } from './templates/change.ts';
export type { CountOptions, TemplateCount } from './templates/counts.ts';
export {
  type NoiseBudget,
  type NoiseMeasure,
  noiseOf,
  type NoiseOptions,
  type NoiseShare,
} from './templates/noise.ts';
export { noiseText } from './templates/noise-text.ts';
export type { SavedTemplate, SavedTemplates } from './templates/saved.ts';
export { type MessageOrigin, Templates, type TemplatesOptions } from './templates/store.ts';
export type { MessageTally } from './templates/tally.ts';
export type { Template } from './templates/template-id.ts';
export { type LogCorpus, whatIsNew, type WhatIsNewOptions } from './templates/what-is-new.ts';
export { assessWhatIsNew } from './templates/what-is-new-findings.ts';
export { whatIsNewText } from './templates/what-is-new-text.ts';
