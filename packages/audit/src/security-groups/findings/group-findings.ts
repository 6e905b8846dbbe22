import type { Finding } from '@groundcrew/runbook';
import type { Assessment } from '../assessment.ts';
import type { Combination } from '../exposure/combinations.ts';
import type { JudgedGroup } from '../exposure/group-exposure.ts';
import { ofDoubts } from './doubt-findings.ts';
import { ofEgress } from './egress-findings.ts';
import { ofExposure } from './exposure-findings.ts';
import { holderOf, holderOfSeveral } from './group-set.ts';

/** What is wrong, or may be, with groups by themselves and with those that ports use together. */
export function ofGroups(
  groups: Iterable<JudgedGroup>,
  together: readonly Combination[],
  assessment: Assessment,
): Finding[] {
  const { world } = assessment;
  const sets = [
    ...Array.from(groups, (group) => ({
      holder: holderOf(group, world),
      exposures: group.exposures,
      egress: group.egress,
    })),
    ...together.map((combination) => ({
      holder: holderOfSeveral(combination, world),
      exposures: combination.exposures,
      egress: [],
    })),
  ];
  return sets.flatMap(({ holder, exposures, egress }) => [
    ...exposures.flatMap((exposure) => ofExposure(holder, exposure, assessment)),
    ...ofDoubts(holder, exposures, assessment),
    ...egress.flatMap((exposure) => ofEgress(holder, exposure, assessment)),
  ]);
}
