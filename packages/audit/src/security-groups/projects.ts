import type { Observed } from '@groundcrew/core';
import { type Evidence, type Finding, finding } from '@groundcrew/runbook';
import type { Combination } from './combinations.ts';
import type { JudgedGroup } from './judged.ts';
import type { AuditSnapshot } from './observe.ts';
import { unprotected } from './ports.ts';
import { counted } from './statements.ts';
import { strangersOf } from './strangers.ts';
import type { World } from './world.ts';

/**
 * Projects of which nothing is wrong: passed if all was seen that could be wrong, or else unknown. One of which
 * something is wrong has its own findings.
 */
export function ofProjects(
  snapshot: AuditSnapshot,
  world: World,
  judged: ReadonlyMap<string, JudgedGroup>,
  shared: readonly Combination[],
): Finding[] {
  const wrong = new Set([
    ...[...judged.values()].filter(isOpen).map(({ group }) => group.project_id),
    ...shared.filter(isOpen).flatMap(projectsOf),
    ...unprotected(snapshot.ports.value).map((port) => port.project_id),
  ]);
  const byProject = Map.groupBy(judged.values(), ({ group }) => group.project_id);
  const more = doubtsByProject(snapshot, shared);
  return [...byProject]
    .filter(([id]) => !wrong.has(id))
    .map(([id, groups]) => {
      const doubts = [
        ...groups.flatMap((one) => one.exposures.flatMap((exposure) => exposure.doubts)),
        ...(more.get(id ?? '') ?? []),
      ];
      return ofProject(id ?? '', groups.length, doubts, snapshot, world);
    });
}

/** What is doubtful of groups together and of none alone, and of groups that were not seen. */
function doubtsByProject(
  snapshot: AuditSnapshot,
  shared: readonly Combination[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (id: string | null | undefined, statement: string): void => {
    const known = found.get(id ?? '');
    if (known === undefined) found.set(id ?? '', [statement]);
    else known.push(statement);
  };
  for (const one of shared)
    for (const project of new Set(projectsOf(one)))
      for (const { doubts } of one.exposures) for (const doubt of doubts) add(project, doubt);
  for (const [id, users] of strangersOf(snapshot))
    for (const project of new Set(users.map((port) => port.project_id)))
      add(project, `group ${id}, which a port of it uses, was not seen`);
  return found;
}

const isOpen = ({ exposures }: Pick<JudgedGroup, 'exposures'>): boolean =>
  exposures.some((one) => one.wide !== undefined || one.ports.length > 0);

const projectsOf = ({ groups, ports }: Combination): (string | null | undefined)[] => [
  ...groups.map(({ group }) => group.project_id),
  ...ports.map((port) => port.project_id),
];

function ofProject(
  id: string,
  groups: number,
  doubts: readonly string[],
  snapshot: AuditSnapshot,
  world: World,
): Finding {
  const name = world.projectName(id);
  const { securityGroups, ports } = snapshot;
  const found: Evidence = {
    statement: `none of ${counted(groups, 'security group')} that were seen opens everything or an administrators' port to everyone`,
    source: securityGroups.source,
    at: securityGroups.at,
  };
  const missing = [securityGroups, ports].filter((one: Observed<unknown>) => one.completeness !== 'complete');
  const sure = doubts.length === 0 && missing.length === 0;
  return finding({
    id: 'audit.project',
    verdict: sure ? 'pass' : 'unknown',
    severity: 'high',
    title: sure
      ? `Nothing of project ${name} is open to everyone`
      : `Nothing that was seen of project ${name} is open to everyone`,
    subject: { kind: 'project', id, name: name === id ? undefined : name },
    because: [
      found,
      ...[...new Set(doubts)].slice(0, 10).map((statement) => ({ ...found, statement })),
      ...missing.flatMap((one) =>
        one.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: one.at })),
      ),
    ],
    remedy: sure ? undefined : (missing[0]?.gaps[0]?.remedy ?? 'Look at these rules themselves.'),
  });
}
