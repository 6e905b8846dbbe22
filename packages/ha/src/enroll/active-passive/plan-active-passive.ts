import { parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused, type Step } from '@groundcrew/runbook';
import type { EnrollRefusalCode } from '../enroll-refusal.ts';
import { frozenText } from '../frozen-text.ts';
import type { Component } from '../../components/define-component.ts';
import { quorumMargin } from '../../probing/quorum.ts';
import type { ActivePassiveSnapshot } from './observe-active-passive.ts';
import { activateCib, checkAgent, confirmOne, handOver, rehearseCib } from './active-passive-actions.ts';
import { digestOfElements, resourceElements } from './resource-elements.ts';
import {
  type ParsedActivePassive,
  type ActivePassiveModel,
  ActivePassiveOptions,
} from './active-passive-options.ts';
import { refusalOf, clusterRefusals, componentRefusals, ownerRefusals } from './active-passive-refusals.ts';

/**
 * Plans how a component of which only one process may be active becomes highly available: Pacemaker gets it, and starts it
 * elsewhere when its node dies, after that node was fenced. Every node is asked whether it has the agent, and Pacemaker
 * itself says beforehand, on a copy of its configuration, whether the change is valid and that it touches nothing else.
 *
 * Refused where Pacemaker cannot fence a node: it could never know that the old one is off, and `planActivePassive` writes no
 * configuration in which it would guess. Pure: what is there comes in `present`.
 *
 * @throws InputError naming the field, PlanError
 * @example
 * const options = { nodes: ['ctl-1', 'ctl-2', 'ctl-3'], agent: 'systemd:cinder-volume' };
 * const present = await observeActivePassive('cinder-volume', options, hosts);
 * const answer = planActivePassive(catalogue['cinder-volume'], options, present);
 * if (answer.ok) run(answer.plan, { approved, implementations: activePassiveImplementations({ hosts }), journal });
 */
export function planActivePassive(
  component: Component,
  options: ActivePassiveOptions,
  present: ActivePassiveSnapshot,
): Planned<EnrollRefusalCode> {
  const parsed = parseArguments('planActivePassive', ActivePassiveOptions, options);
  const { handOver: _handOver, adopt: _adopt, id = component.name, ...shape } = parsed;
  const model: ActivePassiveModel = { ...shape, id };
  const [refusal, ...refusals] = [
    ...componentRefusals(component, parsed),
    ...clusterRefusals(component, parsed, present),
    ...ownerRefusals(component, model.id, parsed.adopt, present, {
      edited: 'Say what was changed by options instead, or overwrite it: adopt: true.',
      foreign: 'Give another `id`, or take it over: adopt: true.',
    }),
  ];
  if (refusal !== undefined) return refused(refusal, ...refusals);
  const there = present.present;
  const before = there === undefined || there.state === 'absent' ? null : there.elements;
  if (before !== null && digestOfElements(before) === digestOfElements(resourceElements(model)))
    return refused(
      refusalOf(
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
  { nodes, handOver: commands }: ParsedActivePassive,
  model: ActivePassiveModel,
  change: Parameters<typeof activateCib.step>[0]['input'],
): Step[] {
  const checks = nodes.map((host) =>
    checkAgent.step({
      id: `check-agent-${host}`,
      input: { host, agent: model.agent, options: model.options },
      estimate: { duration: '2s' },
    }),
  );
  const rehearse = rehearseCib.step({
    id: 'rehearse',
    input: change,
    needs: checks.map(({ id }) => id),
    why: 'Nothing is changed before Pacemaker itself has said what it would do.',
    estimate: { duration: '2s' },
  });
  const given = (commands === undefined ? [] : nodes).map((host) =>
    handOver.step({
      id: `hand-over-${host}`,
      input: {
        host,
        run: commands?.run ?? [''],
        ...(commands?.undo === undefined ? {} : { undo: commands.undo }),
      },
      needs: [rehearse.id],
      why: 'Two that start it would start it twice.',
      estimate: { duration: '5s', downtime: '5s' },
    }),
  );
  const activate = activateCib.step({
    id: 'activate',
    input: change,
    needs: [rehearse.id, ...given.map(({ id }) => id)],
    estimate: { duration: '10s', downtime: '10s', basis: 'a guess: it is what the agent takes to start it' },
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
      estimate: { duration: '3s' },
    }),
  ];
}

function warningsOf(
  { unsafe }: Component,
  { handOver: commands }: ParsedActivePassive,
  { status, present }: ActivePassiveSnapshot,
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
    ...(commands === undefined
      ? ['Nobody else may start it: where systemd does at boot, it runs twice. Say `handOver`, or see to it.']
      : []),
    ...(present?.state === 'foreign' || present?.state === 'edited'
      ? [`The resource that is there, ${present.state}, is replaced; undoing puts it back.`]
      : []),
    ...unsafe.map(({ when, why }) => `Never: ${when}; ${why}.`),
  ];
}

/** The value as JSON keeps it. */
export const plainOf = <T>(value: T): T => JSON.parse(frozenText(value)) as T;
