export {
  backupControlPlane,
  type BackupControlPlaneOptions,
  type ControlPlanePoint,
} from './control-plane/backup-control-plane.ts';
export type {
  ControlPlaneContents,
  ControlPlanePart,
  PartFacts,
} from './control-plane/control-plane-part.ts';
export type { DatabaseFacts, DatabasePosition } from './control-plane/database-facts.ts';
export { hostFiles, type HostFilesOptions } from './control-plane/host-files.ts';
export { mariadb, type MariadbOptions } from './control-plane/mariadb.ts';
export { ovnDatabase, type OvnDatabaseOptions } from './control-plane/ovn-database.ts';
export {
  rabbitmqDefinitions,
  type RabbitmqDefinitionsOptions,
} from './control-plane/rabbitmq-definitions.ts';
export {
  controlPlaneImplementations,
  type ControlPlaneImplementationsOptions,
} from './control-plane/restore/control-plane-implementations.ts';
export type { ControlPlaneRefusalCode } from './control-plane/restore/control-plane-refusals.ts';
export type {
  ComponentPlace,
  ControlPlaneTarget,
  DatabasePlace,
  DefinitionsPlace,
  HostCommand,
  OvnSyncPlace,
  OvsdbPlace,
} from './control-plane/restore/control-plane-target.ts';
export type { RestoreHost } from './control-plane/restore/place-back.ts';
export { planControlPlaneRestore } from './control-plane/restore/plan-control-plane-restore.ts';
export { findOrphans } from './orphans/find-orphans.ts';
export {
  checkGuests,
  deleteAllocation,
  deleteAttachment,
  deletePort,
  powerOffGuest,
  resetVolume,
  unbindPort,
} from './orphans/mend-actions.ts';
export { orphanImplementations } from './orphans/mend-implementations.ts';
export type { OrphanMends } from './orphans/mend-options.ts';
export type { OrphanMendRefusalCode } from './orphans/mend-refusals.ts';
export { type OrphanMendsAccess, orphanRevisions } from './orphans/mend-revisions.ts';
export { OrphanError } from './orphans/orphan-error.ts';
export type {
  HypervisorDomain,
  OrphanAllocation,
  OrphanAttachment,
  OrphanHypervisor,
  OrphanMigration,
  OrphanPort,
  OrphanServer,
  OrphanSources,
  OrphanVolume,
} from './orphans/orphan-sources.ts';
export { planOrphanMends } from './orphans/plan-orphan-mends.ts';
export { readOrphanSources, type ReadOrphanSourcesOptions } from './orphans/read-orphan-sources.ts';
export type { InventoryReading } from './inventory-reading.ts';
