import type { ExposureBasis } from './exposure-basis.ts';
import { unlistedGroups } from '../snapshot/unlisted-groups.ts';
import type { Port } from '../snapshot/snapshot.ts';
import { type CombinedExposure, combinedExposures } from './combined-exposures.ts';
import { type GroupExposure, exposureOfGroup } from './group-exposure.ts';
import { type TemplateExposure, templateExposures } from './template-exposure.ts';
import { type UnenforcedPort, unenforcedPorts } from './unenforced-ports.ts';

/** The exposures of the groups of a snapshot, and the ports where no group applies. */
export interface Exposures {
  /** Each group by itself, by its id. */
  readonly groups: ReadonlyMap<string, GroupExposure>;
  /** Groups that ports use together. */
  readonly combinedExposures: readonly CombinedExposure[];
  /** The exposures of the default rules, with which new groups begin. */
  readonly templates: readonly TemplateExposure[];
  readonly unenforcedPorts: readonly UnenforcedPort[];
  /** Ports that use groups which are in no list, by the group's id. */
  readonly unlistedGroups: ReadonlyMap<string, readonly Port[]>;
}

/** Measures the exposure of everything in a snapshot. */
export function exposuresOf(basis: ExposureBasis): Exposures {
  const { snapshot, criteria } = basis;
  const groups = new Map(
    snapshot.securityGroups.value.map((group) => [group.id, exposureOfGroup(group, basis)]),
  );
  return {
    groups,
    combinedExposures: combinedExposures(groups, snapshot.ports.value, criteria),
    templates: templateExposures(basis),
    unenforcedPorts: unenforcedPorts(snapshot),
    unlistedGroups: unlistedGroups(snapshot),
  };
}
