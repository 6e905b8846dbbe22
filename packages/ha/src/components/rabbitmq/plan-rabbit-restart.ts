import { someNames } from '../../option-parts.ts';
import { aPositiveDuration, type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, type Planned, planned, refused, type Step } from '@groundcrew/runbook';
import { restartRabbit } from './rabbit-actions.ts';
import { askedWrongly, standingInTheWay } from './rabbit-obstacles.ts';
import { type RabbitRefusal, type RabbitRefusalCode, refuseRabbit, refuseRabbits } from './rabbit-refusal.ts';
import { sidesOf } from './rabbit-sides.ts';
import { answers, isReplicated, namesOf, type RabbitNodeState, survives, mayBeOn } from './rabbit-state.ts';

/** Options of the restart. */
export interface RabbitRestartOptions {
  /** The nodes to restart, in this order. @default all, as they were given */
  readonly restart?: readonly string[] | undefined;
  /** The time limit of a node, until all its queues are online again. @default '15m' */
  readonly timeout?: Duration | undefined;
}

const restartOptions = optionsSchema<RabbitRestartOptions>({
  restart: someNames.optional(),
  timeout: aPositiveDuration.default(900_000),
});

/**
 * A rolling restart, one node at a time, each after the one before has all its queues online again. Refused if a node
 * is down or parted, if an alarm blocks publishers, and for every node whose stop would cost a queue its majority.
 *
 * Pure. Each step asks again right before it acts.
 *
 * @example
 * const planned = planRabbitRestart(nodes, { restart: ['rabbit@rabbit-2'] });
 */
export function planRabbitRestart(
  nodes: readonly RabbitNodeState[],
  options: RabbitRestartOptions = {},
): Planned<RabbitRefusalCode> {
  const timeout = parseArguments('planRabbitRestart', restartOptions, options).timeout as number;
  const { restart = nodes.map(({ node }) => node) } = options;
  const [first, ...more] = [
    ...askedWrongly(nodes, { keep: restart }),
    ...standingInTheWay(nodes, []),
    ...whyNotRestart(nodes, restart),
  ];
  if (first !== undefined) return refused(first, ...more);
  if (new Set(restart).size !== restart.length || restart.length === 0)
    return refused(
      refuseRabbits(
        'rabbitmq.not-a-cluster',
        'No node is to be restarted, or one twice',
        'Name each node once.',
      ),
    );
  const steps: Step[] = [];
  for (const node of restart) {
    const before = steps.at(-1);
    steps.push(
      restartRabbit.step({
        id: `restart-${node}`,
        input: { node, nodes: nodes.map((other) => other.node) },
        // A node that did not come back must keep the next one up.
        needs: before === undefined ? [] : [before.id],
        group: 'rabbitmq',
        timeout,
        estimate: { duration: '25s', basis: 'three small nodes on one machine' },
      }),
    );
  }
  return planned(
    definePlan({
      id: 'rabbitmq-rolling-restart',
      title: `Restart ${restart.join(', ')}, one after the other`,
      inputs: { restart: [...restart] } satisfies Json,
      steps,
      concurrency: { groups: { rabbitmq: 1 } },
    }),
  );
}

/** The reasons why these must not be restarted now, one after the other; empty if they may. */
export function whyNotRestart(
  nodes: readonly RabbitNodeState[],
  restart: readonly string[],
): RabbitRefusal[] {
  const down = nodes.filter((node) => !answers(node));
  if (sidesOf(nodes).sides.length > 1)
    return [
      refuseRabbits(
        'rabbitmq.still-partitioned',
        'Nodes do not see each other',
        'Recover from the partition first.',
      ),
    ];
  return [
    // A single node has nobody to hand over to, and a restart that was asked for is then what was meant.
    ...(nodes.length > 1
      ? down.map((node) =>
          refuseRabbit(
            node,
            'rabbitmq.quorum-critical',
            'does not run, so that no other may stop',
            'Bring it back first.',
          ),
        )
      : []),
    ...nodes.filter(({ node }) => restart.includes(node)).flatMap(critical),
    ...nodes.flatMap(alarmed),
  ];
}

function critical(state: RabbitNodeState): RabbitRefusal[] {
  const { node, view } = state;
  if (typeof view !== 'object') return [];
  if (view.quorumCritical === undefined || view.queues === undefined)
    return [
      refuseRabbit(
        state,
        'rabbitmq.unseen',
        'does not tell which queues need it',
        'Give the user the tag monitoring, and read all nodes again.',
      ),
    ];
  const needed = view.queues.filter(
    (queue) =>
      isReplicated(queue) && mayBeOn(queue, node) && queue.members?.length !== 1 && !survives(queue, [node]),
  );
  if (view.quorumCritical.ok && needed.length === 0) return [];
  return [
    refuseRabbit(
      state,
      'rabbitmq.quorum-critical',
      needed.length > 0
        ? `is needed: without it these queues lose their majority: ${namesOf(needed)}`
        : `is needed: ${view.quorumCritical.reason ?? 'queues would lose their majority'}`,
      'Bring the other members of these queues back, or grow them onto more nodes (rabbitmq-queues grow).',
    ),
  ];
}

function alarmed(state: RabbitNodeState): RabbitRefusal[] {
  if (typeof state.view !== 'object') return [];
  if (state.view.alarms === undefined)
    return [
      refuseRabbit(
        state,
        'rabbitmq.unseen',
        'does not tell whether an alarm blocks publishers',
        'Give the user the tag monitoring, and read all nodes again.',
      ),
    ];
  if (state.view.alarms.ok) return [];
  return [
    refuseRabbit(
      state,
      'rabbitmq.alarm',
      `says: ${state.view.alarms.reason ?? 'an alarm blocks publishers'}`,
      'Free memory or disk first: a node that starts needs both.',
    ),
  ];
}
