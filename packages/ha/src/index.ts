export { assess } from './assess.ts';
export { DrillError } from './drill/drill-error.ts';
export { drillHands, type DrillHandsOptions, type DrillTarget } from './drill/drill-hands.ts';
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
export { enrollHands, type EnrollHandsOptions } from './enroll/enroll-hands.ts';
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
export { planRetirement, type RetireOptions } from './enroll/plan-retirement.ts';
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
export type { RefusedLook } from './instances/look-around.ts';
export { proveStopped, type StoppedFacts, type StoppedProof } from './instances/stopped-proof.ts';
export { whereabouts, type Whereabouts } from './instances/whereabouts.ts';
export { evacuate, type Evacuated, type EvacuateOptions } from './instances/evacuate.ts';
export { EvacuationError, type EvacuationErrorCode } from './instances/evacuation-error.ts';
export { fit, type Fit, type FitRules } from './instances/fit.ts';
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
export { lookingAtEach, type LookOptions } from './instances/observers/look.ts';
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
export { recoveringActions, type RecoveringOptions } from './instances/recovering.ts';
export { recoveryOrder, type RecoveryOrder } from './instances/recovery-order.ts';
export { returningActions, type ReturningOptions } from './instances/returning.ts';
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
} from './components/galera/choose-galera-bootstrap.ts';
export type { GaleraAccess, GaleraCommands } from './components/galera/galera-access.ts';
export {
  bootstrapGalera,
  confirmGaleraNode,
  joinGaleraNode,
  killGaleraNode,
  markGaleraBootstrap,
  restartGaleraNode,
  stopGaleraNode,
  thawGaleraNode,
} from './components/galera/galera-actions.ts';
export {
  type GaleraPosition,
  NO_HISTORY,
  type SavedState,
  type SavedView,
} from './components/galera/galera-files.ts';
export { galeraImplementations, GaleraRecoveryError } from './components/galera/galera-implementations.ts';
export type { GaleraRefusal, GaleraRefusalCode } from './components/galera/galera-refusal.ts';
export type { GaleraNodeState, LiveGalera, ServerProcess } from './components/galera/galera-state.ts';
export type { GaleraRecoveryOptions } from './components/galera/galera-steps.ts';
export { planGaleraRecovery } from './components/galera/plan-galera-recovery.ts';
export { planRabbitRecovery } from './components/rabbitmq/plan-rabbit-recovery.ts';
export type { RabbitRecoveryOptions } from './components/rabbitmq/rabbit-steps.ts';
export { planRabbitRestart, type RabbitRestartOptions } from './components/rabbitmq/plan-rabbit-restart.ts';
export type { RabbitAccess, RabbitCommands } from './components/rabbitmq/rabbit-access.ts';
export {
  forceBootRabbit,
  forgetRabbit,
  killRabbit,
  restartRabbit,
  startRabbit,
  stopRabbit,
} from './components/rabbitmq/rabbit-actions.ts';
export { rabbitImplementations, RabbitRecoveryError } from './components/rabbitmq/rabbit-implementations.ts';
export type { RabbitRefusal, RabbitRefusalCode } from './components/rabbitmq/rabbit-refusal.ts';
export type { RabbitNodeState, RabbitView } from './components/rabbitmq/rabbit-state.ts';
export { readGaleraNode, type ReadGaleraOptions } from './components/galera/read-galera-node.ts';
export { readRabbitNode, type ReadRabbitOptions } from './components/rabbitmq/read-rabbit-node.ts';
export { machineOf, measure, type Redundancy, type RedundancyRule, redundancyRules } from './redundancy.ts';
export { type ComponentEffect } from './simulation/components.ts';
export type { Loss, PlacedComponent, SimulationInventory } from './simulation/inventory.ts';
export { simulateAll, type SimulateAllOptions, type SimulationSummary } from './simulation/simulate-all.ts';
export { defaultTimes, type SimulateOptions, type SimulationTimes } from './simulation/simulate-options.ts';
export { simulate, type SimulationReport } from './simulation/simulate.ts';
export { withCapacity } from './instances/with-capacity.ts';
export type { Address } from './probing/address.ts';
export type { HostCommandOptions } from './probing/ask-host.ts';
export { type CheckedOptions, type CheckOptions, Partly, UnreadError } from './probing/ask.ts';
export type { AssessStackOptions, JudgeOptions } from './components/assess-options.ts';
export { assessStack } from './components/assess-stack.ts';
export { type BuiltInCatalogue, catalogue } from './components/catalogue.ts';
export type {
  ComponentCheck,
  ComponentFacts,
  Mode,
  Move,
  Need,
  QuorumRule,
  Replica,
  Replicas,
  RuleSource,
  StateKind,
} from './components/component-facts.ts';
export type {
  ComponentObserver,
  ReadingOptions,
  StackView,
  UnseenWords,
} from './components/component-observer.ts';
export {
  type Catalogue,
  type Component,
  type ComponentJudgement,
  defineComponent,
  type ObservedComponent,
  type UnsafeMove,
} from './components/define-component.ts';
export type {
  PacemakerFailure,
  PacemakerNode,
  PacemakerResource,
  PacemakerStatus,
} from './components/pacemaker/crm-mon.ts';
export type { GaleraNode, WsrepStatus } from './components/galera/galera-node.ts';
export type { HaproxyProxy, HaproxyServer, HaproxySide } from './components/haproxy/haproxy-stat.ts';
export {
  type ApiReplica,
  type ApiReplicas,
  type ApiReplicaVersion,
  type ApiTarget,
  observeApi,
  versionSkew,
} from './components/apis/observe-api.ts';
export {
  type EtcdMember,
  type EtcdStatus,
  type EtcdTarget,
  observeEtcd,
} from './components/etcd/observe-etcd.ts';
export { type GaleraTarget, observeGalera } from './components/galera/observe-galera.ts';
export {
  type HaproxyStatus,
  type HaproxyTarget,
  observeHaproxy,
} from './components/haproxy/observe-haproxy.ts';
export {
  type MemcachedStatus,
  type MemcachedTarget,
  observeMemcached,
} from './components/memcached/observe-memcached.ts';
export { observeOvn, type OvnDatabase, type OvnTarget } from './components/ovn/observe-ovn.ts';
export { observePacemaker, type PacemakerTarget } from './components/pacemaker/observe-pacemaker.ts';
export {
  observeRabbit,
  type RabbitCluster,
  type RabbitHealth,
  type RabbitNode,
  type RabbitTarget,
} from './components/rabbitmq/observe-rabbit.ts';
export { observeStack } from './components/observe-stack.ts';
export {
  observeTls,
  type TlsCertificate,
  type TlsStatus,
  type TlsTarget,
} from './components/tls/observe-tls.ts';
export { observeVip, type VipHost, type VipStatus, type VipTarget } from './components/vip/observe-vip.ts';
export { dependents, startOrder, stopOrder } from './components/order.ts';
export type { OvnRaft, OvnServer } from './components/ovn/ovn-cluster-status.ts';
export { majority, quorumMargin, type Votes } from './probing/quorum.ts';
export type { RabbitQueue } from './components/rabbitmq/rabbit-queue.ts';
export type { Heartbeats, Seen } from './components/seen.ts';
export {
  type CatalogueOption,
  emptySnapshot,
  type StackSnapshot,
  type StackTargets,
} from './components/snapshot.ts';
export {
  standingWarnings,
  unsafeNow,
  type UnsafeNow,
  type UnsafeNowOptions,
} from './components/unsafe-now.ts';
export {
  observePassive,
  type ObservePassiveOptions,
  type PassiveSnapshot,
} from './passive/observe-passive.ts';
export { passiveHands, type PassiveHandsOptions } from './passive/passive-hands.ts';
export type { PassiveOptions, PassivePlace } from './passive/passive-options.ts';
export { type PassiveRetireOptions, planPassiveRetirement } from './passive/plan-passive-retirement.ts';
export { planPassive } from './passive/plan-passive.ts';
