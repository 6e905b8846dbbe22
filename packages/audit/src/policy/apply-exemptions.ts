import { finding as makeFinding } from '@groundcrew/ground';
import { covers, endOf, type Exemption } from './exemption.ts';
import type { ComplianceFinding, ExemptionUse } from './report.ts';

/**
 * Applies exemptions to findings. Only failures are exempt: an unknown stays unknown, since nobody can answer for things
 * that were not seen. Faults of the exemptions themselves are findings, too.
 */
export function exempted(
  findings: readonly ComplianceFinding[],
  exemptions: readonly Exemption[],
  now: number,
): { readonly findings: readonly ComplianceFinding[]; readonly uses: readonly ExemptionUse[] } {
  // A finding in neither group has none: these are the caller's own lists, not answers of a cloud.
  const byRule = Map.groupBy(findings, ({ id }) => id);
  const byPolicy = Map.groupBy(exemptions, ({ policy }) => policy);
  const uses = exemptions.map((exemption) =>
    useOf(exemption, byRule.get(exemption.policy) ?? [], byPolicy.get(exemption.policy) ?? [], now),
  );
  const laid = findings.map((finding) => {
    const some = byPolicy.get(finding.id) ?? [];
    return finding.verdict === 'fail' && some.length > 0 ? laidOver(finding, some, now) : finding;
  });
  return { findings: [...laid, ...uses.flatMap((use) => fault(use) ?? [])], uses };
}

/** If several exemptions hold, the one that ends first counts: an overlap must not prolong any of them. */
function laidOver(finding: ComplianceFinding, some: readonly Exemption[], now: number): ComplianceFinding {
  const holding = some
    .filter((exemption) => covers(exemption, finding) && endOf(exemption) > now)
    .toSorted((a, b) => endOf(a) - endOf(b) || (a.id < b.id ? -1 : 1));
  const [first, ...others] = holding;
  if (first === undefined) return finding;
  const source = `exemption ${first.id}`;
  const overlaps = others.map(({ id }) => id);
  const said = [`${first.owner} answers for it until ${first.expires}: ${first.reason}`];
  if (overlaps.length > 0) said.push(`it overlaps ${overlaps.join(', ')}; the one that ends first counts`);
  return {
    ...finding,
    verdict: 'exempt',
    because: [...finding.because, ...said.map((statement) => ({ statement, source }))],
    exemption: { ...first, overlaps },
  };
}

function useOf(
  exemption: Exemption,
  ofPolicy: readonly ComplianceFinding[],
  all: readonly Exemption[],
  now: number,
): ExemptionUse {
  const failing = ofPolicy.filter((finding) => finding.verdict === 'fail' && covers(exemption, finding));
  const expired = endOf(exemption) <= now;
  const others = all.filter((candidate) => candidate !== exemption && endOf(candidate) > now);
  const overlaps = expired
    ? []
    : others.filter((other) => failing.some((finding) => covers(other, finding))).map(({ id }) => id);
  const decided = ofPolicy.length > 0 && ofPolicy.every(({ verdict }) => verdict !== 'unknown');
  const state = expired ? 'expired' : failing.length > 0 ? 'used' : decided ? 'unused' : 'undecided';
  return { exemption, state, findings: failing.length, overlaps };
}

function fault({ exemption, state, findings }: ExemptionUse): ComplianceFinding | undefined {
  const { id, policy, owner, reason, expires } = exemption;
  const source = `exemption ${id}`;
  const subject = { kind: 'exemption', id };
  const whose = { statement: `${owner} answered for it: ${reason}`, source };
  if (state === 'expired')
    return makeFinding({
      id: 'audit.exemption-expired',
      verdict: 'fail',
      severity: findings > 0 ? 'medium' : 'low',
      title: 'Exemptions are ended or renewed before they expire',
      subject,
      because: [
        { statement: `it expired at ${expires}; ${count(findings, 'failure')} of ${policy} stands`, source },
        whose,
      ],
      remedy: findings > 0 ? `Mend what fails, or let ${owner} decide again.` : 'Take it off the list.',
    });
  if (state === 'unused')
    return makeFinding({
      id: 'audit.exemption-unused',
      verdict: 'fail',
      severity: 'low',
      title: 'Exemptions cover something',
      subject,
      because: [{ statement: `nothing that it covers fails ${policy}`, source }, whose],
      remedy: 'End it before it covers what nobody meant.',
    });
  return undefined;
}

const count = (many: number, what: string): string =>
  `${many === 0 ? 'no' : many} ${what}${many === 1 ? '' : 's'}`;
