import type { ExposureBasis } from './exposure-basis.ts';
import { unlistedGroups } from '../snapshot/unlisted-groups.ts';
import type { Port } from '../snapshot/snapshot.ts';
import { type Combination, combinations } from './combinations.ts';
import { type JudgedGroup, judgeGroup } from './group-exposure.ts';
import { type TemplateExposure, templateExposures } from './template-exposure.ts';
import { type DoubtfulPort, doubtfulPorts } from './unenforced-ports.ts';

/** What the groups of a snapshot let in, and where no group applies. */
export interface Exposures {
  /** Each group by itself, by its id. */
  readonly groups: ReadonlyMap<string, JudgedGroup>;
  /** Groups that ports use together. */
  readonly combinations: readonly Combination[];
  /** What new groups begin with. */
  readonly templates: readonly TemplateExposure[];
  readonly unenforcedPorts: readonly DoubtfulPort[];
  /** Ports that use groups which are in no list, by the group's id. */
  readonly unlistedGroups: ReadonlyMap<string, readonly Port[]>;
}

/** Measures the exposure of everything in a snapshot. */
export function exposuresOf(basis: ExposureBasis): Exposures {
  const { snapshot, measure } = basis;
  const groups = new Map(snapshot.securityGroups.value.map((group) => [group.id, judgeGroup(group, basis)]));
  return {
    groups,
    combinations: combinations(groups, snapshot.ports.value, measure),
    templates: templateExposures(basis),
    unenforcedPorts: doubtfulPorts(snapshot),
    unlistedGroups: unlistedGroups(snapshot),
  };
}
