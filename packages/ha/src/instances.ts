export type { Approve } from './instances/approvals.ts';
export { type CloudViewOptions, readCloudView } from './instances/cloud-view.ts';
export type { ControllerEvents, Purpose } from './instances/controller-events.ts';
export type { ControllerOptions } from './instances/controller-options.ts';
export { type HaController, haController } from './instances/controller.ts';
export { decide } from './instances/decide.ts';
export type {
  Decision,
  GateId,
  GateResult,
  HostJudgement,
  HostLeftBehind,
  HostRecovery,
} from './instances/decision.ts';
export { evacuate, type Evacuated, type EvacuateOptions } from './instances/evacuate.ts';
export { EvacuationError, type EvacuationErrorCode } from './instances/evacuation-error.ts';
export { gates } from './instances/gates/all.ts';
export type { Gate as HaGate } from './instances/gates/gate.ts';
export { emptyHistory, type HaHistory, type PastRecovery } from './instances/history.ts';
export { nextHistory, withRecovery, withRecoveryEnded } from './instances/next-history.ts';
export type { Observation, ObservedState, Observer } from './instances/observation.ts';
export type { RefusedObservation } from './instances/observe-hosts.ts';
export { novaServiceObserver } from './instances/observers/nova-service.ts';
export {
  type HostStatus,
  perHostObserver,
  type PerHostObserverOptions,
} from './instances/observers/per-host-observer.ts';
export { pingObserver, type PingObserverOptions } from './instances/observers/ping.ts';
export { powerObserver, type PowerObserverOptions } from './instances/observers/power.ts';
export {
  storageHeartbeatObserver,
  type StorageHeartbeatOptions,
} from './instances/observers/storage-heartbeat.ts';
export { tcpObserver, type TcpObserverOptions } from './instances/observers/tcp.ts';
export {
  planRecovery,
  type PlanRecoveryOptions,
  planReturn,
  type RecoveryRefusalCode,
} from './instances/plan-recovery.ts';
export {
  defaultPolicy,
  type HaPolicy,
  haPolicy,
  type HaPolicyOptions,
  type RecoveryMethod,
  type ResettableState,
} from './instances/policy.ts';
export { postMortemPage } from './instances/post-mortem-page.ts';
export {
  type TimelineEntry,
  type MovedServer,
  postMortem,
  type PostMortem,
  type UnmovedServer,
} from './instances/post-mortem.ts';
export { reconcile } from './instances/reconcile.ts';
export {
  recoveryImplementations,
  type RecoveryImplementationsOptions,
} from './instances/recovery-implementations.ts';
export {
  returnImplementations,
  type ReturnImplementationsOptions,
} from './instances/return-implementations.ts';
export type { LeftBehind, LeftBehindCode } from './instances/servers-to-move.ts';
export type {
  Capacity,
  CloudView,
  GroupView,
  HostView,
  ServerMove,
  ServerView,
  Situation,
} from './instances/situation.ts';
export { withCapacity } from './instances/with-capacity.ts';
