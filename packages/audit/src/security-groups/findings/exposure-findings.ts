import { type Evidence, type Finding, finding, type Subject } from '@groundcrew/runbook';
import { portWords } from '../exposure/admin-ports.ts';
import { union } from '../addresses/address-set.ts';
import { causeOf, type Question } from '../remediation/causes.ts';
import {
  type IsEveryone,
  type Measure,
  openPorts,
  portQuestion,
  type WideOpen,
  wideOpen,
  wideQuestions,
} from '../exposure/exposure.ts';
import type { Cause, ExposureFinding } from './exposure-finding.ts';
import { type Family, publicShare, shareOfSpace, words } from '../addresses/address-family.ts';
import { fixOf } from '../remediation/remediation.ts';
import type { Exposure } from '../exposure/group-exposure.ts';
import type { AuditSnapshot, Port } from '../observe.ts';
import type { Opening, Reach } from '../reach/rule-reach.ts';
import type { Claim } from '../filters/filtered-exposure.ts';
import { ofOpening, some as firstOf } from '../reach/describe-rule.ts';
import { usageOf } from './usage.ts';
import type { World } from '../index/snapshot-index.ts';

/** Of whose rules findings are made: a group, or several that a port uses together. */
export interface Holder {
  /** Of a rule of theirs, the group. */
  readonly groupOf: (rule: Opening['rule']) => string;
  readonly groups: readonly string[];
  readonly subject: Subject;
  /** `Security group web of project shop`. */
  readonly title: string;
  readonly ports: readonly Port[];
}

/** What may be wrong with a group, for which something was not seen. */
export function ofDoubts(holder: Holder, exposures: readonly Exposure[], snapshot: AuditSnapshot): Finding[] {
  const doubts = [...new Set(exposures.flatMap((one) => one.doubts))];
  if (doubts.length === 0) return [];
  return [
    finding({
      id: 'audit.allow-all',
      verdict: 'unknown',
      severity: 'high',
      title: `${holder.title} may let everyone in by rules that could not be followed`,
      subject: holder.subject,
      because: doubts.slice(0, 10).map((statement) => told(snapshot, statement)),
      remedy: snapshot.ports.gaps[0]?.remedy ?? 'Look at these rules themselves.',
    }),
  ];
}

export interface Context {
  readonly snapshot: AuditSnapshot;
  readonly world: World;
  readonly measure: Measure;
  /** From where what is closed to everyone stays open, in a fix. */
  readonly keep: readonly string[];
}

/** What is wrong with what rules let in: at most one finding of each kind for each family. */
export function ofExposure(holder: Holder, exposure: Exposure, context: Context): ExposureFinding[] {
  const { wide, ports } = exposure;
  return [
    ...(wide === undefined ? [] : [ofWideOpen(holder, exposure, wide, context)]),
    ...(ports.length === 0 ? [] : [ofOpenPorts(holder, exposure, context)]),
  ];
}

function ofWideOpen(
  holder: Holder,
  { family, openings }: Exposure,
  wide: WideOpen,
  context: Context,
): ExposureFinding {
  const { snapshot, world, measure } = context;
  const { isEveryone } = measure;
  const who = words(wide.sources, family);
  const what =
    wide.protocols === 'all'
      ? 'every port of every protocol'
      : 'all of TCP, UDP and ICMP, so in effect everything';
  const questions = wideQuestions(family, isEveryone);
  const claim = claimOf(wide, family, isEveryone);
  const usage = usageOf(holder.ports, claim, family, snapshot, world);
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
      ...ofSharing(holder, context),
      ...usage.because,
    ],
    remedy: `Remove ${cause.length === 1 ? `rule ${cause[0]?.rule.id ?? ''}` : 'one or more of these rules'} and let in only what is served, from where it is used.`,
  });
  return {
    ...base,
    coverage,
    ...repairOf(holder, openings, cause, questions, family, context),
    effective: usage.effective,
  };
}

function ofOpenPorts(
  holder: Holder,
  { family, openings, ports }: Exposure,
  context: Context,
): ExposureFinding {
  const { snapshot, world, measure } = context;
  const { isEveryone } = measure;
  const names = ports.map((one) => portWords(one.port)).join(', ');
  const claim = {
    reached: ports.map(({ port: { port, protocol }, sources }) => ({
      protocol,
      first: port,
      last: port,
      sources,
    })),
    isAll: (left: readonly Reach[]) => openPorts(left, family, measure).length >= ports.length,
  };
  const usage = usageOf(holder.ports, claim, family, snapshot, world);
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
      ...ofSharing(holder, context),
      ...usage.because,
    ],
    remedy: 'Let in only the addresses that administrators come from, or a bastion host.',
  });
  return {
    ...base,
    coverage,
    ...repairOf(holder, openings, [...cause], questions, family, context),
    effective: usage.effective,
  };
}

/** That everyone reaches everything. */
export function claimOf({ protocols, sources }: WideOpen, family: Family, isEveryone: IsEveryone): Claim {
  const all = { first: 0, last: 65_535, sources };
  return {
    reached:
      protocols === 'all'
        ? [{ ...all, protocol: 'any' }]
        : [6, 17, family.icmp].map((protocol) => ({ ...all, protocol })),
    isAll: (left) => wideOpen(left, family, isEveryone) !== undefined,
  };
}

/** Who else may use these rules. */
function ofSharing({ groups }: Holder, { snapshot: { sharing }, world }: Context): Evidence[] {
  return groups.flatMap((id) => {
    const projects = world
      .sharedWith(id)
      .map((one) => (one === '*' ? 'every project' : world.projectName(one)));
    if (projects.length === 0) return [];
    const statement = `group ${id} is shared with ${firstOf(projects)}, by RBAC`;
    return [{ statement, source: sharing.source, at: sharing.at }];
  });
}

/** The rules that cause it, and the edits that end it. */
export function repairOf(
  holder: Holder,
  openings: readonly Opening[],
  cause: readonly Opening[],
  questions: readonly Question[],
  family: Family,
  { keep }: Context,
): Pick<ExposureFinding, 'cause' | 'fix'> {
  const { groupOf } = holder;
  return {
    cause: cause.map(({ rule }) => ({
      rule_id: rule.id,
      security_group_id: groupOf(rule),
      via: viaOf(rule),
    })),
    fix: fixOf(openings, { family, questions, keep, groupOf }),
  };
}

const viaOf = (rule: Opening['rule']): Cause['via'] =>
  rule.remote_address_group_id !== null && rule.remote_address_group_id !== undefined
    ? 'address_group'
    : rule.remote_group_id !== null
      ? 'remote_group'
      : (rule.remote_ip_prefix ?? rule.normalized_cidr ?? null) === null
        ? 'any'
        : 'prefix';

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
