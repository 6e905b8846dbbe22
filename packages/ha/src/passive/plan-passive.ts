import { definePlan, type Json, planned, type Planned, refused, type Step } from '@groundcrew/runbook';
import type { EnrollRefusal, EnrollRefusalCode } from '../enroll/enroll-refusal.ts';
import { frozenText } from '../enroll/frozen-text.ts';
import { checked } from '../stack/ask.ts';
import type { Component } from '../stack/component.ts';
import { quorumMargin } from '../stack/quorum.ts';
import type { PassiveSnapshot } from './observe-passive.ts';
import { activateCib, checkAgent, confirmOne, handOver, rehearseCib } from './passive-actions.ts';
import { digestOfElements, passiveElements } from './passive-elements.ts';
import { type ParsedPassive, type PassiveModel, PassiveOptions } from './passive-options.ts';

/** What moves others cannot be moved by itself. */
const MOVERS: ReadonlySet<string> = new Set(['keepalived', 'pacemaker']);

/**
 * What it takes for a component of which only one process may be active to be HA: Pacemaker gets it, and starts it
 * elsewhere when its node dies, after that node was fenced. Every node is asked whether it has the agent, and Pacemaker
 * itself says beforehand, on a copy of its configuration, whether the change is valid and that it touches nothing else.
 *
 * Refused where Pacemaker cannot fence a node: it could never know that the old one is off, and `planPassive` writes no
 * configuration in which it would guess. Pure: what is there comes in `present`.
 *
 * @throws InputError naming the field, PlanError
 * @example
 * const options = { nodes: ['ctl-1', 'ctl-2', 'ctl-3'], agent: 'systemd:cinder-volume' };
 * const present = await observePassive('cinder-volume', options, hosts);
 * const answer = planPassive(catalogue['cinder-volume'], options, present);
 * if (answer.ok) run(answer.plan, { approved, implementations: passiveHands({ hosts }), journal });
 */
export function planPassive(
  component: Component,
  options: PassiveOptions,
  present: PassiveSnapshot,
): Planned<EnrollRefusalCode> {
  const parsed = checked('planPassive', PassiveOptions, options);
  const { handOver: _hands, adopt: _adopt, id = component.name, ...shape } = parsed;
  const model: PassiveModel = { ...shape, id };
  const [refusal, ...refusals] = [
    ...ofComponent(component, parsed),
    ...ofCluster(component, parsed, present),
    ...ofOwner(component, parsed, present),
  ];
  if (refusal !== undefined) return refused(refusal, ...refusals);
  const there = present.present;
  const before = there === undefined || there.state === 'absent' ? null : there.elements;
  if (before !== null && digestOfElements(before) === digestOfElements(passiveElements(model)))
    return refused(
      aboutPassive(
        component,
        'enroll.already',
        `Pacemaker has ${model.id} this way already`,
        'Whether it moves, a drill tells.',
      ),
    );
  const [asked = ''] = parsed.nodes;
  const change = { host: asked, model, before: plainOf(before) };
  return planned(
    definePlan({
      id: `enroll-${component.name}`,
      title: `Make ${component.title} HA: one of ${parsed.nodes.join(', ')} runs it, and Pacemaker sees to that`,
      inputs: plainOf({ component: component.name, options }) as Json,
      steps: stepsOf(parsed, model, change),
      warnings: warningsOf(component, parsed, present),
    }),
  );
}

function stepsOf(
  { nodes, handOver: hands }: ParsedPassive,
  model: PassiveModel,
  change: Parameters<typeof activateCib.step>[0]['input'],
): Step[] {
  const checks = nodes.map((host) =>
    checkAgent.step({
      id: `check-agent-${host}`,
      input: { host, agent: model.agent, options: model.options },
      estimate: { seconds: 2 },
    }),
  );
  const rehearse = rehearseCib.step({
    id: 'rehearse',
    input: change,
    needs: checks.map(({ id }) => id),
    why: 'Nothing is changed before Pacemaker itself has said what it would do.',
    estimate: { seconds: 2 },
  });
  const given = (hands === undefined ? [] : nodes).map((host) =>
    handOver.step({
      id: `hand-over-${host}`,
      input: { host, run: hands?.run ?? [''], ...(hands?.undo === undefined ? {} : { undo: hands.undo }) },
      needs: [rehearse.id],
      why: 'Two that start it would start it twice.',
      estimate: { seconds: 5, downtime: 5 },
    }),
  );
  const activate = activateCib.step({
    id: 'activate',
    input: change,
    needs: [rehearse.id, ...given.map(({ id }) => id)],
    estimate: { seconds: 10, downtime: 10, basis: 'a guess: it is what the agent takes to start it' },
  });
  return [
    ...checks,
    rehearse,
    ...given,
    activate,
    confirmOne.step({
      id: 'confirm-one',
      input: { id: model.id, nodes: [...nodes] },
      needs: [activate.id],
      estimate: { seconds: 3 },
    }),
  ];
}

