import type { Observed } from '@groundcrew/core';
import { counted, type Evidence, type Finding, finding } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';
import { describePort } from '../exposure/admin-ports.ts';
import type { CombinedExposure } from '../exposure/combined-exposures.ts';
import type { Exposures } from '../exposure/exposures.ts';
import type { GroupExposure } from '../exposure/group-exposure.ts';
import { isOpenPort } from '../exposure/unenforced-ports.ts';

/**
 * Findings on projects without a failure: a pass if everything was seen that could fail, else unknown. A project with
 * a failure has the findings on it.
 */
export function projectFindings(assessment: Assessment, exposures: Exposures): Finding[] {
  const { groups, combinedExposures, unenforcedPorts } = exposures;
  const wrong = new Set([
    ...[...groups.values()].filter(isOpen).map(({ group }) => group.project_id),
    ...combinedExposures.filter(isOpen).flatMap(projectsOf),
    ...unenforcedPorts.filter(isOpenPort).map(({ port }) => port.project_id),
  ]);
  const byProject = Map.groupBy(groups.values(), ({ group }) => group.project_id);
  const more = doubtsByProject(exposures);
  return [...byProject]
    .filter(([id]) => !wrong.has(id))
    .map(([id, own]) => {
      const doubts = [
        ...own.flatMap((group) => group.exposures.flatMap((exposure) => exposure.doubts)),
        ...(more.get(id ?? '') ?? []),
      ];
      return projectFinding(id ?? '', own.length, doubts, assessment);
    });
}

/** Findings on doubts about groups together and about none alone, and about groups that were not seen. */
function doubtsByProject({
  combinedExposures,
  unenforcedPorts,
  unlistedGroups,
}: Exposures): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (id: string | null | undefined, statement: string): void => {
    // A group without a project is of the project `(none)`, by itself.
    const known = found.get(id ?? '');
    if (known === undefined) found.set(id ?? '', [statement]);
    else known.push(statement);
  };
  for (const combination of combinedExposures)
    for (const project of new Set(projectsOf(combination)))
      for (const { doubts } of combination.exposures) for (const doubt of doubts) add(project, doubt);
  for (const { port, enforcement } of unenforcedPorts)
    if (enforcement.is === 'unseen') add(port.project_id, `port ${port.id}: ${enforcement.why}`);
  for (const [id, users] of unlistedGroups)
    for (const project of new Set(users.map((port) => port.project_id)))
      add(project, `group ${id}, which a port of it uses, was not seen`);
  return found;
}

const isOpen = ({ exposures }: Pick<GroupExposure, 'exposures'>): boolean =>
  exposures.some((exposure) => exposure.wide !== undefined || exposure.ports.length > 0);

const projectsOf = ({ groups, ports }: CombinedExposure): (string | null | undefined)[] => [
  ...groups.map(({ group }) => group.project_id),
  ...ports.map((port) => port.project_id),
];

function projectFinding(
  id: string,
  groups: number,
  doubts: readonly string[],
  { snapshot, index, criteria: { ports: looked } }: Assessment,
): Finding {
  const name = index.projectName(id);
  // The words of a pass are what was looked at: rules, and these ports of all there are.
  const named = looked.length === 0 ? '' : ` or any of ${counted(looked.length, 'named port')}`;
  const claim = `opens everything${named} to everyone`;
  const { securityGroups } = snapshot;
  const found: Evidence = {
    statement: `none of ${counted(groups, 'security group')} that were seen ${claim}${looked.length === 0 ? '' : `: ${looked.map(describePort).join(', ')}`}`,
    source: securityGroups.source,
    at: securityGroups.at,
  };
  const missing = [securityGroups, snapshot.ports].filter(
    (observed: Observed<unknown>) => observed.completeness !== 'complete',
  );
  const sure = doubts.length === 0 && missing.length === 0;
  return finding({
    id: 'audit.project',
    verdict: sure ? 'pass' : 'unknown',
    severity: 'high',
    title: sure
      ? `No security group of project ${name} ${claim}`
      : `No security group that was seen of project ${name} ${claim}`,
    subject: { kind: 'project', id, name: name === id ? undefined : name },
    because: [
      found,
      ...[...new Set(doubts)].slice(0, 10).map((statement) => ({ ...found, statement })),
      ...missing.flatMap((list) =>
        list.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: list.at })),
      ),
    ],
    remedy: sure ? undefined : (missing[0]?.gaps[0]?.remedy ?? 'Look at these rules themselves.'),
  });
}
