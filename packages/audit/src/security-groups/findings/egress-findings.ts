import { type Finding, finding } from '@groundcrew/runbook';
import { causeOf } from '../remediation/causes.ts';
import { wideQuestions } from '../exposure/exposure.ts';
import type { ExposureFinding } from './exposure-finding.ts';
import { type Family, families, publicShare, words } from '../addresses/address-family.ts';
import { claimOf, type Context, type Holder, repairOf } from './exposure-findings.ts';
import { exposureOf } from '../exposure/group-exposure.ts';
import type { SecurityGroup } from '../observe.ts';
import { type Opening, openingOf } from '../reach/rule-reach.ts';
import { ofOpening } from '../reach/describe-rule.ts';
import { usageOf } from './usage.ts';

/** Groups that let everything out to everyone: Neutron's default, so a finding only of a policy that wants it. */
export function ofEgress(group: SecurityGroup, holder: Holder, context: Context): Finding[] {
  return families.flatMap((family) => {
    const openings = group.security_group_rules.flatMap(
      (rule) => openingOf(rule, family, context.world.expansion, 'egress') ?? [],
    );
    const { wide } = exposureOf(openings, family, context.measure);
    if (wide === undefined) return ofDoubt(openings, family, holder, context);
    return [ofWideOpen(openings, wide, family, holder, context)];
  });
}

function ofWideOpen(
  openings: readonly Opening[],
  wide: NonNullable<ReturnType<typeof exposureOf>['wide']>,
  family: Family,
  holder: Holder,
  context: Context,
): ExposureFinding {
  const {
    snapshot,
    world,
    measure: { isEveryone },
  } = context;
  const { source, at } = snapshot.securityGroups;
  const questions = wideQuestions(family, isEveryone);
  const cause = causeOf(openings, questions[wide.protocols === 'all' ? 0 : 1], family);
  const base = finding({
    id: 'audit.egress-open',
    verdict: 'fail',
    severity: 'low',
    title: `${holder.title} lets its ports reach ${words(wide.sources, family)} on every port`,
    subject: holder.subject,
    because: cause.slice(0, 10).map((one) => ({ statement: outwards(ofOpening(one, family)), source, at })),
    remedy: 'Let out only what is needed: names, updates, the services that it uses.',
  });
  return {
    ...base,
    coverage: {
      family: family.name,
      direction: 'egress',
      sources: publicShare(wide.sources, family),
      protocols: wide.protocols === 'all' ? 'any' : [6, 17, family.icmp],
      ports: '1-65535',
    },
    ...repairOf(holder, openings, cause, questions, family, context),
    // Ways out are not judged: what leads in is told for whoever looks at the ports.
    effective: usageOf(holder.ports, claimOf(wide, family, isEveryone), family, snapshot, world).effective,
  };
}

/** Not open by what was seen; is it, if what was not seen is everybody? */
function ofDoubt(
  openings: readonly Opening[],
  family: Family,
  holder: Holder,
  { snapshot, measure: { isEveryone } }: Context,
): Finding[] {
  const [question] = wideQuestions(family, isEveryone).slice(1);
  const worst = openings.map((one) =>
    one.doubt === undefined ? one : { ...one, sources: family.everything },
  );
  if (question === undefined || !question.holds(worst)) return [];
  const { source, at } = snapshot.securityGroups;
  return [
    finding({
      id: 'audit.egress-open',
      verdict: 'unknown',
      severity: 'low',
      title: `${holder.title} may let its ports reach everyone by ${family.name} rules that could not be followed`,
      subject: holder.subject,
      because: openings
        .flatMap((one) => one.doubt ?? [])
        .slice(0, 10)
        .map((statement) => ({ statement: outwards(statement), source, at })),
      remedy: snapshot.ports.gaps[0]?.remedy ?? 'Look at these rules themselves.',
    }),
  ];
}

const outwards = (statement: string): string =>
  statement.replace(' lets in ', ' lets out ').replace(' from ', ' to ');
