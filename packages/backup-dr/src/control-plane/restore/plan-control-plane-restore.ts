import { anObjectWith, parseArguments } from '@groundcrew/ground';
import { definePlan, type Gate, type Json, planned, type Planned, refused } from '@groundcrew/runbook';
import type { RecoveryPoint } from '../../repository/point.ts';
import { syncOvn } from './control-plane-actions.ts';
import { controlPlaneRefusals, type ControlPlaneRefusalCode } from './control-plane-refusals.ts';
import { type ControlPlaneTarget, controlPlaneTarget } from './control-plane-target.ts';
import { partsOfPoint, provenFactsOf, type StoredPart } from './read-contents.ts';
import { PhasedSteps } from './phased-steps.ts';
import { restoreSteps, startSteps, stopSteps } from './restore-phases.ts';

/**
 * Plans how a control plane comes back from a point. Pure. All components stop, the last of the order first; then the databases come
 * back, are started and compared with the copy; then keys and files; then the broker with its definitions, and the databases of OVN; then
 * the other components in their order; last OVN is compared with Neutron, and after a gate made the same. What was there before is moved aside, not removed.
 *
 * @throws InputError naming the field
 * @example
 * const planned = planControlPlaneRestore(point, {
 *   order: startOrder(catalogue, Object.keys(components)),
 *   components,
 *   databases: { mariadb: { host: 'ctl-1', component: 'mariadb' } },
 *   definitions: { rabbitmq: { host: 'ctl-1', component: 'rabbitmq' } },
 *   ovn: { host: 'ctl-1', command: ['neutron-ovn-db-sync-util', '--config-file', '/etc/neutron/neutron.conf'] },
 * });
 * if (planned.ok) console.log(explain(planned.plan));
 */
export function planControlPlaneRestore(
  point: RecoveryPoint,
  target: ControlPlaneTarget,
): Planned<ControlPlaneRefusalCode> {
  parseArguments('planControlPlaneRestore', controlPlaneTarget, target);
  parseArguments(
    'planControlPlaneRestore',
    anObjectWith<RecoveryPoint>('a RecoveryPoint, as a repository tells it', 'id', 'contents', 'streams'),
    point,
  );
  const parts = partsOfPoint(point);
  if ('why' in parts)
    return refused({
      code: 'control-plane.not-one',
      reason: `point ${point.id} is no point of a control plane: ${parts.why}`,
      remedy: 'Take one with the label kind: control-plane.',
    });
  const chosen = parts.filter(({ name }) => target.only === undefined || target.only.includes(name));
  const [first, ...more] = controlPlaneRefusals(point, parts, chosen, target);
  if (first !== undefined) return refused(first, ...more);

  const steps = new PhasedSteps();
  const ofKind = (kind: StoredPart['kind']): readonly StoredPart[] =>
    chosen.filter((part) => part.kind === kind);
  for (const layer of target.order.toReversed()) steps.next(stopSteps(layer, target));
  for (const kind of ['database', 'files', 'definitions', 'ovsdb'] as const)
    for (const part of ofKind(kind)) restoreSteps(steps, part, { point, target });
  for (const layer of target.order) steps.next(startSteps(steps, layer, target));
  const gates = syncSteps(steps, target);
  return planned(
    definePlan({
      id: 'restore-control-plane',
      title: `Restore the control plane ${point.labels['site'] ?? ''} of ${point.at}`.replace('  ', ' '),
      inputs: JSON.parse(
        JSON.stringify({ point: point.id, at: point.at, parts: chosen.map(({ name }) => name) }),
      ) as Json,
      steps: steps.all,
      gates,
      // Layers are small, and each of their hosts is another one.
      concurrency: { total: 8 },
      warnings: warningsOf(point, chosen, target),
    }),
  );
}

/** First it is told what differs; a person looks at it before anything is made the same. */
function syncSteps(steps: PhasedSteps, { ovn }: ControlPlaneTarget): readonly Gate[] {
  if (ovn === undefined) return [];
  for (const [id, mode, why] of SYNCS)
    steps.next([
      {
        id,
        make: (needs) =>
          syncOvn.step({
            id,
            input: { host: ovn.host, command: [...ovn.command], mode },
            needs,
            timeout: '2h',
            why,
          }),
      },
    ]);
  return [
    {
      id: 'ovn',
      question: 'Is what OVN would lose what the restored databases may not know?',
      before: ['ovn-repair'],
    },
  ];
}

const SYNCS = [
  ['ovn-log', 'log', 'What differs is seen before anything is changed.'],
  [
    'ovn-repair',
    'repair',
    'It removes from OVN what Neutron’s databases, which are older than OVN, do not know.',
  ],
  ['ovn-after', 'log', 'What still differs is told.'],
] as const;

function warningsOf(
  point: RecoveryPoint,
  chosen: readonly StoredPart[],
  { ovn }: ControlPlaneTarget,
): readonly string[] {
  const databases = chosen.filter(({ kind }) => kind === 'database');
  return [
    ...point.gaps.map(({ what, why }) => `Not in the point: ${what}: ${why}.`),
    ...(databases.length === 0
      ? []
      : [
          `What was made since ${point.at} is not in the databases: look for it with findOrphans before users come back.`,
        ]),
    ...databases
      .filter((part) => provenFactsOf(part)?.position.kind === 'galera')
      .map(
        ({ name }) =>
          `${name} was a node of Galera: start it as a new cluster, and let the others join it empty.`,
      ),
    ...databases
      .filter((part) => provenFactsOf(part) === undefined)
      .map(({ name }) => `The copy of ${name} was never started, and nothing is compared with it.`),
    ...(ovn === undefined
      ? []
      : [
          'While OVN is compared, nobody may change networks: the comparison fails on what changes meanwhile.',
        ]),
  ];
}
