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
export { startOrder, stopOrder } from './stack/order.ts';
export type { OvnRaft, OvnServer } from './stack/ovn-cluster-status.ts';
export type { RabbitQueue } from './stack/rabbit-queue.ts';
export { emptySnapshot, type Heartbeats, type Seen, type StackSnapshot } from './stack/snapshot.ts';
export { standingWarnings, unsafeNow, type UnsafeNow, type UnsafeNowOptions } from './stack/unsafe-now.ts';
