import type { Observed } from '@groundcrew/core';
import { type Evidence, type Finding, finding } from '@groundcrew/runbook';
import { type AdminPort, portWords } from '../exposure/admin-ports.ts';
import type { Combination } from '../exposure/combinations.ts';
import type { JudgedGroup } from '../exposure/group-exposure.ts';
import type { AuditSnapshot } from '../observe.ts';
import { type DoubtfulPort, isOpenPort } from './port-findings.ts';
import { counted } from '../reach/describe-rule.ts';
import { strangersOf } from './unlisted-groups.ts';
import type { World } from '../index/snapshot-index.ts';

/**
 * Projects of which nothing is wrong: passed if all was seen that could be wrong, or else unknown. One of which
 * something is wrong has its own findings.
 */
export function ofProjects(
  snapshot: AuditSnapshot,
  world: World,
  judged: ReadonlyMap<string, JudgedGroup>,
  shared: readonly Combination[],
  doubtful: readonly DoubtfulPort[],
  looked: readonly AdminPort[],
): Finding[] {
  const wrong = new Set([
    ...[...judged.values()].filter(isOpen).map(({ group }) => group.project_id),
    ...shared.filter(isOpen).flatMap(projectsOf),
    ...doubtful.filter(isOpenPort).map(({ port }) => port.project_id),
  ]);
  const byProject = Map.groupBy(judged.values(), ({ group }) => group.project_id);
  const more = doubtsByProject(snapshot, shared, doubtful);
  return [...byProject]
    .filter(([id]) => !wrong.has(id))
    .map(([id, groups]) => {
      const doubts = [
        ...groups.flatMap((one) => one.exposures.flatMap((exposure) => exposure.doubts)),
        ...(more.get(id ?? '') ?? []),
      ];
      return ofProject(id ?? '', groups.length, doubts, snapshot, world, looked);
    });
}

/** What is doubtful of groups together and of none alone, and of groups that were not seen. */
function doubtsByProject(
  snapshot: AuditSnapshot,
  shared: readonly Combination[],
  doubtful: readonly DoubtfulPort[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (id: string | null | undefined, statement: string): void => {
    // A group without a project is of the project `(none)`, by itself.
    const known = found.get(id ?? '');
    if (known === undefined) found.set(id ?? '', [statement]);
    else known.push(statement);
  };
  for (const one of shared)
    for (const project of new Set(projectsOf(one)))
      for (const { doubts } of one.exposures) for (const doubt of doubts) add(project, doubt);
  for (const { port, enforcement } of doubtful)
    if (enforcement.is === 'unseen') add(port.project_id, `port ${port.id}: ${enforcement.why}`);
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
  looked: readonly AdminPort[],
): Finding {
  const name = world.projectName(id);
  // The words of a pass are what was looked at: rules, and these ports of all there are.
  const named = looked.length === 0 ? '' : ` or any of ${counted(looked.length, 'named port')}`;
  const claim = `opens everything${named} to everyone`;
  const { securityGroups } = snapshot;
  const found: Evidence = {
    statement: `none of ${counted(groups, 'security group')} that were seen ${claim}${looked.length === 0 ? '' : `: ${looked.map(portWords).join(', ')}`}`,
    source: securityGroups.source,
    at: securityGroups.at,
  };
  const missing = [securityGroups, snapshot.ports].filter(
    (one: Observed<unknown>) => one.completeness !== 'complete',
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
      ...missing.flatMap((one) =>
        one.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: one.at })),
      ),
    ],
    remedy: sure ? undefined : (missing[0]?.gaps[0]?.remedy ?? 'Look at these rules themselves.'),
  });
}
