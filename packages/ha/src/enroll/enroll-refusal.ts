import type { Refusal } from '@groundcrew/runbook';

/** Codes of refusals: the reason why there is no plan. */
export type EnrollRefusalCode =
  /** Every file is already as it would be written. */
  | 'enroll.already'
  /** A file of a host could not be read, so that it is not known what would be lost. */
  | 'enroll.unseen'
  /** A file that would be replaced was written by somebody else. */
  | 'enroll.foreign'
  /** A file of ours was changed by hand. */
  | 'enroll.edited'
  /** The balancers do not have the same configuration. */
  | 'enroll.balancers-differ'
  /** One balancer alone is a single point of failure. */
  | 'enroll.single-balancer'
  /** One replica alone is not highly available. */
  | 'enroll.single-replica'
  /** Two replicas, or two balancers, fail with one machine. */
  | 'enroll.same-machine'
  /** Only one process may be active, and a balancer does not ensure that. */
  | 'enroll.passive'
  /** Several processes may be active, so that Pacemaker is not needed. */
  | 'enroll.not-passive'
  /** Pacemaker cannot power off a node, and so could not safely start the component elsewhere. */
  | 'enroll.no-fencing'
  /** The cluster has no quorum, or goes on without it: both halves would run the component. */
  | 'enroll.no-quorum'
  /** Pacemaker is in maintenance mode and moves nothing. */
  | 'enroll.maintenance'
  /** A node is not a member of the cluster, or is offline. */
  | 'enroll.unknown-node'
  /** At run time: the change would stop, start or fence something else. */
  | 'enroll.disturbs'
  /** The component is a cluster of its own, which needs members and no balancer. */
  | 'enroll.quorum'
  /** Its work cannot be done on another host. */
  | 'enroll.per-host'
  /** It takes its work from the message queue. */
  | 'enroll.through-queue'
  /** Its clients know all replicas, and choose by themselves. */
  | 'enroll.clients-choose'
  /** Another service has the port or the name. */
  | 'enroll.conflict'
  /** Neither the catalogue nor the options tell on which port it listens. */
  | 'enroll.no-port'
  /** Retirement: the name is no replica, or the component is not enrolled. */
  | 'enroll.unknown-replica'
  /** Retirement: no working replica would be left. */
  | 'enroll.last-replica'
  /** At run time: a file changed since the plan was made. */
  | 'enroll.changed'
  /** At run time: what was written does not work. */
  | 'enroll.not-working';

export type EnrollRefusal = Refusal<EnrollRefusalCode>;
