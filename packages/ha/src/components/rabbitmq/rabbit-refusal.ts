import type { Refusal } from '@groundcrew/runbook';
import type { RabbitNodeState } from './rabbit-state.ts';

/** The reasons why there is no plan. */
export type RabbitRefusalCode =
  /** There is nothing to plan for, or the same node twice. */
  | 'rabbitmq.not-a-cluster'
  /** An option names a node that is not among those that were given. */
  | 'rabbitmq.unknown-node'
  /** A node knows a member that was not given. */
  | 'rabbitmq.member-missing'
  /** All nodes run and see each other. */
  | 'rabbitmq.healthy'
  /** A node could not be read: it may run. */
  | 'rabbitmq.unseen'
  /** A node's process runs and RabbitMQ in it does not: paused in a minority, or stopped by somebody. */
  | 'rabbitmq.paused'
  /** A process is stopped by a signal, and nobody serves. */
  | 'rabbitmq.frozen'
  /** Nodes that run do not reach each other. */
  | 'rabbitmq.still-partitioned'
  /** Nodes were parted, and no side is a majority. */
  | 'rabbitmq.no-majority'
  /** `keep` does not name one whole side. */
  | 'rabbitmq.not-a-side'
  /** Nobody can tell which of the nodes was the last to stop. */
  | 'rabbitmq.last-stopped-unknown'
  /** A queue has lost the majority of its members for good. */
  | 'rabbitmq.queue-lost-quorum'
  /** Queues would lose their majority if the node stopped. */
  | 'rabbitmq.quorum-critical'
  /** A node that is to be forgotten runs. */
  | 'rabbitmq.still-running'
  /** A memory or disk alarm blocks publishers. */
  | 'rabbitmq.alarm'
  /** The refusal of a step while the plan runs: the facts that the plan was made from have changed. */
  | 'rabbitmq.changed';

export type RabbitRefusal = Refusal<RabbitRefusalCode>;

/** A refusal about one node; what could not be read of it is its evidence. */
export const refuseRabbit = (
  { node, gaps }: Pick<RabbitNodeState, 'node' | 'gaps'>,
  code: RabbitRefusalCode,
  reason: string,
  remedy: string,
): RabbitRefusal => ({
  code,
  reason: `${node} ${reason}`,
  remedy,
  subject: { kind: 'rabbitmq node', id: node },
  ...(gaps.length === 0 ? {} : { because: gaps.map(({ what, why }) => ({ statement: why, source: what })) }),
});

export const refuseRabbits = (code: RabbitRefusalCode, reason: string, remedy: string): RabbitRefusal => ({
  code,
  reason,
  remedy,
  subject: { kind: 'rabbitmq cluster', id: 'cluster' },
});
