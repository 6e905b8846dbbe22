import { definePlan, type Planned, planned, refused, type Step } from '@groundcrew/runbook';
import { majority } from '../../probing/quorum.ts';
import { doomedQueues } from './doomed-queues.ts';
import { forceBootRabbit, startRabbit, stopRabbit } from './rabbit-actions.ts';
import { askedWrongly, standingInTheWay } from './rabbit-obstacles.ts';
import { type RabbitRefusalCode, refuseRabbit, refuseRabbits } from './rabbit-refusal.ts';
import { sidesOf } from './rabbit-sides.ts';
import { answers, type RabbitNodeState } from './rabbit-state.ts';
import {
  type CheckedRabbitOptions,
  checkedRecoveryOptions,
  forgets,
  gatesOf,
  GROUP,
  inputsOf,
  killsOf,
  oneByOne,
  QUICK,
  type RabbitRecoveryOptions,
  START_TIMEOUT,
} from './rabbit-steps.ts';

/**
 * Plans how to bring a RabbitMQ cluster back, or says why not. `nodes` must be all of its nodes, those that cannot be read too.
 *
 * - Nodes were parted: all that are not on the kept side stop, then start again, one by one. A side is kept because it is
 *   a majority or because the caller says so; between equals there is no guess.
 * - Some are down: they start, one by one. A frozen one is ended first: let go on, it would be parted from the others.
 * - All are down: all start at once, and wait for each other; `force_boot` only if the last to stop will never come back,
 *   and who stopped before it is known.
 * - Some are to be forgotten: only if every replicated queue keeps a majority of its members.
 *
 * Pure: the same nodes make the same plan. Nothing it plans deletes a queue.
 *
 * @example
 * const planned = planRabbitRecovery(await Promise.all(nodes.map((node) => readRabbitNode(node))));
 */
export function planRabbitRecovery(
  nodes: readonly RabbitNodeState[],
  given: RabbitRecoveryOptions = {},
): Planned<RabbitRefusalCode> {
  const options = checkedRecoveryOptions(given);
  const { forget = [] } = options;
  const [wrong, ...more] = askedWrongly(nodes, options);
  if (wrong !== undefined) return refused(wrong, ...more);
  const stay = nodes.filter(({ node }) => !forget.includes(node));
  const [first, ...others] = standingInTheWay(nodes, forget);
  if (first !== undefined) return refused(first, ...others);
  const { sides } = sidesOf(stay);
  if (sides.length > 1) return planReunion(nodes, stay, options);
  return stay.some(answers) ? planStarts(nodes, stay, options) : planOutage(nodes, stay, options);
}

function planReunion(
  nodes: readonly RabbitNodeState[],
  stay: readonly RabbitNodeState[],
  options: CheckedRabbitOptions,
): Planned<RabbitRefusalCode> {
  const { sides, recorded } = sidesOf(stay);
  const shown = sides.map((side) => side.join(' + ')).join(' | ');
  if (!recorded)
    return refused(
      refuseRabbits(
        'rabbitmq.still-partitioned',
        `Nodes that run do not see each other: ${shown}`,
        'Repair the network between them, wait until they say that they were parted, and read all nodes again; restarting one now would leave it alone.',
      ),
    );
  const keep = options.keep?.toSorted();
  const kept =
    keep === undefined
      ? sides.find((side) => side.length >= majority(nodes.length))
      : sides.find((side) => side.join() === keep.join());
  if (kept === undefined)
    return refused(
      keep === undefined
        ? refuseRabbits(
            'rabbitmq.no-majority',
            `Nodes were parted, no side is a majority of ${nodes.length}, and each may have taken messages: ${shown}`,
            'Look which side the services used, move what is needed off the other, and name the side: keep: [...].',
          )
        : refuseRabbits(
            'rabbitmq.not-a-side',
            `${keep.join(', ')} is not one whole side of ${shown}`,
            'Name all nodes of one side.',
          ),
    );
  const losers = sides.filter((side) => side !== kept).flat();
  const down = stay.filter((node) => !answers(node)).map(({ node }) => node);
  const stops = losers.map((node) =>
    stopRabbit.step({
      id: `stop-${node}`,
      input: { node, keep: [...kept] },
      why: 'All of the other side must be down before one of them starts, or it would learn from them.',
    }),
  );
  const kills = killsOf(stay);
  const starts = oneByOne(
    [...losers, ...down],
    stay,
    [...stops, ...kills].map(({ id }) => id),
    options,
  );
  return planned(
    definePlan({
      id: 'rabbitmq-partition',
      title: `Bring ${losers.join(', ')} back to ${kept.join(', ')}`,
      inputs: inputsOf(nodes, options),
      steps: [...stops, ...kills, ...starts, ...forgets(nodes, kept[0] ?? '', starts, options)],
      concurrency: { groups: { [GROUP]: 1 } },
      warnings: [
        `What was declared, or published to mirrored or transient queues, on ${losers.join(', ')} while they were parted is lost.`,
        ...(keep === undefined ? [] : [`${kept.join(', ')} is kept because somebody said so.`]),
      ],
    }),
  );
}

