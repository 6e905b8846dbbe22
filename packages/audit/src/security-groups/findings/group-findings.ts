import type { Finding } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';
import type { CombinedExposure } from '../exposure/combined-exposures.ts';
import type { GroupExposure } from '../exposure/group-exposure.ts';
import { doubtFindings } from './doubt-findings.ts';
import { egressFindings } from './egress-findings.ts';
import { exposureFindings } from './exposure-findings.ts';
import { singleGroup, combinedGroups } from './group-set.ts';

/** Findings on groups by themselves and on those that ports use together. */
export function groupFindings(
  groups: Iterable<GroupExposure>,
  together: readonly CombinedExposure[],
  assessment: Assessment,
): Finding[] {
  const { index } = assessment;
  const sets = [
    ...Array.from(groups, (group) => ({
      groupSet: singleGroup(group, index),
      exposures: group.exposures,
      egress: group.egress,
    })),
    ...together.map((combination) => ({
      groupSet: combinedGroups(combination, index),
      exposures: combination.exposures,
      egress: [],
    })),
  ];
  return sets.flatMap(({ groupSet, exposures, egress }) => [
    ...exposures.flatMap((exposure) => exposureFindings(groupSet, exposure, assessment)),
    ...doubtFindings(groupSet, exposures, assessment),
    ...egress.flatMap((exposure) => egressFindings(groupSet, exposure, assessment)),
  ]);
}
