import { InputError } from './errors.ts';

/**
 * The one shape in which every package reports.
 *
 * `pass`: looked at, and good. `fail`: looked at, and not good. `unknown`: could not be looked at, or not wholly;
 * never a pass in disguise. `exempt`: would fail, but somebody answers for it.
 */
export type Verdict = 'pass' | 'fail' | 'unknown' | 'exempt';

/**
 * The weight of a failure. `critical`: data or service is lost now, or by the next single failure. `high`: by an
 * ordinary event. `medium`: it will hurt. `low`: worth knowing. `info`: a fact that carries no judgement.
 */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** The subject of a finding. */
export interface Subject {
  /** `volume`, `compute service`, `project`, `cloud`, … */
  readonly kind: string;
  readonly id: string;
  readonly name?: string | undefined;
}

/** One reason, in a sentence that a person can check. */
export interface Evidence {
  readonly statement: string;
  /** The place where it was seen: `compute os-services`, `nova-api.log:812`. */
  readonly source: string;
  /** The time of the observation; ISO 8601, UTC. */
  readonly at?: string | undefined;
}

export interface Finding {
  /** The rule, stable across runs and releases: `ha.compute-service-down`. */
  readonly id: string;
  readonly verdict: Verdict;
  /** The weight of a failure of this rule; of a pass or an unknown, what was at stake. */
  readonly severity: Severity;
  readonly title: string;
  readonly subject: Subject;
  /** The reasons; never empty. */
  readonly because: readonly Evidence[];
  /** The action that mends it; of an unknown, the one that would make it known. */
  readonly remedy: string | undefined;
}

/** A finding, checked. @throws InputError without evidence: then there is none */
export function finding(parts: Finding): Finding {
  if (parts.because.length === 0)
    throw new InputError(`finding ${parts.id} of ${parts.subject.id}: because: has no evidence`, {
      field: 'because',
      operation: 'finding',
    });
  return parts;
}

/** The number of findings by verdict. */
export type Tally = Readonly<Record<Verdict, number>>;

export function tally(findings: Iterable<Finding>): Tally {
  const counts = { pass: 0, fail: 0, unknown: 0, exempt: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  return counts;
}

/** Worst first: by verdict (fail, unknown, exempt, pass), then severity, then rule and subject. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      a.id.localeCompare(b.id) ||
      a.subject.id.localeCompare(b.subject.id),
  );
}

/**
 * One verdict for several: a failure outweighs what is unknown, what is unknown outweighs passes. Of nothing:
 * `unknown`, since nothing was looked at.
 */
export function overall(findings: Iterable<Finding>): Verdict {
  const { fail, unknown, pass, exempt } = tally(findings);
  if (fail > 0) return 'fail';
  if (unknown > 0 || pass + exempt === 0) return 'unknown';
  return pass > 0 ? 'pass' : 'exempt';
}

const VERDICTS: readonly Verdict[] = ['fail', 'unknown', 'exempt', 'pass'];
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
