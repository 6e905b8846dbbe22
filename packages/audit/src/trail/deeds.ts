import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuditEvent } from './event.ts';
import { compartments, type Compartment } from './record.ts';

/** Who has a trail changed, and why; it is in the trail for ever. */
export interface Warrant {
  readonly by: string;
  readonly reason: string;
}

const warrant = z.strictObject({ by: z.string().min(1), reason: z.string().min(1) });

/** @throws ZodError that names the field */
export const parseWarrant = (value: unknown): Warrant => warrant.parse(value);

const redaction = z.object({ seqs: z.array(z.int()), parts: z.array(z.enum(compartments)) });

/** What a trail tells of a redaction. */
export const redactionDeed = (
  seqs: readonly number[],
  parts: readonly Compartment[],
  why: Warrant,
  now: number,
): AuditEvent => deed('redact', { seqs: [...seqs], parts: [...parts] }, why, now);

/** What a trail tells of records that were removed: up to which, and how they ended. */
export const retirementDeed = (upTo: number, hash: string, why: Warrant, now: number): AuditEvent =>
  deed('retire', { up_to: upTo, hash }, why, now);

/** Which parts of which records a redaction tells of. */
export function redactionIn({ action, detail }: AuditEvent): z.output<typeof redaction> | undefined {
  const told = action === 'redact' ? redaction.safeParse(detail) : undefined;
  return told?.success ? told.data : undefined;
}

const deed = (
  action: string,
  detail: NonNullable<AuditEvent['detail']>,
  { by, reason }: Warrant,
  now: number,
): AuditEvent => ({
  id: `groundcrew:${randomUUID()}`,
  at: new Date(now).toISOString(),
  source: 'groundcrew audit trail',
  kind: 'groundcrew',
  action,
  outcome: 'success',
  who: { user_name: by },
  target: { type: 'trail' },
  request_ids: [],
  reason: { text: reason },
  detail,
});
