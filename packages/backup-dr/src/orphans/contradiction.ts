import type { Observed } from '@groundcrew/core';
import {
  type Evidence,
  type Finding,
  finding,
  type Severity,
  type Subject,
  unseen,
} from '@groundcrew/ground';
import { isComplete, seenIn } from '../verdict.ts';

/** Something that one part of the cloud has, and that another one does not know. */
export interface Contradiction {
  readonly subject: Subject;
  /** What is wrong, if the other part was seen wholly. */
  readonly title: string;
  readonly because: readonly Evidence[];
  readonly remedy: string;
  /** @default the rule's */
  readonly severity?: Severity;
}

/** A kind of contradiction. */
export interface OrphanRule {
  /** `backup-dr.orphan-port`. */
  readonly id: string;
  readonly severity: Severity;
  /** What is said if there is none: `Every port of a server is of one that Nova knows`. */
  readonly none: string;
  /** The lists in which was looked. */
  readonly from: readonly Observed<unknown>[];
  /** The lists in which something was missed: only of whole ones it can be said to be missing. */
  readonly against: readonly Observed<unknown>[];
  readonly found: readonly Contradiction[];
}

/** The findings of a rule: each contradiction, what was not seen, and a pass if all was seen and there is none. */
export function findingsOf({ id, severity, none, from, against, found }: OrphanRule): Finding[] {
  const isKnown = against.every(isComplete);
  const findings = found.map((one) =>
    finding({
      id,
      verdict: isKnown ? 'fail' : 'unknown',
      severity: one.severity ?? severity,
      title: isKnown ? one.title : `Not known: ${one.title}`,
      subject: one.subject,
      because: [
        ...one.because,
        ...against.map((list) =>
          seenIn(list, isKnown ? 'it is not there' : 'it was not seen, and not all of the list was'),
        ),
      ],
      remedy: one.remedy,
    }),
  );
  const lists = [...new Set([...from, ...against])];
  const gaps = lists.flatMap((list) =>
    list.gaps.map((gap) =>
      unseen(gap, { id, severity, title: `Not all was seen: ${gap.what}`, at: list.at }),
    ),
  );
  if (findings.length > 0 || gaps.length > 0) return [...findings, ...gaps];
  const whole = lists.every(isComplete);
  return [
    finding({
      id,
      verdict: whole ? 'pass' : 'unknown',
      severity,
      title: whole ? none : 'Not all was seen',
      subject: { kind: 'cloud', id: 'orphans' },
      because: lists.map((list) => seenIn(list, whole ? 'it was read wholly' : `it is ${list.completeness}`)),
      remedy: undefined,
    }),
  ];
}
