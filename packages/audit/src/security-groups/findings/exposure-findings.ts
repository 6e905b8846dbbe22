import { type Evidence, finding } from '@groundcrew/runbook';
import { type Family, publicShare, shareOfSpace, words } from '../addresses/address-family.ts';
import { union } from '../addresses/address-set.ts';
import type { Assessment } from '../assessment.ts';
import { portWords } from '../exposure/admin-ports.ts';
import { causeOf } from '../exposure/causes.ts';
import { portQuestion, wideQuestions } from '../exposure/conditions.ts';
import type { WideOpen } from '../exposure/exposure.ts';
import { openPortsClaim, wideOpenClaim } from '../exposure/exposure-claim.ts';
import type { Exposure } from '../exposure/group-exposure.ts';
import { ofOpening, some as firstOf } from '../reach/describe-rule.ts';
import type { Opening } from '../reach/rule-reach.ts';
import { remediationOf } from '../remediation/remediation.ts';
import type { AuditSnapshot } from '../snapshot/snapshot.ts';
import type { ExposureFinding } from './exposure-finding.ts';
import type { Holder } from './group-set.ts';
import { usageOf } from './usage.ts';

/** What is wrong with what rules let in: at most one finding of each kind for each family. */
export function ofExposure(holder: Holder, exposure: Exposure, assessment: Assessment): ExposureFinding[] {
  const { wide, ports } = exposure;
  return [
    ...(wide === undefined ? [] : [ofWideOpen(holder, exposure, wide, assessment)]),
    ...(ports.length === 0 ? [] : [ofOpenPorts(holder, exposure, assessment)]),
  ];
}

function ofWideOpen(
  holder: Holder,
  { family, openings }: Exposure,
  wide: WideOpen,
  assessment: Assessment,
): ExposureFinding {
  const { snapshot, measure } = assessment;
  const { isEveryone } = measure;
  const who = words(wide.sources, family);
  const what =
    wide.protocols === 'all'
      ? 'every port of every protocol'
      : 'all of TCP, UDP and ICMP, so in effect everything';
  const questions = wideQuestions(family, isEveryone);
  const claim = wideOpenClaim(wide, family, isEveryone);
  const usage = usageOf(holder.ports, claim, family, assessment);
  const cause = causeOf(openings, questions[wide.protocols === 'all' ? 0 : 1], family);
  const coverage = {
    family: family.name,
    direction: 'ingress' as const,
    sources: publicShare(wide.sources, family),
    protocols: wide.protocols === 'all' ? ('any' as const) : [6, 17, family.icmp],
    ports: '1-65535',
  };
  const base = finding({
    id: 'audit.allow-all',
    verdict: 'fail',
    severity: usage.exposed === undefined ? 'high' : 'critical',
    title: `${holder.title} lets ${who} reach everything${usage.exposed === undefined ? '' : `, and is in use ${usage.exposed}`}`,
    subject: holder.subject,
    because: [
      told(snapshot, `${who} may reach ${what}: ${shareOfSpace(wide.sources, family)}`),
      ...ofCause(snapshot, cause, family),
      ...ofSharing(holder, assessment),
      ...usage.because,
    ],
    remedy: `Remove ${cause.length === 1 ? `rule ${cause[0]?.rule.id ?? ''}` : 'one or more of these rules'} and let in only what is served, from where it is used.`,
  });
  return {
    ...base,
    coverage,
    ...remediationOf(holder.groupOf, openings, cause, questions, family, assessment.keep),
    effective: usage.effective,
  };
}

function ofOpenPorts(
  holder: Holder,
  { family, openings, ports }: Exposure,
  assessment: Assessment,
): ExposureFinding {
  const { snapshot, measure } = assessment;
  const { isEveryone } = measure;
  const names = ports.map((one) => portWords(one.port)).join(', ');
  const claim = openPortsClaim(ports, family, measure);
  const usage = usageOf(holder.ports, claim, family, assessment);
  const questions = ports.map(({ port }) => portQuestion(port, family, isEveryone));
  const cause = new Set(questions.flatMap((question) => causeOf(openings, question, family)));
  const all = union(ports.map((one) => one.sources));
  const who = words(all, family);
  // Ports that the same addresses may reach are one statement.
  const alike = Map.groupBy(
    ports,
    ({ sources }) => `${words(sources, family)}: ${shareOfSpace(sources, family)}`,
  );
  const coverage = {
    family: family.name,
    direction: 'ingress' as const,
    sources: publicShare(all, family),
    protocols: [...new Set(ports.map((one) => one.port.protocol))],
    ports: [...new Set(ports.map((one) => one.port.port))].join(','),
  };
  const base = finding({
    id: 'audit.admin-port-open',
    verdict: 'fail',
    severity: 'medium',
    title: `${holder.title} lets ${who} reach ${names}`,
    subject: holder.subject,
    because: [
      ...[...alike].map(([from, some]) =>
        told(snapshot, `${some.map((one) => portWords(one.port)).join(', ')} may be reached by ${from}`),
      ),
      ...ofCause(snapshot, [...cause], family),
      ...ofSharing(holder, assessment),
      ...usage.because,
    ],
    remedy: 'Let in only the addresses that administrators come from, or a bastion host.',
  });
  return {
    ...base,
    coverage,
    ...remediationOf(holder.groupOf, openings, [...cause], questions, family, assessment.keep),
    effective: usage.effective,
  };
}

/** Who else may use these rules. */
function ofSharing({ groups }: Holder, { snapshot: { sharing }, world }: Assessment): Evidence[] {
  return groups.flatMap((id) => {
    const projects = world
      .sharedWith(id)
      .map((one) => (one === '*' ? 'every project' : world.projectName(one)));
    if (projects.length === 0) return [];
    const statement = `group ${id} is shared with ${firstOf(projects)}, by RBAC`;
    return [{ statement, source: sharing.source, at: sharing.at }];
  });
}

/** The first ten; a group may have hundreds of rules. */
function ofCause(snapshot: AuditSnapshot, cause: readonly Opening[], family: Family): Evidence[] {
  const shown = cause.slice(0, 10).map((one) => told(snapshot, ofOpening(one, family)));
  return cause.length > shown.length
    ? [...shown, told(snapshot, `and ${cause.length - shown.length} more rules`)]
    : shown;
}

const told = ({ securityGroups }: AuditSnapshot, statement: string): Evidence => ({
  statement,
  source: securityGroups.source,
  at: securityGroups.at,
});
