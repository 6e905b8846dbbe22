import { type Finding, finding } from '@groundcrew/runbook';
import { publicShare, words } from '../addresses/address-family.ts';
import type { Assessment } from '../assessment.ts';
import { causeOf } from '../exposure/causes.ts';
import { wideQuestions } from '../exposure/conditions.ts';
import type { WideOpen } from '../exposure/exposure.ts';
import { wideOpenClaim } from '../exposure/exposure-claim.ts';
import type { Exposure } from '../exposure/group-exposure.ts';
import { ofOpening } from '../reach/describe-rule.ts';
import { atWorst } from '../reach/rule-reach.ts';
import { remediationOf } from '../remediation/remediation.ts';
import type { ExposureFinding } from './exposure-finding.ts';
import type { Holder } from './group-set.ts';
import { usageOf } from './usage.ts';

/** Groups that let everything out to everyone: Neutron's default, so a finding only of a policy that wants it. */
export const ofEgress = (holder: Holder, exposure: Exposure, assessment: Assessment): Finding[] =>
  exposure.wide === undefined
    ? ofDoubt(holder, exposure, assessment)
    : [ofWideOpen(holder, exposure, exposure.wide, assessment)];

function ofWideOpen(
  holder: Holder,
  { family, openings }: Exposure,
  wide: WideOpen,
  assessment: Assessment,
): ExposureFinding {
  const { snapshot, measure, keep } = assessment;
  const { source, at } = snapshot.securityGroups;
  const questions = wideQuestions(family, measure.isEveryone);
  const cause = causeOf(openings, questions[wide.protocols === 'all' ? 0 : 1], family);
  const base = finding({
    id: 'audit.egress-open',
    verdict: 'fail',
    severity: 'low',
    title: `${holder.title} lets its ports reach ${words(wide.sources, family)} on every port`,
    subject: holder.subject,
    because: cause.slice(0, 10).map((rule) => ({ statement: outwards(ofOpening(rule, family)), source, at })),
    remedy: 'Let out only what is needed: names, updates, the services that it uses.',
  });
  // Ways out are not judged: what leads in is told for whoever looks at the ports.
  const { effective } = usageOf(
    holder.ports,
    wideOpenClaim(wide, family, measure.isEveryone),
    family,
    assessment,
  );
  return {
    ...base,
    coverage: {
      family: family.name,
      direction: 'egress',
      sources: publicShare(wide.sources, family),
      protocols: wide.protocols === 'all' ? 'any' : [6, 17, family.icmp],
      ports: '1-65535',
    },
    ...remediationOf(holder.groupOf, openings, cause, questions, family, keep),
    effective,
  };
}

/** Not open by what was seen; is it, if what was not seen is everybody? */
function ofDoubt(
  holder: Holder,
  { family, openings }: Exposure,
  { snapshot, measure: { isEveryone } }: Assessment,
): Finding[] {
  const [, question] = wideQuestions(family, isEveryone);
  if (!question.holds(atWorst(openings, family))) return [];
  const { source, at } = snapshot.securityGroups;
  return [
    finding({
      id: 'audit.egress-open',
      verdict: 'unknown',
      severity: 'low',
      title: `${holder.title} may let its ports reach everyone by ${family.name} rules that could not be followed`,
      subject: holder.subject,
      because: openings
        .flatMap(({ doubt }) => doubt ?? [])
        .slice(0, 10)
        .map((statement) => ({ statement: outwards(statement), source, at })),
      remedy: snapshot.ports.gaps[0]?.remedy ?? 'Look at these rules themselves.',
    }),
  ];
}

const outwards = (statement: string): string =>
  statement.replace(' lets in ', ' lets out ').replace(' from ', ' to ');
