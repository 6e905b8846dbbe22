import { someNames } from '../../option-parts.ts';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { type GaleraPosition, NO_HISTORY, showPosition } from './galera-files.ts';
import { type GaleraRefusal, orAcceptLoss, refuseCluster, refuseNode } from './galera-refusal.ts';
import { type GaleraNodeState, positionOf } from './galera-state.ts';

export interface ChooseOptions {
  /** Hosts whose data need not survive; they are not begun with. */
  readonly acceptLoss: readonly string[];
  /** Hosts of which the first is taken, among nodes with equal data. */
  readonly preferred: readonly string[];
}

const chooseOptions = optionsSchema<ChooseOptions>({
  acceptLoss: someNames,
  preferred: someNames,
});

export type Choice =
  | { readonly ok: true; readonly node: GaleraNodeState; readonly position: GaleraPosition }
  | { readonly ok: false; readonly refusals: readonly [GaleraRefusal, ...GaleraRefusal[]] };

/**
 * The node from which a cluster that is down as a whole may begin again: provably the most advanced of the one history
 * that all share. Every node takes part, except those whose loss was accepted; one that is not known well enough to
 * be compared is a reason to refuse, since it may hold the newest commit.
 *
 * Equal positions are equal data: Galera applies one order of transactions everywhere. Which of equals begins is still
 * told by somebody, either the caller (`preferred`) or Galera, whose `safe_to_bootstrap: 1` marks the last to leave.
 */
export function chooseGaleraBootstrap(nodes: readonly GaleraNodeState[], options: ChooseOptions): Choice {
  parseArguments('chooseGaleraBootstrap', chooseOptions, options);
  const { acceptLoss, preferred } = options;
  const refusals: GaleraRefusal[] = [];
  const compared: { node: GaleraNodeState; position: GaleraPosition }[] = [];
  for (const node of nodes) {
    if (acceptLoss.includes(node.host)) continue;
    const position = comparable(node);
    if ('code' in position) refusals.push(position);
    else compared.push({ node, position });
  }

  const uuids = [...new Set(compared.map(({ position }) => position.uuid))];
  if (uuids.length > 1)
    refusals.push(
      refuseCluster(
        'galera.different-histories',
        `There is no common history: ${compared.map(({ node, position }) => `${node.host} has ${showPosition(position)}`).join(', ')}`,
        'Find out which history is the right one; of the nodes with another, copy what is needed by hand, then name them in acceptLoss.',
      ),
    );
  const most = Math.max(...compared.map(({ position }) => position.seqno));
  const foremost = compared.filter(({ position }) => position.seqno === most);

  const flagged = nodes.filter(
    ({ host, saved }) => !acceptLoss.includes(host) && typeof saved === 'object' && saved.safeToBootstrap,
  );
  if (flagged.length > 1)
    refusals.push(
      refuseCluster(
        'galera.two-bootstraps',
        `${flagged.map(({ host }) => host).join(' and ')} all say safe_to_bootstrap: 1; Galera lets each begin a cluster of its own`,
        'Find out who wrote that, and set it to 0 in grastate.dat on all of them; the plan sets it where it belongs.',
      ),
    );
  // mariadb-operator #1816 and heartbeat/galera.in: the flag was believed before the others were looked at.
  for (const node of flagged)
    if (!foremost.some((candidate) => candidate.node.host === node.host))
      refusals.push(
        refuseNode(
          node,
          'galera.misleading-safe-to-bootstrap',
          'says safe_to_bootstrap: 1 and is not the most advanced node; beginning with it would lose commits',
          `Find out who wrote that, and set it to 0 in its grastate.dat, ${orAcceptLoss(node.host)}.`,
        ),
      );

  const [first, ...more] = refusals;
  if (first !== undefined) return { ok: false, refusals: [first, ...more] };
  const chosen =
    foremost.length === 1
      ? foremost[0]
      : (preferred
          .map((host) => foremost.find(({ node }) => node.host === host))
          .find((candidate) => candidate !== undefined) ??
        foremost.find(({ node }) => node.host === flagged[0]?.host));
  if (chosen !== undefined) return { ok: true, ...chosen };
  if (foremost.length === 0)
    return no(
      refuseCluster(
        'galera.no-candidate',
        'The loss of every node was accepted; there is nothing to begin with',
        'Restore a backup on one node and begin a new cluster with it.',
      ),
    );
  return no(
    refuseCluster(
      'galera.tie',
      `${foremost.map(({ node }) => node.host).join(', ')} are all at seqno ${most}, with the same data`,
      `Say which one to begin with: preferred: ['${foremost[0]?.node.host ?? ''}'].`,
    ),
  );
}

const no = (refusal: GaleraRefusal): Choice => ({ ok: false, refusals: [refusal] });

/** The position of a node, or the reason why it cannot be compared with the others. */
function comparable(node: GaleraNodeState): GaleraPosition | GaleraRefusal {
  const { host, process, recovered, saved, live } = node;
  if (process === 'none' && recovered === 'none')
    return refuseNode(
      node,
      'galera.null-uuid',
      'has no data; it may have had the newest commit before it lost them',
      `Bring its data back, ${orAcceptLoss(host)}.`,
    );
  const position = positionOf(node);
  if (position === undefined)
    return refuseNode(
      node,
      'galera.position-unknown',
      process === 'none' ? 'could not be asked how far its data are' : 'has not told how far it is',
      process === 'none'
        ? `Run mariadbd --wsrep-recover there and see why it fails, ${orAcceptLoss(host)}.`
        : 'Stop it, so that its position can be recovered, and read all nodes again.',
    );
  if (position.uuid === NO_HISTORY)
    return typeof live === 'object'
      ? refuseNode(
          node,
          'galera.position-unknown',
          'runs without having joined a cluster, and so does not tell how far its data are',
          'Stop it, so that its position can be recovered, and read all nodes again.',
        )
      : refuseNode(
          node,
          'galera.null-uuid',
          'has no history: it is empty, or died while receiving its data; it may have had the newest commit before',
          `Bring its data back, ${orAcceptLoss(host)}.`,
        );
  if (position.seqno < 0)
    return refuseNode(
      node,
      'galera.position-unknown',
      'is at seqno -1: how far its data are was not recovered',
      `Run mariadbd --wsrep-recover there, ${orAcceptLoss(host)}.`,
    );
  if (saved === 'unknown' && process === 'none')
    return refuseNode(
      node,
      'galera.position-unknown',
      'has a grastate.dat that cannot be read, and so may be marked to bootstrap',
      `Make its grastate.dat readable, ${orAcceptLoss(host)}.`,
    );
  // After an orderly shutdown both are written, and equal. A restored or copied data directory is neither.
  const contradicted =
    process === 'none' &&
    typeof saved === 'object' &&
    ((saved.uuid !== NO_HISTORY && saved.uuid !== position.uuid) ||
      (saved.seqno >= 0 && saved.seqno !== position.seqno));
  if (contradicted)
    return refuseNode(
      node,
      'galera.positions-disagree',
      `has ${showPosition(saved)} in grastate.dat and ${showPosition(position)} in InnoDB`,
      `Find out how its data got there, ${orAcceptLoss(host)}.`,
    );
  return position;
}
