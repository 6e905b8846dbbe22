import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuditEvent } from './event.ts';
import { redactableParts, type RedactablePart } from './record.ts';

/** Who has a trail changed, and why; it is in the trail for ever. */
export interface ChangeReason {
  readonly by: string;
  readonly reason: string;
}

const redaction = z.object({ seqs: z.array(z.int()), parts: z.array(z.enum(redactableParts)) });

/** What a trail tells of a redaction. */
export const redactionEvent = (
  seqs: readonly number[],
  parts: readonly RedactablePart[],
  why: ChangeReason,
  now: number,
): AuditEvent => maintenanceEvent('redact', { seqs: [...seqs], parts: [...parts] }, why, now);

/** Which records are retired, and what the last of them ended with: what the next one's hash continues. */
export interface Retirement {
  readonly from: number;
  readonly up_to: number;
  /** Hash of record `up_to`. */
  readonly hash: string;
}

/** What a trail tells before it removes records. */
export const retirementEvent = (
  { from, up_to, hash }: Retirement,
  why: ChangeReason,
  now: number,
): AuditEvent => maintenanceEvent('retire', { from, up_to, hash }, why, now);

const retirement = z.object({ from: z.int(), up_to: z.int(), hash: z.string() });

/** Which records a retirement tells of. */
export function retirementIn({ action, detail }: AuditEvent): Retirement | undefined {
  const told = action === 'retire' ? retirement.safeParse(detail) : undefined;
  return told?.success ? told.data : undefined;
}

/** Which parts of which records a redaction tells of. */
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
