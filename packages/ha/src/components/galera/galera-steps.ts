import { someNames } from '../../option-parts.ts';
import { z } from 'zod';
import { aPositiveDuration, type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Estimate, Json, Step } from '@groundcrew/runbook';
import { joinGaleraNode, restartGaleraNode } from './galera-actions.ts';
import { type GaleraPosition, NO_HISTORY } from './galera-files.ts';
import { type GaleraNodeState, positionOf } from './galera-state.ts';

/** Options of the recovery of a Galera cluster. */
export interface GaleraRecoveryOptions {
  /**
   * Hosts whose data need not survive: what only they hold is lost. It takes them out of the comparison, whatever
   * state they are in; a host that could not be seen must then be off, and the run waits for somebody to say so.
   *
   * @default none
   */
  readonly acceptLoss?: readonly string[] | undefined;
  /**
   * Hosts of which the first begins, among nodes with equal data.
   *
   * @default the one with `safe_to_bootstrap: 1`, else none
   */
  readonly preferred?: readonly string[] | undefined;
  /**
   * The treatment of a server that a signal stopped while others serve. `thaw` lets it go on: it may answer from old
   * data for some seconds, until it notices that it was put out. `kill` does not.
   *
   * @default 'thaw'
   */
  readonly frozen?: 'thaw' | 'kill' | undefined;
  /** The time limit of the first node, with the crash recovery of its database. @default '30m' */
  readonly bootstrapTimeout?: Duration | undefined;
  /** The time limit of a joiner, with a full state transfer. @default '4h' */
  readonly joinTimeout?: Duration | undefined;
}

const recoveryOptions = optionsSchema<GaleraRecoveryOptions>({
  acceptLoss: someNames.optional(),
  preferred: someNames.optional(),
  frozen: z.enum(['thaw', 'kill']).optional(),
  bootstrapTimeout: aPositiveDuration.optional(),
  joinTimeout: aPositiveDuration.optional(),
});

/** The options of a recovery with their durations in milliseconds. */
export interface CheckedGaleraOptions extends GaleraRecoveryOptions {
  readonly bootstrapTimeout?: number | undefined;
  readonly joinTimeout?: number | undefined;
}

/** @throws InputError on an option that there is not */
export const checkedRecoveryOptions = (options: GaleraRecoveryOptions): CheckedGaleraOptions =>
  parseArguments('planGaleraRecovery', recoveryOptions, options) as CheckedGaleraOptions;

/** The default time limit of a joiner: 4 hours. */
export const JOIN_TIMEOUT = 14_400_000;

/** One at a time: two joiners would take two donors out of service. */
export const GROUP = 'galera';

export function joinOneByOne(
  nodes: readonly GaleraNodeState[],
  hosts: readonly string[],
  needs: readonly string[],
  { joinTimeout = JOIN_TIMEOUT }: CheckedGaleraOptions,
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
export function inTurn(
  makers: readonly ((after: readonly string[]) => Step)[],
  after: readonly string[],
): Step[] {
  const steps: Step[] = [];
  for (const make of makers) {
    const last = steps.at(-1);
    steps.push(make(last === undefined ? after : [last.id]));
  }
  return steps;
}

export const restartOf = (
  { host }: GaleraNodeState,
  joins: readonly Step[],
  hosts: readonly string[],
): Step[] =>
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

export const leftOut = (nodes: readonly GaleraNodeState[]): string[] =>
  nodes.map(({ host, process }) =>
    process === 'unknown'
      ? `${host} is left out: it could not be seen.`
      : `${host} is left out: its data contradict the cluster's. Empty its data directory, and start it; it gets everything.`,
  );

export const inputsOf = (nodes: readonly GaleraNodeState[], options: CheckedGaleraOptions): Json =>
  JSON.parse(JSON.stringify({ nodes, options })) as Json;

export const QUICK: Estimate = { duration: '15s', basis: 'three small nodes on one machine' };
const SLOW: Estimate = {
  duration: '30s',
  basis: 'three small nodes on one machine; a full transfer takes as long as copying the data',
};

/** Would joining replace, or be kept from it by, what the node has? */
export function conflicts(node: GaleraNodeState, serving: GaleraPosition): boolean {
  const position = positionOf(node);
  if (position === undefined || position.uuid === NO_HISTORY) return false;
  return position.uuid !== serving.uuid || position.seqno > serving.seqno;
}
