import type { Gap } from '@groundcrew/core';
import type { RabbitCluster } from './observe-rabbit.ts';
import type { RabbitQueue } from './rabbit-queue.ts';
import { majority } from '../../probing/quorum.ts';

/** The cluster as one node sees it. */
export type RabbitView = Pick<RabbitCluster, 'node' | 'nodes' | 'queues' | 'quorumCritical' | 'alarms'>;

/**
 * Everything that is known of one node of a RabbitMQ cluster. `unknown` was asked for and not read, and `gaps` says why;
 * `none` was looked for and is not there.
 */
export interface RabbitNodeState {
  /** The node's name in Erlang: `rabbit@rabbit-1`. */
  readonly node: string;
  /** The state of its process. `frozen`: stopped by a signal or a debugger. */
  readonly process: 'none' | 'running' | 'frozen' | 'unknown';
  /**
   * Does RabbitMQ run in it? `stopped` in a process that runs: it was paused because it saw a minority, or stopped by
   * somebody (`stop_app`).
   */
  readonly application: 'running' | 'stopped' | 'unknown';
  /** The cluster as its own management API reports it. */
  readonly view: RabbitView | 'none' | 'unknown';
  /** Every member that it knows, by its files. */
  readonly members: readonly string[] | 'none' | 'unknown';
  /** The nodes that ran when it last saw one come or go, itself included, by its files. */
  readonly lastRunning: readonly string[] | 'none' | 'unknown';
  readonly gaps: readonly Pick<Gap, 'what' | 'why' | 'remedy'>[];
}

/** Does it answer, and does its application run? */
export const answers = ({ view }: RabbitNodeState): boolean => typeof view === 'object';

/** Without statistics the management API leaves the partitions out, which is not the same as having none. */
export const tellsPartitions = ({ node, view }: RabbitNodeState): boolean =>
  typeof view === 'object' && view.nodes.find(({ name }) => name === node)?.partitions !== undefined;

/** The nodes that run, as this node sees it. */
export const runningIn = (view: RabbitView): string[] =>
  view.nodes.filter(({ running }) => running).map(({ name }) => name);

/** Queues that need a majority of their members: those that Raft replicates. */
export const isReplicated = ({ type }: Pick<RabbitQueue, 'type'>): boolean =>
  type === 'quorum' || type === 'stream';

/** Would the queue keep a majority of its members without these nodes? */
export function survives({ members, online }: RabbitQueue, without: readonly string[]): boolean {
  // Of one that does not tell who holds it, that is not known, and what is not known is not promised.
  if (members === undefined || online === undefined) return false;
  const there = online.filter((name) => members.includes(name) && !without.includes(name));
  return there.length >= majority(members.length);
}

/** May a node hold a copy of the queue? One that does not tell who holds it may be anywhere. */
export const mayBeOn = ({ members }: RabbitQueue, node: string): boolean => members?.includes(node) !== false;

/** For a sentence: the first few, and how many more. */
export function namesOf(queues: readonly RabbitQueue[]): string {
  const shown = queues.slice(0, 5).map(({ vhost, name }) => `${name} in ${vhost}`);
  return queues.length > shown.length
    ? `${shown.join(', ')} and ${queues.length - shown.length} more`
    : shown.join(', ');
}
