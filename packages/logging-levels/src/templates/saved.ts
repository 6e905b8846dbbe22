import { InputError, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { MessageTally } from './tally.ts';
import { LEVELS } from './tally.ts';
import { type Template, templateId } from './template-id.ts';

/** Templates with their counts, as JSON. */
export interface SavedTemplates {
  readonly version: 1;
  /** As in the options. */
  readonly most: number;
  /** Templates of a larger id than this were left out; absent while none was. */
  readonly largestId?: string | undefined;
  readonly overflow: MessageTally;
  readonly templates: readonly SavedTemplate[];
}

export interface SavedTemplate extends MessageTally {
  readonly template: Template;
  /** Whether it was known from before. */
  readonly isKnown: boolean;
}

const aCount = z.int().nonnegative();
const aLevelCount = z.strictObject({
  critical: aCount,
  error: aCount,
  warning: aCount,
  info: aCount,
  debug: aCount,
  trace: aCount,
});
const anId = z.string().regex(/^[a-z2-7]{12}$/, 'is no id of a template');
const tallyShape = {
  times: aCount,
  bytes: aCount,
  byLevel: aLevelCount,
  first: z.string().optional(),
  last: z.string().optional(),
};

const savedTemplates: z.ZodType<SavedTemplates> = z.strictObject({
  version: z.literal(1),
  most: z.int().positive().max(1_000_000),
  largestId: anId.optional(),
  overflow: z.strictObject(tallyShape),
  templates: z.array(
    z.strictObject({
      template: z.strictObject({ id: anId, logger: z.string().max(4096), text: z.string().max(65_536) }),
      isKnown: z.boolean(),
      ...tallyShape,
    }),
  ),
});

const OPERATION = 'Templates.from';

/** Reads what was saved, strictly: who edits it by mistake is told where, and counts that no records could have made are refused. */
export function readSaved(json: unknown): SavedTemplates {
  const saved = parseArguments(OPERATION, savedTemplates, json);
  const seen = new Set<string>();
  let kept = 0;
  checkTally(saved.overflow, 'overflow');
  for (const [index, { template, isKnown, ...tally }] of saved.templates.entries()) {
    const field = `templates.${index}`;
    checkTally(tally, field);
    if (template.id !== templateId(template.logger, template.text))
      refuse(`${field}.template.id`, 'is not the id of this logger and text');
    if (seen.has(template.id)) refuse(`${field}.template.id`, 'is there twice');
    seen.add(template.id);
    if (isKnown) continue;
    kept += 1;
    if (saved.largestId !== undefined && template.id > saved.largestId)
      refuse(`${field}.template.id`, 'is larger than `largestId`');
  }
  if (kept > saved.most) refuse('templates', 'are more than `most`');
  return saved;
}

function checkTally({ times, byLevel, first, last }: MessageTally, field: string): void {
  if (LEVELS.reduce((sum, level) => sum + byLevel[level], 0) !== times)
    refuse(`${field}.times`, 'is not the sum of its levels');
  if ((first === undefined) !== (last === undefined) || (first ?? '') > (last ?? ''))
    refuse(`${field}.last`, 'is not behind `first`');
}

function refuse(field: string, message: string): never {
  throw new InputError(`${OPERATION}: ${field}: ${message}`, { field, operation: OPERATION });
}
