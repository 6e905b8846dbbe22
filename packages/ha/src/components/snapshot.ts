import type { Observed } from '@groundcrew/core';
import type { HaSnapshot } from '../observe.ts';
import type { PacemakerStatus } from './pacemaker/crm-mon.ts';
import type { GaleraNode } from './galera/galera-node.ts';
import type { ApiReplicas } from './apis/observe-api.ts';
import type { EtcdStatus } from './etcd/observe-etcd.ts';
import type { HaproxyStatus } from './haproxy/observe-haproxy.ts';
import type { MemcachedStatus } from './memcached/observe-memcached.ts';
import type { OvnDatabase } from './ovn/observe-ovn.ts';
import type { RabbitCluster } from './rabbitmq/observe-rabbit.ts';
import type { TlsStatus } from './tls/observe-tls.ts';
import type { VipStatus } from './vip/observe-vip.ts';

/** What one checker saw; `undefined` with its gaps if it saw nothing. */
export type Seen<T> = Observed<T | undefined>;

/** The heartbeats that the APIs of Nova, Cinder and Neutron tell. */
export type Heartbeats = Pick<HaSnapshot, 'compute' | 'blockStorage' | 'network'>;

/**
 * A management stack, as everything in it was seen when asked itself. An empty list means that nobody was asked; it
 * says nothing of whether there is one.
 */
export interface StackSnapshot {
  /** One per database node. */
  readonly galera: readonly Seen<GaleraNode>[];
  /** One per node of RabbitMQ that was asked. */
  readonly rabbit: readonly Seen<RabbitCluster>[];
  readonly haproxy: readonly Seen<HaproxyStatus>[];
  /** One per node of Pacemaker that was asked. */
  readonly pacemaker: readonly Seen<PacemakerStatus>[];
  /** One per virtual address. */
  readonly vips: readonly Seen<VipStatus>[];
  readonly tls: readonly Seen<TlsStatus>[];
  readonly memcached: readonly Seen<MemcachedStatus>[];
  /** One per member of etcd that was asked. */
  readonly etcd: readonly Seen<EtcdStatus>[];
  /** One per server and database. */
  readonly ovn: readonly Seen<OvnDatabase>[];
  /** One per API. */
  readonly apis: readonly Seen<ApiReplicas>[];
  /** `undefined` if the cloud was not asked. */
  readonly heartbeats: Heartbeats | undefined;
  /** What checkers of the user's own saw, by component. */
  readonly others: Readonly<Record<string, readonly Observed<unknown>[]>>;
}

/** A snapshot of nothing, to add what was seen to. */
export const emptySnapshot: StackSnapshot = {
  galera: [],
  rabbit: [],
  haproxy: [],
  pacemaker: [],
  vips: [],
  tls: [],
  memcached: [],
  etcd: [],
  ovn: [],
  apis: [],
  heartbeats: undefined,
  others: {},
};
