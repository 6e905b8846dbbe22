import {
  type Finding,
  maskValue,
  overall,
  tally,
  type Tally,
  type Verdict,
  worstFirst,
} from '@groundcrew/ground';
import { type QuestionId, questions } from './questions.ts';

/** The cloud, the user and the time of a report. */
export interface ReportSubject {
  /** Its name in `clouds.yaml`, or that of the simulated cloud. */
  readonly cloud: string;
  readonly region: string | undefined;
  readonly user: string | undefined;
  /** `project admin`, `system`, … */
  readonly scope: string;
  readonly roles: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** One question, and what was found. */
export interface Answer {
  readonly id: QuestionId;
  readonly question: string;
  readonly verdict: Verdict;
  readonly tally: Tally;
  /** Worst first. */
  readonly findings: readonly Finding[];
}

/** The whole report: what `readiness.json` holds, and what the terminal and the page show. */
export interface Report {
  readonly format: 'groundcrew-readiness/1';
  readonly subject: ReportSubject;
  readonly verdict: Verdict;
  readonly tally: Tally;
  readonly answers: readonly Answer[];
}

/** Findings by question; one that is missing was not asked. */
export type FindingsByQuestion = Readonly<Partial<Record<QuestionId, readonly Finding[]>>>;

/**
 * Composes findings into a report. Pure: the same findings make the same report.
 *
 * A question without findings is in the report as `unknown`: nothing was looked at. Secrets that a finding quotes (a URL with
 * a password in a message, a line of a log) are masked here, so that no form of the report has them.
 */
export function compose(subject: ReportSubject, found: FindingsByQuestion): Report {
  const answers = questions.map(({ id, question }): Answer => {
    const findings = worstFirst(maskValue(found[id] ?? []));
    return { id, question, verdict: overall(findings), tally: tally(findings), findings };
  });
  const all = answers.flatMap((answer) => answer.findings);
  return { format: 'groundcrew-readiness/1', subject, verdict: overall(all), tally: tally(all), answers };
}

/** Findings of one rule and verdict, which are read as one. */
export interface FindingGroup {
  readonly rule: string;
  readonly findings: readonly [Finding, ...Finding[]];
}

/** Groups an answer's findings by rule and verdict, in their order. */
export function groups(findings: readonly Finding[]): FindingGroup[] {
  const made = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.id} ${finding.verdict} ${finding.severity}`;
    const known = made.get(key);
    if (known === undefined) made.set(key, [finding]);
    else known.push(finding);
  }
  return [...made.values()].map((ones) => ({
    rule: ones[0]?.id ?? '',
    findings: ones as [Finding, ...Finding[]],
  }));
}
