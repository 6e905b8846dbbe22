import { faultIn } from '@groundcrew/ground';
import { z } from 'zod';
import { PlanError } from '../errors.ts';
import { JournalCorruptError } from './journal-errors.ts';
import type { JournalRecord } from './journal.ts';
import type { Json } from '../json.ts';
import { parsePlan } from '../plan/parse-plan.ts';
import type { Plan } from '../plan/plan.ts';

const text = z.string().min(1, 'must not be empty');
const time = z.iso.datetime('must be a time in UTC');
const count = z.int().nonnegative();
const by = z.string().optional();
const json = z.custom<Json>((value) => value !== undefined, 'must be there');

const failure = z.strictObject({
  step: text,
  phase: z.enum(['precondition', 'action', 'verification', 'compensation']),
  code: text,
  message: z.string(),
  remedy: z.string().optional(),
  requestIds: z.array(z.string()),
});

const facts = {
  run: text,
  plan: text,
  digest: text,
  counts: z.strictObject({
    pending: count,
    running: count,
    succeeded: count,
    failed: count,
    skipped: count,
    compensated: count,
    'compensation-failed': count,
  }),
  startedAt: time,
  endedAt: time,
};

/** The outcomes with which a run ends its journal: a run that is refused or interrupted writes nothing. */
const outcome = z.discriminatedUnion('status', [
  z.strictObject({ ...facts, status: z.literal('succeeded') }),
  z.strictObject({
    ...facts,
    status: z.enum(['partially-succeeded', 'failed', 'rolled-back', 'cancelled']),
    failures: z.array(failure),
  }),
  z.strictObject({ ...facts, status: z.literal('paused'), at: z.array(text) }),
]);

const event = z.discriminatedUnion('type', [
  // The plan is read by parsePlan, which also says of which format it is.
  z.strictObject({ type: z.literal('run-started'), run: text, plan: z.unknown(), by }),
  z.strictObject({ type: z.literal('run-resumed'), by }),
  z.strictObject({ type: z.literal('gate-opened'), gate: text, by }),
  z.strictObject({ type: z.literal('step-started'), step: text, attempt: z.int().positive(), key: text }),
  z.strictObject({ type: z.literal('step-acted'), step: text, output: json, found: z.boolean() }),
  z.strictObject({
    type: z.enum(['step-succeeded', 'compensation-started', 'step-compensated']),
    step: text,
  }),
  z.strictObject({ type: z.enum(['step-failed', 'compensation-failed']), step: text, failure }),
  z.strictObject({ type: z.literal('step-skipped'), step: text, because: text }),
  z.strictObject({ type: z.literal('rollback-started'), because: text }),
]);

const ended = z.strictObject({ type: z.literal('run-ended'), outcome });

const record = z.strictObject({
  sequence: z.int().positive(),
  at: time,
  token: count,
  event: z.discriminatedUnion('type', [event, ended]),
});

/**
 * Checks that a record has the form that this release writes, from whichever storage it was read. A field that is not known here is refused as well: a
 * newer release may have put into it what the run depends on, and going on as if it said nothing is a guess.
 *
 * @throws JournalCorruptError naming the field: `event.outcome.status`
 */
export function checkedRecord(value: unknown, line: number): JournalRecord {
  const parsed = record.safeParse(value);
  if (parsed.success) return value as JournalRecord;
  const [issue] = parsed.error.issues;
  // An event of a newer release: what it means cannot be guessed.
  if (issue?.code === 'invalid_union' && issue.path.join('.') === 'event.type')
    throw new JournalCorruptError(
      `record ${line}: event.type: ${typeOf(value)} is not known to this release`,
      {
        line,
        field: 'event.type',
        remedy: 'Use the release of @groundcrew/runbook that wrote it, or a newer one.',
      },
    );
  const { field, message } = faultIn(parsed.error);
  throw new JournalCorruptError(`record ${line}: ${field === '' ? '' : `${field}: `}${message}`, {
    line,
    field,
  });
}

/**
 * The plan that a journal begins with, its digest computed anew: the one that is stored proves nothing about the steps
 * beside it.
 *
 * @throws JournalCorruptError
 */
export function checkedPlan(value: unknown, line: number): Plan {
  try {
    return parsePlan(typeof value === 'string' ? undefined : value);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const field = ['event', 'plan', ...(error.field === '' ? [] : [error.field])].join('.');
    // A newer format is nobody's forgery: it has a remedy of its own.
    throw new JournalCorruptError(`record ${line}: ${field}: ${error.message}`, {
      line,
      field,
      cause: error,
      ...(error.field === 'format' && error.remedy !== undefined ? { remedy: error.remedy } : {}),
    });
  }
}

const typeOf = (value: unknown): string =>
  String((value as { readonly event: { readonly type?: unknown } }).event.type);
