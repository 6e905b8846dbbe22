import { type Finding, finding, type Severity, type Subject } from './finding.ts';
import type { Gap } from './observed.ts';

/** The subject of an unknown, and its words. */
export interface UnseenSubject {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** @default the thing that was not seen */
  readonly subject?: Subject;
  readonly at?: string;
}

/**
 * The finding that a gap leaves: `unknown`, with what happened as evidence. It is how a 403 reaches a report, and
 * the only way by which it does.
 */
export const unseen = (
  gap: Pick<Gap, 'what' | 'why' | 'remedy'>,
  { id, title, severity, subject, at }: UnseenSubject,
): Finding =>
  finding({
    id,
    verdict: 'unknown',
    severity,
    title,
    subject: subject ?? { kind: 'source', id: gap.what },
    because: [{ statement: gap.why, source: gap.what, at }],
    remedy: gap.remedy,
  });
