import { definePlan, type Planned, planned, refused } from '@groundcrew/runbook';
import { killGaleraNode, markGaleraBootstrap, thawGaleraNode } from './galera-actions.ts';
import { type GaleraPosition, NO_HISTORY, showPosition } from './galera-files.ts';
import {
  type GaleraRefusal,
  type GaleraRefusalCode,
  orAcceptLoss,
  refuseCluster,
  refuseNode,
} from './galera-refusal.ts';
import { type GaleraNodeState, isPrimary, isSynced, positionOf } from './galera-state.ts';
import {
  conflicts,
  type CheckedGaleraOptions,
  GROUP,
  inputsOf,
  inTurn,
  JOIN_TIMEOUT,
  joinOneByOne,
  leftOut,
  QUICK,
} from './galera-steps.ts';

/** The steps that bring nodes back into a component that serves. */
export function planJoins(
  nodes: readonly GaleraNodeState[],
  options: CheckedGaleraOptions,
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
            timeout: options.joinTimeout ?? JOIN_TIMEOUT,
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

/** The reason why a stopped node must not join a component that serves. */
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

function furthest(nodes: readonly GaleraNodeState[]): GaleraPosition | undefined {
  const positions = nodes.map(positionOf).filter((position) => position !== undefined);
  return positions.toSorted((a, b) => b.seqno - a.seqno)[0];
}
