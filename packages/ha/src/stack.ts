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
export { startOrder, stopOrder } from './components/order.ts';
export type { OvnRaft, OvnServer } from './components/ovn/ovn-cluster-status.ts';
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