function planStarts(
  nodes: readonly RabbitNodeState[],
  stay: readonly RabbitNodeState[],
  options: CheckedRabbitOptions,
): Planned<RabbitRefusalCode> {
  const down = stay.filter((node) => !answers(node)).map(({ node }) => node);
  const kills = killsOf(stay);
  const starts = oneByOne(
    down,
    stay,
    kills.map(({ id }) => id),
    options,
  );
  const speaker = stay.find(answers);
  const gone = forgets(nodes, speaker?.node ?? '', starts, options);
  if (gone.length > 0) {
    const doomed = doomedQueues(stay, options.forget ?? []);
    if (doomed !== undefined) return refused(doomed);
  }
  if (starts.length + gone.length === 0)
    return refused(
      refuseRabbits(
        'rabbitmq.healthy',
        `${stay.map(({ node }) => node).join(', ')} run and see each other`,
        'Nothing is to be done.',
      ),
    );
  return planned(
    definePlan({
      id: 'rabbitmq-partial-failure',
      title: `Bring RabbitMQ back to ${stay.length} running nodes`,
      inputs: inputsOf(nodes, options),
      steps: [...kills, ...starts, ...gone],
      gates: gatesOf(nodes, gone),
      concurrency: { groups: { [GROUP]: 1 } },
    }),
  );
}

function planOutage(
  nodes: readonly RabbitNodeState[],
  stay: readonly RabbitNodeState[],
  options: CheckedRabbitOptions,
): Planned<RabbitRefusalCode> {
  const { forget = [], startTimeout = START_TIMEOUT } = options;
  const everybody = stay.map(({ node }) => node);
  const first = forget.length === 0 ? undefined : lastToStop(stay, options);
  if (first !== undefined && 'code' in first) return refused(first);
  const force =
    first === undefined || first.waitsFor.length === 0
      ? []
      : [
          forceBootRabbit.step({
            id: `force-boot-${first.node}`,
            input: { node: first.node, without: [...first.waitsFor], nodes: everybody },
            why: 'Of the nodes that are left it stopped last, and it waits for nodes that will never come back.',
          }),
        ];
  const start = (node: string, needs: readonly string[], group: string): Step =>
    startRabbit.step({
      id: `start-${node}`,
      input: { node, nodes: everybody },
      needs,
      group,
      timeout: startTimeout,
      estimate: QUICK,
      why:
        group === GROUP
          ? 'One at a time, with the first one there.'
          : 'All at once: each waits for the ones that stopped after it.',
    });
  const forced = force.map(({ id }) => id);
  const starts =
    first === undefined
      ? everybody.map((node) => start(node, [], TOGETHER))
      : [start(first.node, forced, GROUP)].flatMap((begun) => [
          begun,
          ...everybody.filter((node) => node !== first.node).map((node) => start(node, [begun.id], GROUP)),
        ]);
  const gone = forgets(nodes, first?.node ?? everybody[0] ?? '', starts, options);
  return planned(
    definePlan({
      id: 'rabbitmq-total-outage',
      title:
        first === undefined
          ? `Start ${everybody.join(', ')} together`
          : `Start RabbitMQ again, ${first.node} first`,
      inputs: inputsOf(nodes, options),
      steps: [...force, ...starts, ...gone],
      gates: gatesOf(nodes, [...force, ...gone]),
      concurrency: {
        total: Math.max(8, everybody.length),
        groups: { [GROUP]: 1, [TOGETHER]: everybody.length },
      },
      warnings:
        force.length === 0
          ? []
          : [`What only ${forget.join(', ')} held is lost; what it declared last may be, too.`],
    }),
  );
}

const TOGETHER = 'rabbitmq-together';

/**
 * Finds which of the nodes that are left stopped last: the one that, when it looked last, saw nobody of them but itself run.
 * Mnesia waits for those that it saw; only what will never come back may be waited for in vain.
 */
function lastToStop(
  stay: readonly RabbitNodeState[],
  { forget = [], lastStopped }: CheckedRabbitOptions,
): { readonly node: string; readonly waitsFor: readonly string[] } | ReturnType<typeof refuseRabbits> {
  const waiting = stay.map((state) => ({
    state,
    sawRunning: Array.isArray(state.lastRunning)
      ? state.lastRunning.filter((name) => name !== state.node)
      : undefined,
  }));
  const told = waiting.find(({ state }) => state.node === lastStopped);
  if (told !== undefined) return { node: told.state.node, waitsFor: told.sawRunning ?? forget };
  const unread = waiting.find(({ sawRunning }) => sawRunning === undefined);
  if (unread !== undefined)
    return refuseRabbit(
      unread.state,
      'rabbitmq.last-stopped-unknown',
      'has not told who ran when it stopped',
      'Make its nodes_running_at_shutdown readable, or name the node that stopped last: lastStopped.',
    );
  const last = waiting.filter(({ sawRunning }) => sawRunning?.every((name) => forget.includes(name)));
  const [only] = last;
  if (only === undefined || last.length > 1)
    return refuseRabbits(
      'rabbitmq.last-stopped-unknown',
      only === undefined
        ? `Each of ${stay.map(({ node }) => node).join(', ')} saw another one run when it stopped: they stopped at once`
        : `${last.map(({ state }) => state.node).join(' and ')} each say that they stopped last: they were parted`,
      'Bring the lost nodes back if that is possible. Else name the one whose definitions are to be kept: lastStopped.',
    );
  return { node: only.state.node, waitsFor: only.sawRunning ?? [] };
}
