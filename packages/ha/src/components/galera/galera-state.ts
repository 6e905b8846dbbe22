import type { Gap } from '@groundcrew/core';
import type { WsrepStatus } from './galera-node.ts';
import type { GaleraPosition, SavedState, SavedView } from './galera-files.ts';

/**
 * The state of a node's server, as the kernel tells it. `frozen`: stopped by a signal or a debugger. `alone`: the server is
 * gone, and something else still works in its data directory, such as a state transfer. `unknown`: it could not be seen.
 */
export type ServerProcess = 'none' | 'running' | 'frozen' | 'alone' | 'unknown';

/** The state that a running node reports over SQL. */
export type LiveGalera = Pick<
  WsrepStatus,
  | 'clusterStatus'
  | 'clusterSize'
  | 'clusterStateUuid'
  | 'localStateUuid'
  | 'configurationId'
  | 'localState'
  | 'lastCommitted'
  | 'evsState'
  | 'ready'
>;

/**
 * Everything that is known of one node of a Galera cluster. A field that is `unknown` was asked for and not read, and
 * `gaps` says why; `none` was looked for and is not there. A planner takes the first for anything, the second as a fact.
 */
export interface GaleraNodeState {
  readonly host: string;
  readonly process: ServerProcess;
  /**
   * Was the server that runs told to begin a cluster (`--wsrep-new-cluster`, or an empty `gcomm://`)? `undefined` if its
   * processes could not be seen.
   */
  readonly bootstrapping: boolean | undefined;
  /** Does it receive a full state transfer, or catch up? */
  readonly joiner: boolean;
  /** Does it give its state to another? */
  readonly donor: boolean;
  /** `grastate.dat`. */
  readonly saved: SavedState | 'none' | 'unknown';
  /** The position that `mariadbd --wsrep-recover` finds; only of a node that does not run. `none`: there is no data at all. */
  readonly recovered: GaleraPosition | 'none' | 'unknown';
  /** `gvwstate.dat`. */
  readonly view: SavedView | 'none' | 'unknown';
  /** `none` of a node whose server does not run. */
  readonly live: LiveGalera | 'none' | 'unknown';
  readonly gaps: readonly Pick<Gap, 'what' | 'why' | 'remedy'>[];
}

/** Is it part of a component that serves? */
export const isPrimary = ({ live }: GaleraNodeState): boolean =>
  typeof live === 'object' && live.clusterStatus === 'Primary';

export const isSynced = (node: GaleraNodeState): boolean =>
  isPrimary(node) && typeof node.live === 'object' && node.live.localState === 'Synced';

/**
 * The proven position of a node; `undefined` if that is not known. Of a running node what it says, of a stopped one what
 * InnoDB has, which must agree with what an orderly shutdown wrote.
 */
export function positionOf(node: GaleraNodeState): GaleraPosition | undefined {
  if (node.process === 'running') {
    if (typeof node.live !== 'object') return undefined;
    const { localStateUuid: uuid, lastCommitted: seqno } = node.live;
    return uuid === undefined || seqno === undefined ? undefined : { uuid: uuid.toLowerCase(), seqno };
  }
  return node.process === 'none' && typeof node.recovered === 'object' ? node.recovered : undefined;
}
