export { assess } from './assess.ts';
export { DrillError } from './drill/drill-error.ts';
export {
  drillImplementations,
  type DrillImplementationsOptions,
  type DrillTarget,
} from './drill/drill-implementations.ts';
export type { DrillAims, DrillReport, DrillReportEvent } from './drill/drill-report.ts';
export type { DrillTiming } from './drill/drill-action.ts';
export type { DrillFault } from './drill/fault.ts';
export { type DrillOptions, planDrill } from './drill/plan-drill.ts';
export {
  type Drilled,
  type DrillFacts,
  type DrillProof,
  isDrillProof,
  prove,
  type ProveOptions,
  type Proven,
} from './drill/prove.ts';
export {
  type DrillWatch,
  watchBalancer,
  type WatchBalancerOptions,
  watchVip,
  type WatchVipOptions,
} from './drill/watch.ts';
export { EnrollError } from './enroll/enroll-error.ts';
export { enrollImplementations, type EnrollImplementationsOptions } from './enroll/enroll-implementations.ts';
export type { EnrollRefusal, EnrollRefusalCode } from './enroll/enroll-refusal.ts';
export type { HaproxyModelInput } from './enroll/haproxy-model.ts';
export type { KeepalivedModelInput } from './enroll/keepalived-model.ts';
export type { FileOwner } from './enroll/managed-file.ts';
export {
  type BalancerFiles,
  type EnrollmentSnapshot,
  observeEnrollment,
  type ObserveEnrollmentOptions,
} from './enroll/observe-enrollment.ts';
export { planEnrollment } from './enroll/plan-enrollment.ts';
export { planRetirement, type PlanRetirementOptions } from './enroll/plan-retirement.ts';
export type { EnrollSecrets } from './enroll/render-config.ts';
export { renderHaproxy } from './enroll/render-haproxy.ts';
export {
  type BalancerCheckInput,
  renderBalancerCheck,
  renderKeepalived,
} from './enroll/render-keepalived.ts';
export { haSettings, type HaSettingsOptions, renderSettings } from './enroll/settings.ts';
export type { EnrollOptions, EnrollTopology, Setting } from './enroll/topology.ts';
export { BoardError } from './fencing/board-error.ts';
export { commandDriver, type CommandDriverOptions } from './fencing/command.ts';
export { FenceError, type FenceErrorCode } from './fencing/fence-error.ts';
export type { FenceFacts, FenceProof } from './fencing/fence-proof.ts';
export { type Fencer, fencer, type FencerOptions, isFenceProof, isFresh } from './fencing/fencer.ts';
export { type IpmiBoard, ipmiDriver, type IpmiOptions } from './fencing/ipmi.ts';
export type { PowerDriver, PowerOptions, PowerReading, PowerState } from './fencing/power-driver.ts';
export type { RedfishBoard } from './fencing/redfish-client.ts';
export { redfishDriver, type RedfishOptions } from './fencing/redfish.ts';
export {
  awaitService,
  closeRecovery,
  declareDown,
  enableHost,
  evacuateServer,
  fenceHost,
  powerOn,
} from './instances/actions.ts';
export { type CloudViewOptions, readCloudView } from './instances/cloud-view.ts';
export { type HaController, haController } from './instances/controller.ts';
export type { ControllerOptions } from './instances/controller-options.ts';
export type { ControllerEvents, Purpose } from './instances/controller-events.ts';
export { decide } from './instances/decide.ts';
export type {
  Decision,
  GateId,
  GateResult,
  HostJudgement,
  HostLeftBehind,
  HostRecovery,
} from './instances/decision.ts';
export type { RefusedObservation } from './instances/observe-hosts.ts';
export { proveStopped, type StoppedFacts, type StoppedProof } from './instances/stopped-proof.ts';
export { whereabouts, type Whereabouts } from './instances/whereabouts.ts';
export { evacuate, type Evacuated, type EvacuateOptions } from './instances/evacuate.ts';
export { EvacuationError, type EvacuationErrorCode } from './instances/evacuation-error.ts';
export { placeServers, type ServerPlacement, type PlacementRules } from './instances/place-servers.ts';
export { aggregateBudget } from './instances/gates/aggregate-budget.ts';
export { gates } from './instances/gates/all.ts';
export { anythingToMove } from './instances/gates/anything-to-move.ts';
export { dataSource } from './instances/gates/data-source.ts';
export type { Gate as HaGate } from './instances/gates/gate.ts';
export { heartbeatCliff } from './instances/gates/heartbeat-cliff.ts';
export { hostReallyDown } from './instances/gates/host-really-down.ts';
export { hostsAtOnce } from './instances/gates/hosts-at-once.ts';
export { kernelDump } from './instances/gates/kernel-dump.ts';
export { ownView } from './instances/gates/own-view.ts';
export { schedulerUp } from './instances/gates/scheduler-up.ts';
export { shareDown } from './instances/gates/share-down.ts';
export { emptyHistory, type HaHistory, type PastRecovery } from './instances/history.ts';
export { type Marker, readMarker, writeMarker } from './instances/marker.ts';
export { nextHistory, withRecovery, withRecoveryEnded } from './instances/next-history.ts';
export type { Observation, ObservedState, Observer } from './instances/observation.ts';
export { perHostObserver, type PerHostObserverOptions } from './instances/observers/per-host-observer.ts';
export { novaServiceObserver } from './instances/observers/nova-service.ts';
export { powerObserver, type PowerObserverOptions } from './instances/observers/power.ts';
export {
  storageHeartbeatObserver,
  type StorageHeartbeatOptions,
} from './instances/observers/storage-heartbeat.ts';
export { pingObserver, type PingObserverOptions } from './instances/observers/ping.ts';
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
  type RecoveryMethod,
  type ResettableState,
} from './instances/policy.ts';
export {
  type Moment,
  type MovedServer,
  postMortem,
  type PostMortem,
  type UnmovedServer,
} from './instances/post-mortem.ts';
export { postMortemPage } from './instances/post-mortem-page.ts';
export { reconcile } from './instances/reconcile.ts';
export {
  recoveryImplementations,
  type RecoveryImplementationsOptions,
} from './instances/recovery-implementations.ts';
export { recoveryOrder, type RecoveryOrder } from './instances/recovery-order.ts';
export {
  returnImplementations,
  type ReturnImplementationsOptions,
} from './instances/return-implementations.ts';
export {
  type LeftBehind,
  type LeftBehindCode,
  serversToMove,
  type Sorted,
  sortServers,
} from './instances/servers-to-move.ts';
export type {
  Capacity,
  CloudView,
  GroupView,
  HostView,
  ServerMove,
  ServerView,
  Situation,
} from './instances/situation.ts';
export { stabilise } from './instances/stabilise.ts';
export { masakariObserver, type MasakariObserverOptions } from './masakari/masakari-observer.ts';
export { type HostNotification, notifiedState } from './masakari/notified-state.ts';
export { notifyMasakari } from './masakari/notify-masakari.ts';
export {
  type CarriedServer,
  type HaSnapshot,
  observe,
  type ObserveHaOptions,
  type VirtualRouter,
  type Worker,
} from './observe.ts';
export {
  type Choice,
  chooseGaleraBootstrap,
  type ChooseOptions,
} from './recovery/choose-galera-bootstrap.ts';
export type { GaleraAccess, GaleraCommands } from './recovery/galera-access.ts';
export {
  bootstrapGalera,
  confirmGaleraNode,
  joinGaleraNode,
  killGaleraNode,
  markGaleraBootstrap,
  restartGaleraNode,
  stopGaleraNode,
  thawGaleraNode,
} from './recovery/galera-actions.ts';
export { type GaleraPosition, NO_HISTORY, type SavedState, type SavedView } from './recovery/galera-files.ts';
export { galeraHands, GaleraRecoveryError } from './recovery/galera-hands.ts';
export type { GaleraRefusal, GaleraRefusalCode } from './recovery/galera-refusal.ts';
export type { GaleraNodeState, LiveGalera, ServerProcess } from './recovery/galera-state.ts';
export type { GaleraRecoveryOptions } from './recovery/galera-steps.ts';
export { planGaleraRecovery } from './recovery/plan-galera-recovery.ts';
export { planRabbitRecovery, type RabbitRecoveryOptions } from './recovery/plan-rabbit-recovery.ts';
export { planRabbitRestart, type RabbitRestartOptions } from './recovery/plan-rabbit-restart.ts';
export type { RabbitAccess, RabbitCommands } from './recovery/rabbit-access.ts';
export {
  forceBootRabbit,
  forgetRabbit,
  killRabbit,
  restartRabbit,
  startRabbit,
  stopRabbit,
} from './recovery/rabbit-actions.ts';
export { rabbitHands, RabbitRecoveryError } from './recovery/rabbit-hands.ts';
export type { RabbitRefusal, RabbitRefusalCode } from './recovery/rabbit-refusal.ts';
export type { RabbitNodeState, RabbitView } from './recovery/rabbit-state.ts';
export { readGaleraNode, type ReadGaleraOptions } from './recovery/read-galera-node.ts';
export { readRabbitNode, type ReadRabbitOptions } from './recovery/read-rabbit-node.ts';
export { machineOf, measure, type Redundancy, type RedundancyRule, redundancyRules } from './redundancy.ts';
export { type ComponentEffect } from './simulation/component-effect.ts';
export type { Loss, PlacedComponent, SimulationInventory } from './simulation/inventory.ts';
export { simulateAll, type SimulateAllOptions, type SimulationSummary } from './simulation/simulate-all.ts';
export { defaultTimes, type SimulateOptions, type SimulationTimes } from './simulation/simulate-options.ts';
export { simulate, type SimulationReport } from './simulation/simulate.ts';
export { withCapacity } from './instances/with-capacity.ts';
export type { Address } from './stack/address.ts';
export type { HostCommandOptions } from './stack/ask-host.ts';
export type { CheckOptions } from './stack/ask.ts';
export type { AssessStackOptions } from './stack/assess-options.ts';
export { assessStack } from './stack/assess-stack.ts';
export { catalogue } from './stack/catalogue.ts';
export {
  type Catalogue,
  type Component,
  type ComponentCheck,
  defineComponent,
  type Mode,
  type Move,
  type Need,
  type QuorumRule,
  type Replicas,
  type RuleSource,
  type StateKind,
  type UnsafeMove,
} from './stack/component.ts';
export type { PacemakerFailure, PacemakerNode, PacemakerResource, PacemakerStatus } from './stack/crm-mon.ts';
export type { GaleraNode, WsrepStatus } from './stack/galera-node.ts';
export type { HaproxyProxy, HaproxyServer, HaproxySide } from './stack/haproxy-stat.ts';
export {
  type ApiReplica,
  type ApiReplicas,
  type ApiReplicaVersion,
  type ApiTarget,
  observeApi,
  versionSkew,
} from './stack/observe-api.ts';
export { type EtcdMember, type EtcdStatus, type EtcdTarget, observeEtcd } from './stack/observe-etcd.ts';
export { type GaleraTarget, observeGalera } from './stack/observe-galera.ts';
export { type HaproxyStatus, type HaproxyTarget, observeHaproxy } from './stack/observe-haproxy.ts';
export { type MemcachedStatus, type MemcachedTarget, observeMemcached } from './stack/observe-memcached.ts';
export { observeOvn, type OvnDatabase, type OvnTarget } from './stack/observe-ovn.ts';
export { observePacemaker, type PacemakerTarget } from './stack/observe-pacemaker.ts';
export {
  observeRabbit,
  type RabbitCluster,
  type RabbitHealth,
  type RabbitNode,
  type RabbitTarget,
} from './stack/observe-rabbit.ts';
export { observeStack, type OnHost, type StackTargets } from './stack/observe-stack.ts';
export { observeTls, type TlsCertificate, type TlsStatus, type TlsTarget } from './stack/observe-tls.ts';
export { observeVip, type VipHost, type VipStatus, type VipTarget } from './stack/observe-vip.ts';
export { dependents, startOrder, stopOrder } from './stack/order.ts';
export type { OvnRaft, OvnServer } from './stack/ovn-cluster-status.ts';
export { majority, quorumMargin, type Votes } from './stack/quorum.ts';
export type { RabbitQueue } from './stack/rabbit-queue.ts';
export { emptySnapshot, type Heartbeats, type Seen, type StackSnapshot } from './stack/snapshot.ts';
export { standingWarnings, unsafeNow, type UnsafeNow, type UnsafeNowOptions } from './stack/unsafe-now.ts';
export {
  observeActivePassive,
  type ObserveActivePassiveOptions,
  type ActivePassiveSnapshot,
} from './enroll/active-passive/observe-active-passive.ts';
export {
  activePassiveImplementations,
  type ActivePassiveImplementationsOptions,
} from './enroll/active-passive/active-passive-implementations.ts';
export type {
  ActivePassiveOptions,
  ActivePassivePlace,
} from './enroll/active-passive/active-passive-options.ts';
export {
  type ActivePassiveRetirementOptions,
  planActivePassiveRetirement,
} from './enroll/active-passive/plan-active-passive-retirement.ts';
export { planActivePassive } from './enroll/active-passive/plan-active-passive.ts';
