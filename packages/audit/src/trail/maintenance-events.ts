import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuditEvent } from './event.ts';
import { redactableParts, type RedactablePart } from './record.ts';

/** The person that has a trail changed, and the reason; both stay in the trail for ever. */
export interface ChangeReason {
  readonly by: string;
  readonly reason: string;
}

const redaction = z.object({ seqs: z.array(z.int()), parts: z.array(z.enum(redactableParts)) });

/** The event by which a trail tells of a redaction. */
export const redactionEvent = (
  seqs: readonly number[],
  parts: readonly RedactablePart[],
  why: ChangeReason,
  now: number,
): AuditEvent => maintenanceEvent('redact', { seqs: [...seqs], parts: [...parts] }, why, now);

/** The records that are retired, and the hash of the last of them, which the next record continues. */
export interface Retirement {
  readonly from: number;
  readonly up_to: number;
  /** Hash of record `up_to`. */
  readonly hash: string;
}

/** The event by which a trail tells that it is about to remove records. */
export const retirementEvent = (
  { from, up_to, hash }: Retirement,
  why: ChangeReason,
  now: number,
): AuditEvent => maintenanceEvent('retire', { from, up_to, hash }, why, now);

const retirement = z.object({ from: z.int(), up_to: z.int(), hash: z.string() });

/** Reads from an event which records are retired. */
export function retirementIn({ action, detail }: AuditEvent): Retirement | undefined {
  const told = action === 'retire' ? retirement.safeParse(detail) : undefined;
  return told?.success ? told.data : undefined;
}

/** Reads from an event which parts of which records are redacted. */
export function redactionIn({ action, detail }: AuditEvent): z.output<typeof redaction> | undefined {
  const told = action === 'redact' ? redaction.safeParse(detail) : undefined;
  return told?.success ? told.data : undefined;
}

const maintenanceEvent = (
  action: string,
  detail: NonNullable<AuditEvent['detail']>,
  { by, reason }: ChangeReason,
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
