export type { CountOptions, TemplateCount } from './templates/counts.ts';
export type { SavedTemplate, SavedTemplates } from './templates/saved.ts';
export { type MessageOrigin, Templates, type TemplatesOptions } from './templates/store.ts';
export type { MessageTally } from './templates/tally.ts';
export type { Template } from './templates/template-id.ts';