function ofComponent(component: Component, { nodes }: ParsedPassive): EnrollRefusal[] {
  const { title, mode, name } = component;
  if (mode !== 'active-passive')
    return [
      aboutPassive(
        component,
        'enroll.not-passive',
        `${title} is ${mode}: several of it work at the same time`,
        'planEnrollment() says how it becomes HA.',
      ),
    ];
  if (MOVERS.has(name))
    return [
      aboutPassive(
        component,
        'enroll.not-passive',
        `${title} is what moves others`,
        'Run it on several hosts.',
      ),
    ];
  return nodes.length > 1
    ? []
    : [aboutPassive(component, 'enroll.single-replica', 'one node is what fails then', 'Give a second one.')];
}

/** That nobody could look, or nothing. */
export function unseenCluster(
  component: Component,
  { status, present, gaps }: PassiveSnapshot,
): EnrollRefusal[] {
  if (status !== undefined && present !== undefined) return [];
  const [gap] = gaps;
  const why = gap === undefined ? 'nobody was asked' : `${gap.what}: ${gap.why}`;
  return [aboutPassive(component, 'enroll.unseen', why, gap?.remedy ?? 'Look again: observePassive().')];
}

function ofCluster(
  component: Component,
  { nodes }: ParsedPassive,
  snapshot: PassiveSnapshot,
): EnrollRefusal[] {
  const { status, present, devices } = snapshot;
  const say = (code: EnrollRefusalCode, reason: string, remedy: string): EnrollRefusal =>
    aboutPassive(component, code, reason, remedy);
  if (status === undefined || present === undefined) return unseenCluster(component, snapshot);
  const refusals: EnrollRefusal[] = [];
  if (status.quorum !== true)
    refusals.push(say('enroll.no-quorum', 'the cluster has no quorum', 'Bring members back first.'));
  if (status.noQuorumPolicy === 'ignore')
    refusals.push(
      say(
        'enroll.no-quorum',
        'without quorum everybody goes on: no-quorum-policy is ignore',
        'Set it to stop.',
      ),
    );
  if (status.maintenance === true)
    refusals.push(say('enroll.maintenance', 'the cluster is in maintenance', 'Switch it off first.'));
  if (status.stonith !== true)
    refusals.push(
      say(
        'enroll.no-fencing',
        status.stonith === false ? 'fencing is switched off' : 'whether nodes are fenced is not told',
        'Configure a fencing device for each node, then stonith-enabled=true.',
      ),
    );
  for (const node of nodes) {
    const seen = status.nodes.find(({ name }) => name === node);
    if (seen?.online !== true || seen.unclean)
      refusals.push(
        say(
          'enroll.unknown-node',
          seen === undefined ? `the cluster has no node ${node}` : `${node} is not online`,
          'Let it join first: what is not there cannot be asked for the agent.',
        ),
      );
    const count = devices[node];
    if (count === 0 || count === undefined)
      refusals.push(
        say(
          'enroll.no-fencing',
          count === 0 ? `no device fences ${node}` : `whether a device fences ${node} is not told`,
          'Configure one: `stonith_admin --list NODE` tells who can.',
        ),
      );
  }
  return refusals;
}

function ofOwner(
  component: Component,
  { adopt, id }: ParsedPassive,
  snapshot: PassiveSnapshot,
): EnrollRefusal[] {
  const { present } = snapshot;
  if (adopt || (present?.state !== 'foreign' && present?.state !== 'edited')) return [];
  const name = id ?? component.name;
  return [
    present.state === 'edited'
      ? aboutPassive(
          component,
          'enroll.edited',
          `the resource ${name} was made by groundcrew, and changed by hand since`,
          'Say what was changed by options instead, or overwrite it: adopt: true.',
        )
      : aboutPassive(
          component,
          'enroll.foreign',
          `the cluster has a resource ${name} that somebody else made`,
          'Give another `id`, or take it over: adopt: true.',
        ),
  ];
}

function warningsOf(
  { unsafe }: Component,
  { handOver: hands }: ParsedPassive,
  { status, present }: PassiveSnapshot,
): string[] {
  const voters = status?.nodes.filter(({ type }) => type === 'member') ?? [];
  const margin = quorumMargin({
    of: voters.length,
    present: voters.filter(({ online }) => online).length,
  });
  return [
    ...(margin < 1
      ? [`${voters.length} nodes, none of which may fail: with one less there is no quorum`]
      : []),
    ...(hands === undefined
      ? ['Nobody else may start it: where systemd does at boot, it runs twice. Say `handOver`, or see to it.']
      : []),
    ...(present?.state === 'foreign' || present?.state === 'edited'
      ? [`The resource that is there, ${present.state}, is replaced; undoing puts it back.`]
      : []),
    ...unsafe.map(({ when, why }) => `Never: ${when}; ${why}.`),
  ];
}

/** A refusal about a component. */
export const aboutPassive = (
  { name }: Component,
  code: EnrollRefusalCode,
  reason: string,
  remedy: string,
): EnrollRefusal => ({ code, reason, remedy, subject: { kind: 'component', id: name } });

/** As JSON keeps it. */
export const plainOf = <T>(value: T): T => JSON.parse(frozenText(value)) as T;
