import {
  checkedRecoveryOptions,
  type CheckedGaleraOptions,
  conflicts,
  type GaleraRecoveryOptions,
  GROUP,
  inputsOf,
  joinOneByOne,
  leftOut,
  QUICK,
  restartOf,
} from './galera-steps.ts';
import { definePlan, type Gate, type Planned, planned, refused } from '@groundcrew/runbook';
import { chooseGaleraBootstrap } from './choose-galera-bootstrap.ts';
import { bootstrapGalera, confirmGaleraNode, markGaleraBootstrap, stopGaleraNode } from './galera-actions.ts';
import { showPosition } from './galera-files.ts';
import { standingInTheWay } from './galera-obstacles.ts';
import { type GaleraRefusal, type GaleraRefusalCode, refuseCluster } from './galera-refusal.ts';
import { type GaleraNodeState, isPrimary, positionOf } from './galera-state.ts';
import { planJoins } from './plan-galera-joins.ts';

/**
 * Plans how to bring a Galera cluster back, or says why not. `nodes` must be all of its nodes, those that cannot be read too: a
 * node that is left out may hold the newest commit.
 *
 * - No component serves: the most advanced node begins the cluster again, the others join one by one, and the first is
 *   restarted as an ordinary member.
 * - A component serves: what is outside of it is started, one by one; nothing is ever begun again.
 *
 * Pure: the same nodes make the same plan.
 *
 * @example
 * const planned = planGaleraRecovery(await Promise.all(nodes.map((node) => readGaleraNode(node))));
 * if (!planned.ok) for (const { reason, remedy } of planned.refusals) console.log(reason, remedy);
 */
export function planGaleraRecovery(
  nodes: readonly GaleraNodeState[],
  given: GaleraRecoveryOptions = {},
): Planned<GaleraRefusalCode> {
  const options = checkedRecoveryOptions(given);
  const [first, ...more] = [
    ...askedWrongly(nodes, options),
    ...standingInTheWay(nodes, options.acceptLoss ?? []),
  ];
  if (first !== undefined) return refused(first, ...more);
  return nodes.some(isPrimary) ? planJoins(nodes, options) : planBootstrap(nodes, options);
}

function askedWrongly(
  nodes: readonly GaleraNodeState[],
  { acceptLoss = [], preferred = [] }: GaleraRecoveryOptions,
): GaleraRefusal[] {
  const hosts = nodes.map(({ host }) => host);
  if (hosts.length === 0 || new Set(hosts).size !== hosts.length)
    return [
      refuseCluster(
        'galera.not-a-cluster',
        hosts.length === 0 ? 'No node was given' : `A host was given twice: ${hosts.join(', ')}`,
        'Give every node of the cluster, once.',
      ),
    ];
  const unknown = [...acceptLoss, ...preferred].filter((host) => !hosts.includes(host));
  if (unknown.length === 0) return [];
  return [
    refuseCluster(
      'galera.unknown-host',
      `${unknown.join(', ')}: not among the nodes ${hosts.join(', ')}`,
      'Correct acceptLoss and preferred.',
    ),
  ];
}

function planBootstrap(
  nodes: readonly GaleraNodeState[],
  options: CheckedGaleraOptions,
): Planned<GaleraRefusalCode> {
  const { acceptLoss = [], preferred = [], bootstrapTimeout = 1_800_000 } = options;
  const choice = chooseGaleraBootstrap(nodes, { acceptLoss, preferred });
  if (!choice.ok) return refused(...choice.refusals);
  const { position, node: chosen } = choice;
  const hosts = nodes.map(({ host }) => host);
  const lost = [...acceptLoss].toSorted();
  const seen = nodes.filter(({ process }) => process !== 'unknown');
  const unseen = nodes.filter(({ process }) => process === 'unknown');
  const stops = seen
    .filter(({ process }) => process !== 'none')
    .map(({ host }) =>
      stopGaleraNode.step({
        id: `stop-${host}`,
        input: { host, hosts },
        why: 'It runs without a majority: it serves nobody, and its position is certain only when it is stopped.',
      }),
    );
  const confirms = seen.map((node) => {
    const at = lost.includes(node.host) || node.process !== 'none' ? undefined : positionOf(node);
    return confirmGaleraNode.step({
      id: `confirm-${node.host}`,
      input: { host: node.host, ...(at === undefined ? {} : { position: at }) },
      needs: stops.map(({ id }) => id),
    });
  });
  const clears = seen
    .filter(({ host, saved }) => host !== chosen.host && saved !== 'none' && saved !== 'unknown')
    .map(({ host }) =>
      markGaleraBootstrap.step({
        id: `clear-${host}`,
        input: { host, safe: false },
        needs: confirms.map(({ id }) => id),
        why: 'Two nodes that may bootstrap become two clusters.',
      }),
    );
  const mark = markGaleraBootstrap.step({
    id: `mark-${chosen.host}`,
    input: { host: chosen.host, safe: true },
    needs: [...confirms, ...clears].map(({ id }) => id),
    why: `It is at ${showPosition(position)}, and nobody whose data count is further.`,
  });
  const bootstrap = bootstrapGalera.step({
    id: `bootstrap-${chosen.host}`,
    input: { host: chosen.host, position, hosts, acceptLoss: lost },
    needs: [mark.id],
    group: GROUP,
    timeout: bootstrapTimeout,
    estimate: QUICK,
    why: 'All nodes are read again right before; it is refused if anything has changed.',
  });
  const conflicting = seen.filter((node) => node.host !== chosen.host && conflicts(node, position));
  const joiners = seen.filter((node) => node.host !== chosen.host && !conflicting.includes(node));
  const joins = joinOneByOne(joiners, hosts, [bootstrap.id], options);
  const gates = unseen.map(({ host }): Gate => ({
    id: `off-${host}`,
    question: `${host} could not be seen. Is it certain that its database does not run, and cannot start?`,
    before: [bootstrap.id],
  }));
  return planned(
    definePlan({
      id: 'galera-total-outage',
      title: `Begin the Galera cluster again with ${chosen.host}`,
      inputs: inputsOf(nodes, options),
      steps: [
        ...stops,
        ...confirms,
        ...clears,
        mark,
        bootstrap,
        ...joins,
        ...restartOf(chosen, joins, hosts),
      ],
      gates,
      concurrency: { groups: { [GROUP]: 1 } },
      warnings: [
        ...(lost.length === 0 ? [] : [`What only ${lost.join(', ')} hold is lost.`]),
        ...leftOut([...unseen, ...conflicting]),
      ],
    }),
  );
}
