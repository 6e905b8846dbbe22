export type { CorpusSize, TemplateChange, TemplateSide, WhatIsNew } from './templates/change.ts';
export type { CountOptions, TemplateCount } from './templates/counts.ts';
export {
  type NoiseBudget,
  type NoiseMeasure,
  noiseOf,
  type NoiseOptions,
  type NoiseShare,
} from './templates/noise.ts';
export { assessNoise } from './templates/noise-findings.ts';
export { noiseText } from './templates/noise-text.ts';
export type { SavedTemplate, SavedTemplates } from './templates/saved.ts';
export { type MessageOrigin, Templates, type TemplatesOptions } from './templates/store.ts';
export type { DeprecationNotice } from './templates/heard-log.ts';
export type { FoldedMessages, FoldKind } from './templates/folded-messages.ts';
export type { MovedMessage } from './templates/moved-messages.ts';
export {
  releaseNews,
  type ReleaseMessage,
  type ReleaseNews,
  type ReleaseNewsOptions,
  type ServiceAlarms,
} from './templates/release-news.ts';
export { releaseNewsMarkdown, type ReleaseNewsMarkdownOptions } from './templates/release-news-markdown.ts';
export type { MessageTally } from './templates/tally.ts';
export type { Template } from './templates/template-id.ts';
export { type LogCorpus, whatIsNew, type WhatIsNewOptions } from './templates/what-is-new.ts';
export { assessWhatIsNew } from './templates/what-is-new-findings.ts';
export { whatIsNewText } from './templates/what-is-new-text.ts';
