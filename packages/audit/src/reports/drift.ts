import type { Tally } from '@groundcrew/runbook';
import type { ComplianceFinding, ComplianceReport } from '../policy/report.ts';

/** What changed from one report to the next. */
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
  const told = new Map(after.findings.map((one) => [one.id, one.verdict]));
  const blind = new Set(
    after.findings.flatMap(({ id, verdict, subject }) =>
      verdict === 'unknown' && (subject.kind === 'scope' || !ran.has(id)) ? [id] : [],
    ),
  );
  // `assessSecurityGroups` says nothing of what is good, but always whether it saw all groups.
  const unseen = (one: ComplianceFinding): boolean =>
    blind.has(one.id) || !(ran.has(one.id) || isOfExemption(one) || told.get('audit.scope') === 'pass');

  const fails = after.findings.filter(({ verdict }) => verdict === 'fail');
  const gone = before.findings.filter((one) => one.verdict === 'fail' && !is.has(keyOf(one)));
  return {
    from: before.at,
    to: after.at,
    appeared: fails.filter((one) => was.get(keyOf(one))?.verdict !== 'fail'),
    resolved: [
      ...before.findings.filter((one) => one.verdict === 'fail' && is.get(keyOf(one))?.verdict === 'pass'),
      ...gone.filter((one) => !unseen(one)),
    ],
    changed: fails.flatMap((one) => {
      const old = was.get(keyOf(one));
      return old?.verdict === 'fail' && wordsOf(old) !== wordsOf(one) ? [{ before: old, after: one }] : [];
    }),
    becameUnknown: [
      ...after.findings.filter(
        (one) => one.verdict === 'unknown' && (was.get(keyOf(one))?.verdict ?? 'unknown') !== 'unknown',
      ),
      ...gone.filter(unseen),
    ],
    exempted: after.findings.filter(
      (one) => one.verdict === 'exempt' && was.get(keyOf(one))?.verdict === 'fail',
    ),
  };
}

/** A failure through time. */
export interface FindingHistory {
  readonly id: string;
  readonly subject: ComplianceFinding['subject'];
  /** When it was first and last seen failing; ISO 8601, UTC. */
  readonly since: string;
  readonly last: string;
  /** How often it came back after it was resolved. */
  readonly returned: number;
  /** What the newest report says; `gone` if that says nothing of it. */
  readonly now: ComplianceFinding['verdict'] | 'gone';
}

/** Compliance through time. */
export interface DriftHistory {
  readonly points: readonly { readonly at: string; readonly tally: Tally }[];
  readonly drifts: readonly Drift[];
  /** Longest standing first. */
  readonly failures: readonly FindingHistory[];
}

/** What many reports say together: their tallies, what changed between each two, and how long each failure stands. */
export function driftHistory(reports: readonly ComplianceReport[]): DriftHistory {
  const sorted = reports.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const drifts = sorted.slice(1).flatMap((one, index) => {
    const before = sorted[index];
    return before === undefined ? [] : [driftOf(before, one)];
  });
  const failures = new Map<string, FindingHistory>();
  for (const report of sorted)
    for (const one of report.findings) {
      if (one.verdict !== 'fail') continue;
      const key = keyOf(one);
      const known = failures.get(key);
      failures.set(key, {
        id: one.id,
        subject: one.subject,
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
      .map(([key, one]) => ({
        ...one,
        returned: returnsOf(key, drifts),
        now: newest.get(key)?.verdict ?? ('gone' as const),
      }))
      .toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0)),
  };
}

/** How often it appeared after a drift in which it was resolved. */
function returnsOf(key: string, drifts: readonly Drift[]): number {
  let resolved = false;
  let returned = 0;
  for (const drift of drifts) {
    if (drift.resolved.some((one) => keyOf(one) === key)) resolved = true;
    else if (resolved && drift.appeared.some((one) => keyOf(one) === key)) {
      returned += 1;
      resolved = false;
    }
  }
  return returned;
}

/** Judges of other packages may say several things of one subject: the family of addresses tells them apart. */
const keyOf = (one: ComplianceFinding): string => {
  const coverage = (
    one as { readonly coverage?: { readonly family?: unknown; readonly direction?: unknown } }
  ).coverage;
  const more = coverage === undefined ? '' : `${String(coverage.family)} ${String(coverage.direction)}`;
  return JSON.stringify([one.id, one.subject.kind, one.subject.id, more]);
};

const byKey = (findings: readonly ComplianceFinding[]): Map<string, ComplianceFinding> =>
  new Map(findings.map((one) => [keyOf(one), one]));

const wordsOf = ({ severity, title, because }: ComplianceFinding): string =>
  JSON.stringify([severity, title, because.map(({ statement }) => statement)]);

const isOfExemption = ({ subject }: ComplianceFinding): boolean => subject.kind === 'exemption';
