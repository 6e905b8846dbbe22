import { type Measure, type OpenPort, openPorts, type WideOpen, wideOpen } from './exposure.ts';
import { type Family, families } from '../addresses/address-family.ts';
import type { SecurityGroup } from '../snapshot/snapshot.ts';
import { atWorst, type Direction, type Opening, openingOf } from '../reach/rule-reach.ts';
import type { ExposureBasis } from './exposure-basis.ts';

/** What some rules let in of one family. */
export interface Exposure {
  readonly family: Family;
  readonly openings: readonly Opening[];
  readonly wide: WideOpen | undefined;
  readonly ports: readonly OpenPort[];
  /** Why it may be more: reasons that could change the verdict, and only those. */
  readonly doubts: readonly string[];
}

/** A security group with what it lets in, family by family: rules of one do not touch the other. */
export interface JudgedGroup {
  readonly group: SecurityGroup;
  readonly exposures: readonly Exposure[];
  /** What its rules let out. Empty if the policy does not ask for it. */
  readonly egress: readonly Exposure[];
}

/** Measures what a group lets in, and what it lets out if that is asked for. */
export const judgeGroup = (
  group: SecurityGroup,
  { world, measure, egress }: Omit<ExposureBasis, 'snapshot'>,
): JudgedGroup => {
  const exposures = (direction: Direction): Exposure[] =>
    families.map((family) => {
      const openings = group.security_group_rules.flatMap(
        // `?? []`: a rule of the other family or direction. A rule that is not understood has a reach with a doubt.
        (rule) => openingOf(rule, family, world.expansion, direction) ?? [],
      );
      return exposureOf(openings, family, measure);
    });
  return { group, exposures: exposures('ingress'), egress: egress ? exposures('egress') : [] };
};

/** What openings let in together. */
export function exposureOf(openings: readonly Opening[], family: Family, measure: Measure): Exposure {
  const wide = wideOpen(openings, family, measure.isEveryone);
  const ports = openPorts(openings, family, measure);
  return { family, openings, wide, ports, doubts: doubtsOf(openings, family, measure, wide, ports) };
}

/** A rule that could not be expanded matters only if letting in everybody would make a difference. */
function doubtsOf(
  openings: readonly Opening[],
  family: Family,
  measure: Measure,
  wide: WideOpen | undefined,
  ports: readonly OpenPort[],
): string[] {
  const doubts = openings.flatMap((one) => one.doubt ?? []);
  if (doubts.length === 0) return [];
  const worst = atWorst(openings, family);
  const worse =
    (wide === undefined && wideOpen(worst, family, measure.isEveryone) !== undefined) ||
    openPorts(worst, family, measure).length > ports.length;
  return worse ? doubts : [];
}
