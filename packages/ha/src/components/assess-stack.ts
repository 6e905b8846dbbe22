import { counted, type Finding, finding } from '@groundcrew/ground';
import { gapsOf, some } from '../probing/report.ts';
import { type AssessStackOptions, type JudgeOptions, judgeOptions } from './assess-options.ts';
import { type BuiltInCatalogue, catalogue as shipped } from './catalogue.ts';
import type { Replicas } from './component-facts.ts';
import type { StackView } from './component-observer.ts';
import type { Catalogue, Component } from './define-component.ts';
import { eachReplica } from './replicas.ts';
import type { Seen } from './seen.ts';
import {
  type CatalogueOption,
  observationsIn,
  observersOf,
  seenOfComponent,
  type StackSnapshot,
  viewOf,
} from './snapshot.ts';
import { unseenWords } from './unseen-words.ts';

/**
 * Judges a management stack, component by component: what has one failure too few to spare, what is split, out of
 * step, about to expire; and what was not seen. Pure: the same snapshot gives the same findings.
 *
 * @throws InputError on an option that there is not
 * @example
 * const findings = worstFirst(assessStack(await observeStack(targets)));
 */
export function assessStack<C extends Catalogue = BuiltInCatalogue>(
  snapshot: StackSnapshot<C>,
  options: AssessStackOptions & CatalogueOption<C> = {},
): Finding[] {
  const judged = judgeOptions(options);
  const catalogue: Catalogue = options.catalogue ?? shipped;
  const view = viewOf(snapshot);
  const observers = new Set<Component>(observersOf(catalogue).values());
  const componentFindings = Object.values(catalogue).flatMap((component) => {
    const seen = seenOfComponent(component, view);
    const replicas = replicasOf(component, seen, view);
    // Of targets that several components share without a distinction, the first of them reports the gaps.
    const reports = component.componentOf !== undefined || observers.has(component);
    return [
      ...(replicas === undefined
        ? unaskedFindings(component, seen, judged)
        : [replicaFinding(component, replicas, judged)]),
      ...(reports ? gapsOf(seen, unseenWords(component)) : []),
      ...(component.judge?.(seen, judged, view) ?? []),
    ];
  });
  return [...componentFindings, ...uncataloguedFindings(snapshot, catalogue)];
}

const replicasOf = (
  component: Component,
  seen: readonly Seen<unknown>[],
  view: StackView,
): Replicas | undefined =>
  component.replicas === undefined ? eachReplica(component, seen) : component.replicas(seen, view);

/** Findings for observations under a name that the catalogue does not have, which may be a slip: they must not be dropped. */
function uncataloguedFindings(snapshot: object, catalogue: Catalogue): Finding[] {
  const observers = observersOf(catalogue);
  const uncatalogued = [...observationsIn(snapshot)].flatMap(([key, observations]) =>
    observations
      .map((seen) => {
        const observer = observers.get(key);
        // Observed by a component of the catalogue, and of none in particular.
        if (observer !== undefined && observer.componentOf === undefined) return { name: undefined, seen };
        return { name: observer?.componentOf?.(seen) ?? key, seen };
      })
      .flatMap(({ name, seen }) =>
        name === undefined || (observers.has(key) && Object.hasOwn(catalogue, name)) ? [] : [{ name, seen }],
      ),
  );
  return [
    ...uncatalogued.map(({ name, seen }) =>
      finding({
        id: 'stack.not-catalogued',
        verdict: 'unknown',
        severity: 'medium',
        title: `${name} was observed, and nobody knows how to judge it`,
        subject: { kind: 'component', id: name },
        because: [
          {
            statement: `an observation of ${name}, and no component of that name`,
            source: seen.source,
            at: seen.at,
          },
        ],
        remedy: 'Correct the name, or add it to the catalogue with defineComponent.',
      }),
    ),
    ...gapsOf(
      uncatalogued.map(({ seen }) => seen),
      { id: 'stack.gap' },
    ),
  ];
}

/** The findings for essential components that were not asked: silence would read as a pass. */
function unaskedFindings(
  component: Component,
  seen: readonly Seen<unknown>[],
  { expect }: JudgeOptions,
): Finding[] {
  const isJudged = seen.length > 0 && (component.judge !== undefined || component.replica !== undefined);
  if (isJudged || !(component.essential || expect.includes(component.name))) return [];
  return [
    finding({
      id: 'stack.unseen',
      verdict: 'unknown',
      severity: 'high',
      title: `Nobody asked ${component.title}`,
      subject: subjectOf(component),
      because: [{ statement: `no observation; without any, ${component.stops}`, source: 'snapshot' }],
      remedy:
        component.worker === undefined
          ? 'Name it in the targets of observeStack.'
          : 'Give observeStack the heartbeats of observe(cloud).',
    }),
  ];
}

function replicaFinding(component: Component, replicas: Replicas, { machineOf }: JudgeOptions): Finding {
  const machines = [...new Set(replicas.working.map(machineOf))];
  const { sign = 'is seen to work' } = replicas;
  // A quorum of two is worse than one: either of them stops it.
  const wanted = component.wanted;
  const enough = machines.length >= wanted;
  const spared = component.mode === 'per-host' || wanted === 1;
  const because = [
    {
      statement: `working: ${some(replicas.working) || 'none'}${machines.length === replicas.working.length ? '' : `, on ${counted(machines.length, 'machine')}`}`,
      source: replicas.source,
      at: replicas.at,
    },
    ...(replicas.broken.length > 0
      ? [{ statement: `not working: ${some(replicas.broken)}`, source: replicas.source, at: replicas.at }]
      : []),
    ...(replicas.unseen.length > 0
      ? [{ statement: `not seen: ${some(replicas.unseen)}`, source: replicas.source, at: replicas.at }]
      : []),
    { statement: `without any, ${component.stops}`, source: 'catalogue' },
  ];
  const base = { id: 'stack.single-point-of-failure', subject: subjectOf(component), because };
  if (enough)
    return finding({
      ...base,
      verdict: 'pass',
      severity: spared ? 'medium' : 'high',
      title: `${component.title} ${sign} on ${counted(machines.length, 'machine')}`,
      remedy: undefined,
    });
  // What was not seen may work: then there are enough, and this is no failure.
  if (
    machines.length + replicas.unseen.length >= wanted ||
    (machines.length === 0 && replicas.unseen.length > 0)
  )
    return finding({
      ...base,
      verdict: 'unknown',
      severity: 'high',
      title: `How many of ${component.title} work is not known: ${counted(replicas.unseen.length, 'was', 'were')} not seen`,
      remedy: 'Make every replica visible.',
    });
  if (machines.length === 0)
    return finding({
      ...base,
      verdict: 'fail',
      severity: 'critical',
      title: `No ${component.title} works`,
      remedy: `Start it: ${some(replicas.broken) || 'anywhere'}.`,
    });
  return finding({
    ...base,
    verdict: 'fail',
    severity: 'high',
    title:
      machines.length <= 1
        ? `${component.title} ${sign} on ${machines[0]} only: a single point of failure`
        : `${component.title} ${sign} on ${machines.length} machines, ${wanted} are wanted`,
    remedy:
      replicas.broken.length > 0
        ? `Bring back ${some(replicas.broken)}.`
        : `Run it on ${counted(wanted - machines.length, 'further machine')}.`,
  });
}

const subjectOf = (component: Component): Finding['subject'] => ({
  kind: 'component',
  id: component.name,
  name: component.title,
});
