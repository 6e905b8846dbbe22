import { aDuration } from '@groundcrew/ground';
import { z } from 'zod';
import type { Json } from '../json.ts';

/** Milliseconds: `setTimeout` counts them in 31 bits, and fires at once when asked for more. */
const LONGEST = 2 ** 31 - 1;

/** The format of plans: 2 since durations are milliseconds. */
export const FORMAT = 2;

/** Ids are printed, compared and typed by hand: no blanks, nothing invisible. */
const id = z
  .string()
  .regex(/^[^\s\p{C}]{1,200}$/u, 'must be 1 to 200 characters without blanks or control characters');

const text = z.string().min(1, 'must not be empty');
const positive = z.int().positive();
const json = z.custom<Json>((value) => value !== undefined, 'must be there');

const estimate = z.strictObject({
  duration: aDuration,
  downtime: aDuration.optional(),
  basis: z.string().optional(),
});

const step = z.strictObject({
  id,
  action: text,
  title: text,
  why: z.string().optional(),
  input: json,
  needs: z.array(z.string()),
  after: z.array(z.string()),
  rollback: z.enum(['free', 'restore', 'none']),
  key: text.optional(),
  estimate: estimate.optional(),
  group: text.optional(),
  onFailure: z.enum(['stop', 'continue']),
  timeout: aDuration.pipe(z.number().positive().max(LONGEST)),
});

const gate = z.strictObject({
  id,
  question: text,
  before: z.array(z.string()).min(1, 'names no step'),
});

const target = z.strictObject({ kind: text, id: text, revision: z.string() });

/** A plan without its digest. That it is JSON through and through is checked before. */
export const planParts = z.strictObject({
  format: z.literal(FORMAT),
  id,
  title: text,
  inputs: json,
  targets: z.array(target),
  steps: z.array(step).min(1, 'a plan needs at least one step'),
  gates: z.array(gate),
  concurrency: z.strictObject({ total: positive, groups: z.record(z.string(), positive) }),
  warnings: z.array(z.string()),
});
