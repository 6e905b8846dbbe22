import type { Refusal } from '@groundcrew/runbook';
import { idOf, isPrimary, membersOf, primaryComponents } from './judge-galera.ts';
import { notAsked, seenOf, unseenRefusals } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { GaleraNode, WsrepStatus } from './galera-node.ts';
import { STANDS_UNKNOWN, UNSEEN } from './observe-galera.ts';

/** While a state transfer runs, the donor is the joiner's only source: a third node down, and nobody serves. */
export function refuseDuringTransfer(galera: readonly Seen<GaleraNode>[]): Refusal[] {
  return membersOf(galera)
    .filter(({ wsrep }) => wsrep.donor || wsrep.joiner)
    .map(({ id, wsrep, where }) => ({
      code: 'mariadb.transfer-running',
      reason: `${id} is ${wsrep.localState}: a state transfer runs`,
      remedy: 'Wait until every node is Synced.',
      subject: { kind: 'database node', id },
      because: [{ statement: `wsrep_local_state_comment ${wsrep.localState}`, ...where }],
    }));
}

/** kolla-ansible acts only while every live node says Synced. A node that is not seen may be receiving a full transfer. */
export function refuseUnlessSynced(galera: readonly Seen<GaleraNode>[]): Refusal[] {
  const lagging = membersOf(galera).filter(
    ({ wsrep }) => wsrep.localState !== 'Synced' && !wsrep.donor && !wsrep.joiner,
  );
  return lagging.map(({ id, wsrep, where }): Refusal => ({
    code: 'mariadb.not-synced',
    reason: `${id} is ${wsrep.localState ?? 'in a state that it does not tell'}`,
    remedy: 'Bring it to Synced first.',
    subject: { kind: 'database node', id },
    because: [{ statement: `wsrep_local_state_comment ${wsrep.localState ?? 'not told'}`, ...where }],
  }));
}

/** With one node more gone, one failure would stop the database. */
export function refuseWithoutMargin(galera: readonly Seen<GaleraNode>[]): Refusal[] {
  const members = membersOf(galera);
  const mute = members
    .filter(({ wsrep }) => !tellsItsPlace(wsrep))
    .map(({ id, where }): Refusal => ({
      code: UNSEEN,
      reason: `${STANDS_UNKNOWN}: ${id} does not tell how many nodes are in its component`,
      remedy: 'Read wsrep_cluster_status and wsrep_cluster_size there.',
      subject: { kind: 'database node', id },
      because: [{ statement: 'wsrep_cluster_status or wsrep_cluster_size not told', ...where }],
    }));
  const small = primaryComponents(members).flatMap(([first]): Refusal[] => {
    const size = first?.wsrep.clusterSize;
    if (first === undefined || size === undefined || size > 2) return [];
    return [
      {
        code: 'mariadb.no-margin',
        reason:
          size === 1
            ? `${first.id} is the only node of its cluster: without it there is no database`
            : 'two nodes are in the cluster: while one restarts, the other must not fail',
        remedy: 'Bring a further node to Synced first.',
        subject: { kind: 'database', id: 'galera' },
        because: [{ statement: `wsrep_cluster_size ${size}`, ...first.where }],
      },
    ];
  });
  return [...mute, ...small];
}

const tellsItsPlace = ({ clusterStatus, clusterSize }: WsrepStatus): boolean =>
  clusterStatus !== undefined && (clusterStatus !== 'Primary' || clusterSize !== undefined);

/** A database without Galera that is the only one. */
export function refuseAlone(galera: readonly Seen<GaleraNode>[]): Refusal[] {
  const [only, ...others] = seenOf(galera);
  if (only?.value.wsrep !== 'off' || others.length > 0) return [];
  return [
    {
      code: 'mariadb.alone',
      reason: `${idOf(only.value)} is the only database: every API stops with it`,
      remedy: 'Announce the interruption, or make it a cluster first.',
      subject: { kind: 'database node', id: idOf(only.value) },
      because: [{ statement: 'wsrep_provider none', ...only.where }],
    },
  ];
}

/** A bootstrap makes a new cluster. Beside one that lives, or might, it makes the second. */
export function refuseBootstrap(galera: readonly Seen<GaleraNode>[]): Refusal[] {
  if (galera.length === 0) return [notAsked(UNSEEN, STANDS_UNKNOWN)];
  const members = membersOf(galera);
  const alive = members.filter(isPrimary);
  const mute = members.filter(({ wsrep }) => wsrep.clusterStatus === undefined);
  return [
    ...unseenRefusals(
      galera,
      'mariadb.bootstrap-unseen',
      'A node that is not seen may be primary, or have newer data',
    ),
    ...mute.map(({ id, where }): Refusal => ({
      code: 'mariadb.bootstrap-unseen',
      reason: `${id} does not tell whether it is in a primary component: a bootstrap may make a second cluster`,
      remedy: 'Read wsrep_cluster_status there.',
      subject: { kind: 'database node', id },
      because: [{ statement: 'wsrep_cluster_status not told', ...where }],
    })),
    ...alive.map(({ id, where }): Refusal => ({
      code: 'mariadb.bootstrap-beside-primary',
      reason: `${id} is in a primary component: a bootstrap would make a second cluster`,
      remedy: 'Let nodes join the one that lives.',
      subject: { kind: 'database node', id },
      because: [{ statement: 'wsrep_cluster_status Primary', ...where }],
    })),
  ];
}
