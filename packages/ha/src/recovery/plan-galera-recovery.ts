import {
  definePlan,
  type Estimate,
  type Gate,
  type Json,
  type Planned,
  planned,
  refused,
  type Step,
} from '@groundcrew/runbook';
import { chooseGaleraBootstrap } from './choose-galera-bootstrap.ts';
import {
  bootstrapGalera,
  confirmGaleraNode,
  joinGaleraNode,
  killGaleraNode,
  markGaleraBootstrap,
  restartGaleraNode,
  stopGaleraNode,
  thawGaleraNode,
} from './galera-actions.ts';
import { type GaleraPosition, NO_HISTORY, showPosition } from './galera-files.ts';
import {
  type GaleraRefusal,
  type GaleraRefusalCode,
  orAcceptLoss,
  refuseCluster,
  refuseNode,
} from './galera-refusal.ts';
import { type GaleraNodeState, isPrimary, isSynced, positionOf } from './galera-state.ts';
import { standingInTheWay } from './galera-obstacles.ts';

export interface GaleraRecoveryOptions {
  /**
   * Hosts whose data need not survive: what only they hold is lost. It takes them out of the comparison, whatever
   * state they are in; a host that could not be seen must then be off, and the run waits for somebody to say so.
   *
   * @default none
   */
  readonly acceptLoss?: readonly string[] | undefined;
  /** Which of nodes with equal data begins: the first of these. @default the one with `safe_to_bootstrap: 1`, else none */
  readonly preferred?: readonly string[] | undefined;
  /**
   * What to do with a server that a signal stopped while others serve. `thaw` lets it go on: it may answer from old
   * data for some seconds, until it notices that it was put out. `kill` does not.
   *
   * @default 'thaw'
   */
  readonly frozen?: 'thaw' | 'kill' | undefined;
  /** Seconds that the first node may take, with the crash recovery of its database. @default 1800 */
  readonly bootstrapTimeout?: number | undefined;
  /** Seconds that a joiner may take, with a full state transfer. @default 14400 */
  readonly joinTimeout?: number | undefined;
}

/** One at a time: two joiners would take two donors out of service. */
const GROUP = 'galera';

/**
 * How to bring a Galera cluster back, or why not. `nodes` must be all of its nodes, those that cannot be read too: a
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
  options: GaleraRecoveryOptions = {},
): Planned<GaleraRefusalCode> {
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
  options: GaleraRecoveryOptions,
): Planned<GaleraRefusalCode> {
  const { acceptLoss = [], preferred = [], bootstrapTimeout = 1_800 } = options;
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

function planJoins(
  nodes: readonly GaleraNodeState[],
  options: GaleraRecoveryOptions,
): Planned<GaleraRefusalCode> {
  const { acceptLoss = [], frozen = 'thaw' } = options;
  const hosts = nodes.map(({ host }) => host);
  const serving = nodes.filter(isPrimary);
  const synced = serving.find(isSynced);
  const position = furthest(serving);
  if (synced === undefined || position === undefined)
    return refused(
      refuseCluster(
        'galera.position-unknown',
        'Nodes serve, and none of them tells which history it has and that it is Synced',
        'Wait until one is Synced, and read all nodes again.',
      ),
    );
  const outside = nodes.filter((node) => !isPrimary(node) && node.process !== 'unknown');
  const lost = outside.filter(({ host }) => acceptLoss.includes(host));
  const refusals = outside.flatMap((node) =>
    lost.includes(node) || node.process !== 'none' ? [] : mayJoin(node, position),
  );
  const [first, ...more] = refusals;
  if (first !== undefined) return refused(first, ...more);

  const conflicting = lost.filter((node) => conflicts(node, position));
  const clears = outside
    .filter(({ process, saved }) => process === 'none' && typeof saved === 'object' && saved.safeToBootstrap)
    .map(({ host }) =>
      markGaleraBootstrap.step({
        id: `clear-${host}`,
        input: { host, safe: false },
        why: 'A cluster serves already; a second bootstrap would make a second one.',
      }),
    );
  const asleep = outside.filter(({ process }) => process === 'frozen');
  const thawed = frozen === 'thaw' ? asleep : [];
  const revivals = inTurn(
    thawed.map(
      ({ host }) =>
        (after: readonly string[]) =>
          thawGaleraNode.step({
            id: `thaw-${host}`,
            input: { host, hosts },
            after,
            group: GROUP,
            timeout: options.joinTimeout ?? 14_400,
            onFailure: 'continue',
            estimate: QUICK,
            why: 'A signal stopped it; it notices that it was put out, and asks for what it missed.',
          }),
    ),
    [],
  );
  const kills = asleep
    .filter((node) => !thawed.includes(node))
    .map(({ host }) => killGaleraNode.step({ id: `kill-${host}`, input: { host, hosts } }));
  const joiners = outside.filter((node) => !thawed.includes(node) && !conflicting.includes(node));
  const ready = [...clears, ...kills].map(({ id }) => id);
  const joins = joinOneByOne(
    joiners,
    hosts,
    ready,
    options,
    revivals.map(({ id }) => id),
  );
  const steps = [...clears, ...revivals, ...kills, ...joins];
  const unseen = nodes.filter(({ process }) => process === 'unknown');
  if (steps.length === 0)
    return refused(
      refuseCluster(
        'galera.healthy',
        `${serving.map(({ host }) => host).join(', ')} serve in one component, and there is nothing to start`,
        unseen.length + conflicting.length === 0
          ? 'Nothing is to be done.'
          : 'See to the nodes that are left out by hand.',
      ),
    );
  return planned(
    definePlan({
      id: 'galera-partial-failure',
      title: `Bring ${[...revivals, ...joins].length} node(s) back into the Galera cluster`,
      inputs: inputsOf(nodes, options),
      steps,
      concurrency: { groups: { [GROUP]: 1 } },
      warnings: [
        ...thawed.map(
          ({ host }) => `${host} may answer from old data for some seconds: keep clients away from it.`,
        ),
        ...leftOut([...unseen, ...conflicting]),
        // It may have been so for a year: no reason to restart a node that serves.
        ...serving
          .filter(({ bootstrapping }) => bootstrapping)
          .map(
            ({ host }) =>
              `${host} runs with --wsrep-new-cluster: started the same way again, it would begin a second cluster.`,
          ),
      ],
    }),
  );
}

/** Why a stopped node must not join a component that serves. */
function mayJoin(node: GaleraNodeState, serving: GaleraPosition): GaleraRefusal[] {
  const position = node.recovered === 'none' ? undefined : positionOf(node);
  // An empty one gets everything.
  if (node.recovered === 'none' || position?.uuid === NO_HISTORY) return [];
  if (position === undefined || position.seqno < 0)
    return [
      refuseNode(
        node,
        'galera.position-unknown',
        'could not be asked how far its data are; they may be ahead of those that are served',
        `Run mariadbd --wsrep-recover there and see why it fails, ${orAcceptLoss(node.host)}.`,
      ),
    ];
  if (position.uuid !== serving.uuid)
    return [
      refuseNode(
        node,
        'galera.different-histories',
        `has ${showPosition(position)}, and the cluster that serves has ${showPosition(serving)}; joining would replace its data`,
        `Copy what is needed from it, ${orAcceptLoss(node.host)}.`,
      ),
    ];
  if (position.seqno > serving.seqno)
    return [
      refuseNode(
        node,
        'galera.ahead-of-primary',
        `has commits up to ${position.seqno}, and the cluster that serves only up to ${serving.seqno}: it was begun with the wrong node, or was read before this one stopped`,
        `Read all nodes again; if it stays so, copy what is needed from it, ${orAcceptLoss(node.host)}.`,
      ),
    ];
  return [];
}

