import { type AssessStackOptions, machineOfAddress, checkStackOptions } from './assess-options.ts';
import { type Finding, finding } from '@groundcrew/runbook';
import { catalogue as shipped } from './catalogue.ts';
import type { Catalogue, Component, Replicas } from './define-component.ts';
import { judgeTls } from './tls/judge-tls.ts';
import { gapsOf, plural, some } from '../probing/report.ts';
import type { StackSnapshot } from './snapshot.ts';

/**
 * Judges a management stack, component by component: what has one failure too few to spare, what is split, out of
 * step, about to expire; and what was not seen. Pure: the same snapshot gives the same findings.
 *
 * @example
 * const findings = worstFirst(assessStack(await observeStack(targets)));
 */
export function assessStack(
  snapshot: StackSnapshot,
  catalogue: Catalogue = shipped,
  options: AssessStackOptions = {},
): Finding[] {
  checkStackOptions(options);
  const ofComponents = Object.values(catalogue).flatMap((component) => {
    const replicas = component.replicas?.(snapshot);
    return [
      ...(replicas === undefined
        ? notSeen(component, snapshot, options)
        : [ofReplicas(component, replicas, options)]),
      ...(component.judge?.(snapshot, options) ?? []),
    ];
  });
  return [...ofComponents, ...judgeTls(snapshot, options), ...ofStrangers(snapshot, catalogue)];
}

/** What was observed under a name that the catalogue does not have, by a slip maybe, must not pass in silence. */
function ofStrangers(snapshot: StackSnapshot, catalogue: Catalogue): Finding[] {
  const asked = [
    ...snapshot.apis.map((one) => ({ name: one.value?.component ?? one.source.replace(/^api /, ''), one })),
    ...Object.entries(snapshot.others).flatMap(([name, all]) => all.map((one) => ({ name, one }))),
  ];
  const strangers = asked.filter(({ name }) => !Object.hasOwn(catalogue, name));
  return [
    ...strangers.map(({ name, one }) =>
      finding({
        id: 'stack.not-catalogued',
        verdict: 'unknown',
        severity: 'medium',
        title: `${name} was observed, and nobody knows how to judge it`,
        subject: { kind: 'component', id: name },
        because: [
          {
            statement: `an observation of ${name}, and no component of that name`,
            source: one.source,
            at: one.at,
          },
        ],
        remedy: 'Correct the name, or add it to the catalogue with defineComponent.',
      }),
    ),
    ...gapsOf(Object.values(snapshot.others).flat(), { id: 'stack.gap' }),
  ];
}

/** Nobody asked: of an essential component that is worth a word, since silence reads as a pass. */
function notSeen(
  component: Component,
  snapshot: StackSnapshot,
  { expect = [] }: AssessStackOptions,
): Finding[] {
  const own = Object.hasOwn(snapshot.others, component.name) ? (snapshot.others[component.name] ?? []) : [];
  if (own.length > 0 || !(component.essential || expect.includes(component.name))) return [];
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

function ofReplicas(component: Component, replicas: Replicas, options: AssessStackOptions): Finding {
  const machineOf = options.machineOf ?? machineOfAddress;
  const machines = [...new Set(replicas.working.map(machineOf))];
  const { sign = 'is seen to work' } = replicas;
  // A quorum of two is worse than one: either of them stops it.
  const wanted = component.wanted;
  const enough = machines.length >= wanted;
  const spared = component.mode === 'per-host' || wanted === 1;
  const because = [
    {
      statement: `working: ${some(replicas.working) || 'none'}${machines.length === replicas.working.length ? '' : `, on ${plural(machines.length, 'machine')}`}`,
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
      title: `${component.title} ${sign} on ${plural(machines.length, 'machine')}`,
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
      title: `How many of ${component.title} work is not known: ${plural(replicas.unseen.length, 'was', 'were')} not seen`,
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
        : `Run it on ${plural(wanted - machines.length, 'further machine')}.`,
  });
}

const subjectOf = (component: Component): Finding['subject'] => ({
  kind: 'component',
  id: component.name,
  name: component.title,
});
