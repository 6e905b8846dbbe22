import type { Refusal } from '@groundcrew/runbook';

/** Why there is no plan. */
export type EnrollRefusalCode =
  /** All is as it would become: there is nothing to do. */
  | 'enroll.already'
  /** A file of a host could not be read, so that it is not known what would be lost. */
  | 'enroll.unseen'
  /** A file that is in the way was written by somebody else. */
  | 'enroll.foreign'
  /** A file of ours was changed by hand. */
  | 'enroll.edited'
  /** What the balancers have is not the same. */
  | 'enroll.balancers-differ'
  /** One balancer is none: it is what fails. */
  | 'enroll.single-balancer'
  /** One replica is none. */
  | 'enroll.single-replica'
  /** Two replicas on one machine, or two balancers: it takes both with it. */
  | 'enroll.same-machine'
  /** Only one may be active, and a balancer does not see to that. */
  | 'enroll.passive'
  /** To be given to Pacemaker: several of it may be active, and it needs none who moves it. */
  | 'enroll.not-passive'
  /** Pacemaker cannot power off a node: it could never start elsewhere what that one may still run. */
  | 'enroll.no-fencing'
  /** Without quorum, or told to go on without it: both halves would run it. */
  | 'enroll.no-quorum'
  /** Pacemaker is in maintenance: it moves nothing. */
  | 'enroll.maintenance'
  /** Not a member of the cluster, or not there now. */
  | 'enroll.unknown-node'
  /** While it ran: the change would stop, start or fence something else. */
  | 'enroll.disturbs'
  /** It is a cluster by itself; what makes it HA are members, not a balancer. */
  | 'enroll.quorum'
  /** Nobody can do its work on another host. */
  | 'enroll.per-host'
  /** Work reaches it through the queue: whoever is there takes it. */
  | 'enroll.through-queue'
  /** Its clients know all of them, and choose. */
  | 'enroll.clients-choose'
  /** The port or the name is taken by another service. */
  | 'enroll.conflict'
  /** The catalogue does not tell, and nobody said, on which port it listens. */
  | 'enroll.no-port'
  /** To be retired: not a replica, or not enrolled at all. */
  | 'enroll.unknown-replica'
  /** To be retired: none that works would be left. */
  | 'enroll.last-replica'
  /** While it ran: a file is not as it was when the plan was made. */
  | 'enroll.changed'
  /** While it ran: what was written does not work. */
  | 'enroll.not-working';

export type EnrollRefusal = Refusal<EnrollRefusalCode>;
