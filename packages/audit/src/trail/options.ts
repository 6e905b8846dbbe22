import { aClock, aFunction, aPositiveDuration, aSignal, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { outcomes } from './event.ts';
import { redactableParts } from './record.ts';

// Selections are parsed strictly: a misspelt key that was ignored would select everything.

const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i;
const time = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])
  .refine((text) => !Number.isNaN(timeOf(text)), 'is no time');

/** Milliseconds of a checked time: criterion without a zone means UTC, as the services' own do; a date is its first moment. */
export const timeOf = (text: string): number =>
  Date.parse(text.includes('T') && !ZONE.test(text) ? `${text}Z` : text);

const words = z.union([z.string().min(1), z.array(z.string().min(1)).readonly()]);
const outcome = z.enum(outcomes);
const query = z.strictObject({
  did: words.optional(),
  to: z.strictObject({ type: z.string().min(1).optional(), id: z.string().min(1).optional() }).optional(),
  by: z
    .strictObject({
      user_id: z.string().min(1).optional(),
      user_name: z.string().min(1).optional(),
      project_id: z.string().min(1).optional(),
      address: z.string().min(1).optional(),
    })
    .optional(),
  service: words.optional(),
  kind: words.optional(),
  outcome: z.union([outcome, z.array(outcome).readonly()]).optional(),
  request_id: z.string().min(1).optional(),
  from: time.optional(),
  until: time.optional(),
  first: z.enum(['oldest', 'newest']).optional(),
  limit: z.union([z.int().nonnegative(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
});

const question = z.strictObject({
  did: z.string().min(1),
  to: z.strictObject({ type: z.string().min(1), id: z.string().min(1) }),
  at: time.optional(),
  project_id: z.string().min(1).optional(),
});

const changeReason = { by: z.string().min(1), reason: z.string().min(1) };

/**
 * The number of fields of a selection that say something; a criterion that is named and says nothing was not meant so.
 */
function criteria(value: object, path: readonly string[], blank: (path: readonly string[]) => void): number {
  let count = 0;
  for (const [name, criterion] of Object.entries(value) as [string, unknown][]) {
    if (criterion === undefined) blank([...path, name]);
    else if (typeof criterion === 'object' && criterion !== null && !Array.isArray(criterion))
      count += criteria(criterion, [...path, name], blank);
    else if (name !== 'first' && name !== 'limit') count += 1;
  }
  return count;
}

const redaction = z.strictObject({
  ...changeReason,
  parts: z.array(z.enum(redactableParts)).min(1).readonly(),
  where: query.superRefine((value, context) => {
    const found = criteria(value, [], (path) => {
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: 'is undefined: leave it out, or say which',
      });
    });
    if (found === 0)
      context.addIssue({ code: 'custom', message: 'selects everything: name at least criterion criterion' });
  }),
});
const retirement = z.strictObject({ ...changeReason, before: time });
const anchoring = z.strictObject({
  anchors: z.looseObject({}),
  // A timer holds no more.
  every: aPositiveDuration.refine((ms) => ms <= 2_000_000_000, 'must be at most 23 days').optional(),
  signal: aSignal,
  trouble: aFunction.optional(),
  clock: aClock.optional(),
});
const verification = z.strictObject({
  keys: z.array(z.looseObject({})).readonly().optional(),
  anchors: z.array(z.unknown()).readonly().optional(),
  signal: aSignal.optional(),
});
const format = z.enum(['json', 'cadf', 'ocsf', 'csv']);

export function checkQuery(value: unknown): void {
  parseArguments('trail.find', query, value);
}
export function checkQuestion(value: unknown): void {
  parseArguments('trail.who', question, value);
}
export function checkRedaction(value: unknown): void {
  parseArguments('trail.redact', redaction, value);
}
export function checkRetirement(value: unknown): void {
  parseArguments('trail.retire', retirement, value);
}
export function checkVerification(value: unknown): void {
  parseArguments('trail.verify', verification, value);
}
export function checkAnchoring(value: unknown): void {
  parseArguments('anchorTrail', anchoring, value);
}
export function checkFormat(value: unknown): void {
  parseArguments('exportTrail', format, value);
}
