import { type Finding, finding } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';
import type { Exposure } from '../exposure/group-exposure.ts';
import type { GroupSet } from './group-set.ts';

/** Findings on groups for which something was not seen that could make them fail. */
export function doubtFindings(
  groupSet: GroupSet,
  exposures: readonly Exposure[],
  { snapshot }: Assessment,
): Finding[] {
  const { source, at } = snapshot.securityGroups;
  const doubts = [...new Set(exposures.flatMap((exposure) => exposure.doubts))];
  if (doubts.length === 0) return [];
  return [
    finding({
      id: 'audit.allow-all',
      verdict: 'unknown',
      severity: 'high',
      title: `${groupSet.title} may let everyone in by rules that could not be followed`,
      subject: groupSet.subject,
      because: doubts.slice(0, 10).map((statement) => ({ statement, source, at })),
      remedy: snapshot.ports.gaps[0]?.remedy ?? 'Look at these rules themselves.',
    }),
  ];
}
