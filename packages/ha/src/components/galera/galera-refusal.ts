import type { Refusal } from '@groundcrew/runbook';
import type { GaleraNodeState } from './galera-state.ts';

/** The reasons why there is no plan. */
export type GaleraRefusalCode =
  /** There is nothing to plan for, or the same host twice. */
  | 'galera.not-a-cluster'
  /** `acceptLoss` or `preferred` name a host that is not among the nodes. */
  | 'galera.unknown-host'
  /** All nodes are Synced in one component. */
  | 'galera.healthy'
  /** A node could not be read: it may run. */
  | 'galera.unseen'
  /** The last component had more members than the nodes that were given. */
  | 'galera.member-missing'
  /** A node receives or gives a state transfer, or something else works on its data. */
  | 'galera.transfer-in-progress'
  /** A node was told to begin a cluster, and is not there yet. */
  | 'galera.bootstrap-underway'
  /** Nodes that serve are not in one component. */
  | 'galera.two-components'
  /** A node runs outside of the component that serves. */
  | 'galera.partitioned'
  /** A node's server is stopped by a signal, and no component serves. */
  | 'galera.frozen'
  /** A node has no history: it is empty, or lost its data, or died while receiving it. */
  | 'galera.null-uuid'
  /** The position of a node is not known: seqno -1 and nothing recovered. */
  | 'galera.position-unknown'
  /** `grastate.dat` and InnoDB contradict each other. */
  | 'galera.positions-disagree'
  /** Nodes have histories that have nothing in common. */
  | 'galera.different-histories'
  /** A node that does not run has commits that the component which serves has not. */
  | 'galera.ahead-of-primary'
  /** Several nodes are equally far, and nobody said which one to take. */
  | 'galera.tie'
  /** More than one node says that it is safe to bootstrap from it. */
  | 'galera.two-bootstraps'
  /** A node says that it is safe to bootstrap from it, and another is further. */
  | 'galera.misleading-safe-to-bootstrap'
  /** No node is left to begin with. */
  | 'galera.no-candidate'
  /** The refusal of a step while the plan runs: the facts that the plan was made from have changed. */
  | 'galera.changed';

export type GaleraRefusal = Refusal<GaleraRefusalCode>;

/** A refusal about one node; what could not be read of it is its evidence. */
export const refuseNode = (
  { host, gaps }: Pick<GaleraNodeState, 'host' | 'gaps'>,
  code: GaleraRefusalCode,
  reason: string,
  remedy: string,
): GaleraRefusal => ({
  code,
  reason: `${host} ${reason}`,
  remedy,
  subject: { kind: 'galera node', id: host },
  ...(gaps.length === 0 ? {} : { because: gaps.map(({ what, why }) => ({ statement: why, source: what })) }),
});

export const refuseCluster = (code: GaleraRefusalCode, reason: string, remedy: string): GaleraRefusal => ({
  code,
  reason,
  remedy,
  subject: { kind: 'galera cluster', id: 'cluster' },
});

/** The end of a remedy: the option that gives up the commits which only this node holds. */
export const orAcceptLoss = (host: string): string =>
  `or accept that what only it holds is lost: acceptLoss: ['${host}']`;
