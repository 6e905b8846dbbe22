import type { Tally } from '@groundcrew/ground';
import type { ComplianceFinding, ComplianceReport } from '../policy/report.ts';

/** The changes from one report to the next. */
export interface Drift {
  /** The moments of both; ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  /** Fails now, and did not. */
  readonly appeared: readonly ComplianceFinding[];
  /** Failed, was looked at again, and passes or is gone. */
  readonly resolved: readonly ComplianceFinding[];
  /** Fails in both, with other evidence or another severity. */
  readonly changed: readonly { readonly before: ComplianceFinding; readonly after: ComplianceFinding }[];
  /** Was known, and is not: failures here are not resolved, they are out of sight. */
  readonly becameUnknown: readonly ComplianceFinding[];
  /** Failed, and somebody answers for it now. */
  readonly exempted: readonly ComplianceFinding[];
}

/**
 * Compares two reports. A failure that is no longer told is resolved only if its policy was run again and saw all that
 * it needs: otherwise it became unknown.
 */
export function driftOf(before: ComplianceReport, after: ComplianceReport): Drift {
  const was = byKey(before.findings);
  const is = byKey(after.findings);
  const ran = new Set(after.policies.map(({ id }) => id));
  const told = new Map(after.findings.map((finding) => [finding.id, finding.verdict]));
  const blind = new Set(
    after.findings.flatMap(({ id, verdict, subject }) =>
      verdict === 'unknown' && (subject.kind === 'scope' || !ran.has(id)) ? [id] : [],
    ),
  );
  // `assessSecurityGroups` says nothing of what is good, but always whether it saw all groups.
  const unseen = (finding: ComplianceFinding): boolean =>
    blind.has(finding.id) ||
    !(ran.has(finding.id) || isOfExemption(finding) || told.get('audit.scope') === 'pass');

  const fails = after.findings.filter(({ verdict }) => verdict === 'fail');
  const gone = before.findings.filter((finding) => finding.verdict === 'fail' && !is.has(keyOf(finding)));
  return {
    from: before.at,
    to: after.at,
    appeared: fails.filter((fail) => was.get(keyOf(fail))?.verdict !== 'fail'),
    resolved: [
      ...before.findings.filter(
        (finding) => finding.verdict === 'fail' && is.get(keyOf(finding))?.verdict === 'pass',
      ),
      ...gone.filter((rule) => !unseen(rule)),
    ],
    changed: fails.flatMap((fail) => {
      const old = was.get(keyOf(fail));
      return old?.verdict === 'fail' && wordsOf(old) !== wordsOf(fail) ? [{ before: old, after: fail }] : [];
    }),
    becameUnknown: [
      ...after.findings.filter(
        (finding) =>
          finding.verdict === 'unknown' && (was.get(keyOf(finding))?.verdict ?? 'unknown') !== 'unknown',
      ),
      ...gone.filter(unseen),
    ],
    exempted: after.findings.filter(
      (finding) => finding.verdict === 'exempt' && was.get(keyOf(finding))?.verdict === 'fail',
    ),
  };
}

/** A failure through time. */
export interface FindingHistory {
  readonly id: string;
  readonly subject: ComplianceFinding['subject'];
  /** The times when it was first and last seen failing; ISO 8601, UTC. */
  readonly since: string;
  readonly last: string;
  /** The number of times that it came back after it was resolved. */
  readonly returned: number;
  /** The verdict of the newest report; `gone` if that report does not mention it. */
  readonly now: ComplianceFinding['verdict'] | 'gone';
}

/** The course of compliance over many reports. */
export interface DriftHistory {
  readonly points: readonly { readonly at: string; readonly tally: Tally }[];
  readonly drifts: readonly Drift[];
  /** Longest standing first. */
  readonly failures: readonly FindingHistory[];
}

/** The history of many reports: their tallies, the changes between each two, and how long each failure has lasted. */
export function driftHistory(reports: readonly ComplianceReport[]): DriftHistory {
  const sorted = reports.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const drifts = sorted.slice(1).flatMap((report, index) => {
    const before = sorted[index];
    return before === undefined ? [] : [driftOf(before, report)];
  });
  const failures = new Map<string, FindingHistory>();
  for (const report of sorted)
    for (const finding of report.findings) {
      if (finding.verdict !== 'fail') continue;
      const key = keyOf(finding);
      const known = failures.get(key);
      failures.set(key, {
        id: finding.id,
        subject: finding.subject,
        since: known?.since ?? report.at,
        last: report.at,
        returned: 0,
        now: 'gone',
      });
    }
  const newest = byKey(sorted.at(-1)?.findings ?? []);
  return {
    points: sorted.map(({ at, tally }) => ({ at, tally })),
    drifts,
    failures: [...failures]
      .map(([key, history]) => ({
        ...history,
        returned: returnsOf(key, drifts),
        now: newest.get(key)?.verdict ?? ('gone' as const),
      }))
      .toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0)),
  };
}

/** The number of times that it appeared after a drift in which it was resolved. */
function returnsOf(key: string, drifts: readonly Drift[]): number {
  let resolved = false;
  let returned = 0;
  for (const drift of drifts) {
    if (drift.resolved.some((finding) => keyOf(finding) === key)) resolved = true;
    else if (resolved && drift.appeared.some((finding) => keyOf(finding) === key)) {
      returned += 1;
      resolved = false;
    }
  }
  return returned;
}

/** Judges of other packages may say several things of one subject: the family of addresses tells them apart. */
const keyOf = (finding: ComplianceFinding): string => {
  const coverage = (
    finding as { readonly coverage?: { readonly family?: unknown; readonly direction?: unknown } }
  ).coverage;
  const more = coverage === undefined ? '' : `${String(coverage.family)} ${String(coverage.direction)}`;
  return JSON.stringify([finding.id, finding.subject.kind, finding.subject.id, more]);
};

const byKey = (findings: readonly ComplianceFinding[]): Map<string, ComplianceFinding> =>
  new Map(findings.map((finding) => [keyOf(finding), finding]));

const wordsOf = ({ severity, title, because }: ComplianceFinding): string =>
  JSON.stringify([severity, title, because.map(({ statement }) => statement)]);

const isOfExemption = ({ subject }: ComplianceFinding): boolean => subject.kind === 'exemption';
