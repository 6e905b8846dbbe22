import { parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused, type Step } from '@groundcrew/runbook';
import * as z from 'zod';
import { argv, word } from '../config-words.ts';
import type { EnrollRefusal, EnrollRefusalCode } from '../enroll-refusal.ts';
import type { Component } from '../../components/define-component.ts';
import type { ActivePassiveSnapshot } from './observe-active-passive.ts';
import { plainOf } from './plan-active-passive.ts';
import { refusalOf, ownerRefusals, unseenClusterRefusals } from './active-passive-refusals.ts';
import { handBack, rehearseRemoval, retireCib } from './retirement-actions.ts';

const ActivePassiveRetirementOptions = z.strictObject({
  /** Nodes that may run it; the first is asked for the state of the cluster. Each has a `Host` of the same name. */
  nodes: z.array(word).min(1).max(32),
  /** The resource's name in the cluster. @default the component's */
  id: word.optional(),
  /** The command that starts it from now on, on one node: `{ node: 'ctl-1', run: ['systemctl', 'enable', '--now', …] }`. */
  handBack: z.strictObject({ node: word, run: argv, undo: argv.optional() }).optional(),
  /** Take out a resource that somebody else configured, or that was changed by hand. */
  adopt: z.boolean().default(false),
});
export type ActivePassiveRetirementOptions = Readonly<z.input<typeof ActivePassiveRetirementOptions>>;

/**
 * Plans how a component is taken from Pacemaker: it is stopped, every node is asked whether it is, and only then it leaves the
 * configuration and is given to whoever starts it from now on. Pacemaker itself says beforehand, on a copy, that this
 * touches nothing else. The component is not HA any more. Pure.
 *
 * @throws InputError naming the field, PlanError
 * @example
 * const options = { nodes: ['ctl-1', 'ctl-2', 'ctl-3'] };
 * const answer = planActivePassiveRetirement(catalogue['cinder-volume'], options, await
 * observeActivePassive('cinder-volume', options, hosts)); if (answer.ok) run(answer.plan, { approved, implementations:
 * activePassiveImplementations({ hosts }), journal });
 */
export function planActivePassiveRetirement(
  component: Component,
  options: ActivePassiveRetirementOptions,
  present: ActivePassiveSnapshot,
): Planned<EnrollRefusalCode> {
  const parsed = parseArguments('planActivePassiveRetirement', ActivePassiveRetirementOptions, options);
  const { nodes, id = component.name, handBack: successor } = parsed;
  const refusals = [
    ...unseenClusterRefusals(component, present),
    ...resourceRefusals(component, id, present),
    ...ownerRefusals(component, id, parsed.adopt, present, {
      edited: 'Take it out all the same: adopt: true.',
      foreign: 'Take it out all the same: adopt: true.',
    }),
  ];
  const [refusal, ...more] = refusals;
  const there = present.present;
  if (refusal !== undefined || there === undefined || there.state === 'absent')
    return refusal === undefined ? refused(gone(component, id)) : refused(refusal, ...more);
  if (successor !== undefined && !nodes.includes(successor.node))
    return refused(
      refusalOf(
        component,
        'enroll.unknown-node',
        `${successor.node} is none of the nodes`,
        'Name one of them.',
      ),
    );
  const [host = ''] = nodes;
  const taken = plainOf({ host, id, elements: there.elements });
  const rehearse = rehearseRemoval.step({
    id: 'rehearse',
    input: taken,
    why: 'Nothing is changed before Pacemaker itself has said what it would do.',
    estimate: { duration: '2s' },
  });
  const retire = retireCib.step({
    id: 'retire',
    input: { ...taken, nodes: [...nodes] },
    needs: [rehearse.id],
    estimate: { duration: '10s', downtime: '10s', basis: 'a guess: it is what the agent takes to stop it' },
  });
  const back: Step[] =
    successor === undefined
      ? []
      : [
          handBack.step({
            id: `hand-back-${successor.node}`,
            input: {
              host: successor.node,
              run: successor.run,
              ...(successor.undo === undefined ? {} : { undo: successor.undo }),
            },
            needs: [retire.id],
            estimate: { duration: '5s', downtime: '5s' },
          }),
        ];
  return planned(
    definePlan({
      id: `retire-${component.name}`,
      title: `Take ${component.title} from Pacemaker: it is not HA any more`,
      inputs: plainOf({ component: component.name, options }) as Json,
      steps: [rehearse, retire, ...back],
      warnings: [
        'When its node dies, nobody starts it elsewhere.',
        ...(successor === undefined ? ['Nobody runs it afterwards. Say `handBack`, or see to it.'] : []),
      ],
    }),
  );
}

function resourceRefusals(
  component: Component,
  id: string,
  { status, present }: ActivePassiveSnapshot,
): EnrollRefusal[] {
  const refusals: EnrollRefusal[] = [];
  const say = (code: EnrollRefusalCode, reason: string, remedy: string): void =>
    void refusals.push(refusalOf(component, code, reason, remedy));
  if (present?.state === 'absent') return [gone(component, id)];
  if (status?.quorum === false)
    say('enroll.no-quorum', 'the cluster has no quorum: it stops nothing', 'Bring members back first.');
  if (status?.maintenance === true)
    say('enroll.maintenance', 'the cluster is in maintenance: it stops nothing', 'Switch it off first.');
  return refusals;
}

const gone = (component: Component, id: string): EnrollRefusal =>
  refusalOf(
    component,
    'enroll.unknown-replica',
    `Pacemaker has no resource ${id}`,
    'There is nothing to retire.',
  );
