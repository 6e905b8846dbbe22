import { expect } from 'vitest';
import type { ComplianceReport } from '../../src/policy.ts';

/** Parts that no cloud may show a member, so that no policy over them may pass as a whole. */
const DENIED = ['users', 'roleAssignments', 'trusts', 'volumeTypes'] as const;

/** A report never passes what it says it did not see. */
export function honest(report: ComplianceReport): void {
  for (const { id, needs, tally } of report.policies) {
    const of = report.findings.filter((finding) => finding.id === id);
    expect(of.length, `${id} says something`).toBeGreaterThan(0);
    const whole = of.find(({ subject }) => subject.kind === 'scope');
    if (whole?.verdict === 'pass')
      expect(tally, `${id} passes as a whole`).toMatchObject({ fail: 0, unknown: 0 });
    if (report.scope.all) continue;
    // The default quotas of a project are told to its members.
    if (needs[0] === 'defaultQuotas') continue;
    expect(whole?.verdict, `${id} was judged by a member`).toBe('unknown');
    if (needs.some((need) => DENIED.includes(need as (typeof DENIED)[number])))
      expect(tally.pass, `${id} needs what is denied to members`).toBe(0);
  }
}
