// The lab, for tests and tools. Everything is done by the `lab` command beside this folder; here it is
// awaited, typed, and its refusals are errors that say what is missing.

export { ensureLab, type EnsureLabOptions, type Lab } from './ensure.ts';
export type { LabSuite } from './suite.ts';
export { checkLab, type CheckLabOptions, type LabCheck } from './check.ts';
export {
  labStatus,
  type LabControlPlane,
  type LabDaemon,
  type LabPart,
  type LabPartState,
  type LabStatus,
} from './status.ts';
export { LabCannotRun, LabCommandFailed, LabError, type LabReason } from './errors.ts';
export type { LabCommandOptions } from './command.ts';
export { ensurePackages } from './packages.ts';
export { type Daemon, type DaemonOptions, startDaemon, waitUntil } from './daemon.ts';
export { OpenstackShell } from './openstack-shell.ts';
export { freePorts } from './free-port.ts';
export {
  type GaleraCluster,
  type GaleraClusterNode,
  type GaleraClusterOptions,
  startGaleraCluster,
} from './galera-cluster.ts';
export {
  type RabbitCluster,
  type RabbitClusterNode,
  type RabbitClusterOptions,
  startRabbitCluster,
} from './rabbitmq-cluster.ts';
export {
  type PacemakerCluster,
  type PacemakerClusterNode,
  type PacemakerClusterOptions,
  startPacemakerCluster,
} from './pacemaker-cluster.ts';
export { type Sshd, startSshd } from './sshd.ts';
export {
  type IpmiAccount,
  type IpmiBoard,
  type IpmiSim,
  type IpmiSimOptions,
  startIpmiSim,
} from './ipmi-sim.ts';
export { createNamespaces, type Namespace, type Namespaces, type NamespacesOptions } from './namespaces.ts';
export { type Postgres, startPostgres } from './postgres.ts';
