export { failOver, freezeBackend, reconnectServer, thawBackend } from './replication/actions.ts';
export {
  failoverImpact,
  type FailoverImpact,
  type FailoverImpactOptions,
} from './replication/failover-impact.ts';
export type { PlanFailoverOptions } from './replication/failover-options.ts';
export type { FailoverRefusalCode } from './replication/failover-refusals.ts';
export { planFailover } from './replication/plan-failover.ts';
export {
  readReplication,
  type ReadReplicationOptions,
  type ReplicatedBackend,
  type ReplicatedServer,
  type ReplicatedSnapshot,
  type ReplicatedVolume,
  type ReplicationSnapshot,
} from './replication/read-replication.ts';
export {
  replicationImplementations,
  type ReplicationImplementationsOptions,
} from './replication/replication-implementations.ts';
export { replicationRevisions } from './replication/revisions.ts';
export type { ServerImpact, ServerVolume, WayToReconnect } from './replication/server-impact.ts';
export type { VolumeFate, VolumeImpact } from './replication/volume-fate.ts';
export type { InventoryReading } from './inventory-reading.ts';
