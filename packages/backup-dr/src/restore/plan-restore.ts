import { parseArguments, visible } from '@groundcrew/ground';
import { definePlan, type Json, type Planned, planned, refused } from '@groundcrew/runbook';
import type { PointKind, TenantPoint } from '../point/tenant-point.ts';
import { chooseResources } from './choose.ts';
import { type RestoreMapping, restoreMapping } from './mapping.ts';
import { planRemovals, refuseTakenNames } from './names.ts';
import { refuseOlder } from './older-release.ts';
import { planContainers } from './plan-containers.ts';
import { planGroups } from './plan-groups.ts';
import { planImages } from './plan-images.ts';
import { planKeypairs } from './plan-keypairs.ts';
import { planNetworks } from './plan-networks.ts';
import { planFloatingIps, planPorts } from './plan-ports.ts';
import { planServerGroups, planServers } from './plan-servers.ts';
import { planVolumes } from './plan-volumes.ts';
import { Planning, refuseUnseen, type RestoreRefusalCode } from './planning.ts';
import { refuseOverQuota } from './quotas.ts';
import type { RestoreTarget } from './read-target.ts';
import { findStandIns } from './stand-ins.ts';

/** Kinds that a point has for the record, and that no plan makes. */
const NOT_MADE: readonly (readonly [kind: PointKind, words: string])[] = [
  ['load-balancer', 'load balancers'],
  ['role-assignment', 'role assignments'],
];

/**
 * Plans how a recovery point comes back, here or on another cloud. Pure: everything is decided from the point, from what was seen
 * of the target, and from the mapping; nothing is asked.
 *
 * It answers a plan to approve, or every reason why there is none. Nothing of the target is overwritten or deleted unless
 * `replace` names it. What the point does not have, or what is not restored as it was, is a warning of the plan.
 *
 * @throws InputError on a mapping with a field that it does not know
 * @example
 * const restore = planRestore(point, await readTarget(target, { project: 'shop-dr' }), {
 *   project: 'shop-dr',
 *   networks: { public: 'ext-net' },
 *   flavors: 'closest',
 * });
 * if (!restore.ok) for (const { code, reason, remedy } of restore.refusals) console.log(code, reason, remedy);
 */
export function planRestore(
  point: TenantPoint,
  target: RestoreTarget,
  mapping: RestoreMapping,
): Planned<RestoreRefusalCode> {
  parseArguments('planRestore', restoreMapping, mapping);
  const { chosen, absent } = chooseResources(point, mapping);
  const planning = new Planning(point, target, mapping, chosen);
  for (const choice of absent)
    planning.refuse(
      'not-in-point',
      undefined,
      `only names ${choice.kind} ${choice.id ?? choice.name}, which the point does not have`,
      undefined,
    );
  if (mapping.project !== target.project.id && mapping.project !== target.project.name)
    planning.refuse(
      'other-project',
      undefined,
      `the mapping is for project ${mapping.project}, and the target that was read is ${target.project.name}`,
      'Read the target of the project that is meant.',
    );
  refuseUnseen(planning);
  // What cannot be decided without the whole target would be refused for the wrong reasons.
  if (planning.refusals.length === 0) planAll(planning);
  const [first, ...more] = planning.refusals;
  if (first !== undefined) return refused(first, ...more);
  if (planning.steps.length === 0)
    return refused({
      code: 'nothing-to-restore',
      reason: 'the point has nothing that a plan makes, or the target has all of it',
      remedy: undefined,
    });
  return planned(
    definePlan({
      id: 'restore-tenant',
      title: `Restore project ${visible(point.project.name)} of ${point.at} into project ${visible(target.project.name)} of ${visible(target.cloud.name)}`,
      inputs: {
        point: point.digest,
        project: target.project,
        cloud: target.cloud,
        seen: target.at,
        mapping: JSON.parse(JSON.stringify(mapping)) as Json,
      },
      steps: planning.steps,
      warnings: [...pointWarnings(planning), ...planning.warnings],
    }),
  );
}

function planAll(planning: Planning): void {
  refuseOlder(planning);
  findStandIns(planning);
  refuseTakenNames(planning);
  const removed = planRemovals(planning);
  planImages(planning);
  planContainers(planning);
  const groups = planGroups(planning);
  const interfaces = planNetworks(planning);
  const subnets = planPorts(planning, interfaces);
  planKeypairs(planning, removed);
  planServerGroups(planning, removed);
  const volumes = planVolumes(planning, removed);
  const sizes = planServers(planning, { subnets, groups, volumes, removed });
  planFloatingIps(planning, interfaces);
  refuseOverQuota(planning, sizes);
}

/** What a person must know about the point itself before approving. */
function pointWarnings(planning: Planning): readonly string[] {
  const { completeness, gaps } = planning.point;
  return [
    ...(completeness === 'complete' ? [] : [partialWarning(gaps.map(({ what }) => what))]),
    ...NOT_MADE.flatMap(([kind, words]) => {
      const count = planning.of(kind).length;
      return count === 0 ? [] : [`${count} ${words} are in the point for the record, and are not restored`];
    }),
  ];
}

/** Gaps that are named in a warning; a point may have thousands. */
const MOST_NAMED = 10;

function partialWarning(gaps: readonly string[]): string {
  const named = gaps
    .slice(0, MOST_NAMED)
    .map((what) => visible(what))
    .join(', ');
  const more = gaps.length > MOST_NAMED ? ` and ${gaps.length - MOST_NAMED} more` : '';
  return `The point is partial: ${named}${more} could not be seen, and cannot come back`;
}