/** Would joining replace, or be kept from it by, what the node has? */
function conflicts(node: GaleraNodeState, serving: GaleraPosition): boolean {
  const position = positionOf(node);
  if (position === undefined || position.uuid === NO_HISTORY) return false;
  return position.uuid !== serving.uuid || position.seqno > serving.seqno;
}

function furthest(nodes: readonly GaleraNodeState[]): GaleraPosition | undefined {
  const positions = nodes.map(positionOf).filter((one) => one !== undefined);
  return positions.toSorted((a, b) => b.seqno - a.seqno)[0];
}

function joinOneByOne(
  nodes: readonly GaleraNodeState[],
  hosts: readonly string[],
  needs: readonly string[],
  { joinTimeout = 14_400 }: GaleraRecoveryOptions,
  after: readonly string[] = [],
): Step[] {
  return inTurn(
    nodes.map(
      ({ host }) =>
        (before: readonly string[]) =>
          joinGaleraNode.step({
            id: `join-${host}`,
            input: { host, hosts: [...hosts] },
            needs,
            after: before,
            group: GROUP,
            timeout: joinTimeout,
            // One that fails must not keep the others out.
            onFailure: 'continue',
            estimate: SLOW,
            why: 'One at a time: every joiner takes a donor.',
          }),
    ),
    after,
  );
}

/** Each after the one before. */
function inTurn(makers: readonly ((after: readonly string[]) => Step)[], after: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (const make of makers) {
    const last = steps.at(-1);
    steps.push(make(last === undefined ? after : [last.id]));
  }
  return steps;
}

const restartOf = ({ host }: GaleraNodeState, joins: readonly Step[], hosts: readonly string[]): Step[] =>
  joins.length === 0 && hosts.length === 1
    ? []
    : [
        restartGaleraNode.step({
          id: `restart-${host}`,
          input: { host, hosts: [...hosts] },
          after: joins.map(({ id }) => id),
          group: GROUP,
          estimate: QUICK,
          onFailure: 'continue',
          why: 'It still runs with --wsrep-new-cluster; started the same way again, it would begin a second cluster.',
        }),
      ];

const leftOut = (nodes: readonly GaleraNodeState[]): string[] =>
  nodes.map(({ host, process }) =>
    process === 'unknown'
      ? `${host} is left out: it could not be seen.`
      : `${host} is left out: its data contradict the cluster's. Empty its data directory, and start it; it gets everything.`,
  );

const inputsOf = (nodes: readonly GaleraNodeState[], options: GaleraRecoveryOptions): Json =>
  JSON.parse(JSON.stringify({ nodes, options })) as Json;

const QUICK: Estimate = { seconds: 15, basis: 'three small nodes on one machine' };
const SLOW: Estimate = {
  seconds: 30,
  basis: 'three small nodes on one machine; a full transfer takes as long as copying the data',
};
