import { type Evidence, type Finding, finding, type Subject } from '@groundcrew/runbook';
import { portWords } from './admin-ports.ts';
import { union } from './address-set.ts';
import { causeOf } from './cause.ts';
import { type IsEveryone, reachPort, type WideOpen, wideOpen } from './exposure.ts';
import { type Family, shareOfSpace, words } from './family.ts';
import type { Exposure } from './judged.ts';
import type { AuditSnapshot, Port } from './observe.ts';
import type { Opening } from './opening.ts';
import { ofOpening } from './statements.ts';
import { usageOf } from './usage.ts';
import type { World } from './world.ts';

/** Of whose rules findings are made: a group, or several that a port uses together. */
export interface Holder {
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

interface Context {
  readonly snapshot: AuditSnapshot;
  readonly world: World;
  readonly isEveryone: IsEveryone;
}

/** What is wrong with what rules let in: at most one finding of each kind for each family. */
export function ofExposure(holder: Holder, exposure: Exposure, context: Context): Finding[] {
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
): Finding {
  const { snapshot, world, isEveryone } = context;
  const who = words(wide.sources, family);
  const what =
    wide.protocols === 'all'
      ? 'every port of every protocol'
      : 'all of TCP, UDP and ICMP, so in effect everything';
  const usage = usageOf(holder.ports, family, snapshot, world);
  const cause = causeOf(openings, (some) => wideOpen(some, family, isEveryone) !== undefined);
  return finding({
    id: 'audit.allow-all',
    verdict: 'fail',
    severity: usage.exposed ? 'critical' : 'high',
    title: `${holder.title} lets ${who} reach everything${usage.exposed ? ', and is in use behind a floating IP' : ''}`,
    subject: holder.subject,
    because: [
      told(snapshot, `${who} may reach ${what}: ${shareOfSpace(wide.sources, family)}`),
      ...ofCause(snapshot, cause, family),
      ...usage.because,
    ],
    remedy: `Remove ${cause.length === 1 ? `rule ${cause[0]?.rule.id ?? ''}` : 'one or more of these rules'} and let in only what is served, from where it is used.`,
  });
}

function ofOpenPorts(
  holder: Holder,
  { family, openings, ports }: Exposure,
  { snapshot, world, isEveryone }: Context,
): Finding {
  const names = ports.map((one) => portWords(one.port)).join(', ');
  const usage = usageOf(holder.ports, family, snapshot, world);
  const cause = new Set(
    ports.flatMap(({ port }) => causeOf(openings, (some) => isEveryone(reachPort(some, port), family))),
  );
  const who = words(union(ports.map((one) => one.sources)), family);
  // Ports that the same addresses may reach are one statement.
  const alike = Map.groupBy(
    ports,
    ({ sources }) => `${words(sources, family)}: ${shareOfSpace(sources, family)}`,
  );
  return finding({
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
      ...usage.because,
    ],
    remedy: 'Let in only the addresses that administrators come from, or a bastion host.',
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
