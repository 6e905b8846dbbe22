import { maskText, visible, type Finding } from '@groundcrew/ground';
import type { ComplianceReport } from './report.ts';

/** A finding without secrets: names and statements hold other people's text, as an error does that quotes a URL. */
export function masked<F extends Finding>(finding: F): F {
  return worded(finding, maskText);
}

/**
 * Prepares text from outside for an output that people read: without secrets, and with every control character shown.
 */
export const shownText = (text: string): string => visible(maskText(text), { multiline: true });

/** Like `shownText`, on one line: for subjects, titles and names. */
export const shownLine = (text: string): string => visible(maskText(text));

/** A report as an output shows it, whoever made it. */
export function shown(report: ComplianceReport): ComplianceReport {
  const line = ({ id, name }: ComplianceReport['scope']['seen'][number]) => ({
    id: shownLine(id),
    ...(name === undefined ? {} : { name: shownLine(name) }),
  });
  const { scope } = report;
  return {
    ...report,
    scope: {
      ...scope,
      words: shownLine(scope.words),
      asked: scope.asked.map(line),
      seen: scope.seen.map(line),
      denied: scope.denied.map(line),
    },
    findings: report.findings.map((finding) => {
      const { project, exemption } = finding;
      return {
        ...worded(finding, shownText, shownLine),
        ...(project === undefined ? {} : { project: shownLine(project) }),
        ...(exemption === undefined ? {} : { exemption: exempting(exemption) }),
      };
    }),
    policies: report.policies.map((policy) => ({
      ...policy,
      title: shownLine(policy.title),
      remedy: shownText(policy.remedy),
    })),
    exemptions: report.exemptions.map((use) => ({
      ...use,
      exemption: exempting(use.exemption),
      overlaps: use.overlaps.map(shownLine),
    })),
  };
}

const exempting = <E extends { readonly id: string; readonly owner: string; readonly reason: string }>(
  exemption: E,
): E => ({
  ...exemption,
  id: shownLine(exemption.id),
  owner: shownLine(exemption.owner),
  reason: shownText(exemption.reason),
});

function worded<F extends Finding>(
  finding: F,
  text: (given: string) => string,
  line: (given: string) => string = text,
): F {
  const { id, kind, name } = finding.subject;
  return {
    ...finding,
    title: line(finding.title),
    subject: {
      ...finding.subject,
      kind: line(kind),
      id: line(id),
      ...(name === undefined ? {} : { name: line(name) }),
    },
    because: finding.because.map((reason) => ({
      ...reason,
      statement: text(reason.statement),
      source: line(reason.source),
    })),
    remedy: finding.remedy === undefined ? undefined : text(finding.remedy),
  };
}
