import type { Gap } from '@groundcrew/core';
import type { GaleraNode, RabbitCluster, Seen, WsrepStatus } from '../../src/stack.ts';

const AT = '2026-01-01T00:00:00.000Z';

export const seen = <T>(value: T, source = 'test'): Seen<T> => ({
  value,
  at: AT,
  source,
  completeness: 'complete',
  gaps: [],
});

const gap = (what: string): Gap => ({
  what,
  kind: 'failed',
  why: 'no whole answer within 5000 ms',
  remedy: undefined,
  requestIds: [],
});

export const unseen = (source: string): Seen<never> => ({
  value: undefined,
  at: AT,
  source,
  completeness: 'failed',
  gaps: [gap(source)],
});

export const HISTORY = '6a9f1e00-0000-11ef-8000-000000000001';

export const galera = (
  host: string,
  wsrep: Partial<WsrepStatus> | 'off' = {},
  parts: Partial<GaleraNode> = {},
): Seen<GaleraNode> =>
  seen<GaleraNode>(
    {
      host,
      port: 3306,
      version: '10.11.6-MariaDB',
      readOnly: false,
      ...parts,
      wsrep:
        wsrep === 'off'
          ? 'off'
          : {
              on: true,
              rejectsQueries: 'NONE',
              donorRejectsQueries: false,
              clusterName: 'openstack',
              nodeName: host,
              clusterSize: 3,
              clusterStatus: 'Primary',
              clusterStateUuid: HISTORY,
              localStateUuid: HISTORY,
              configurationId: 3,
              ready: true,
              connected: true,
              localState: 'Synced',
              donor: false,
              joiner: false,
              desynced: false,
              lastCommitted: 42,
              flowControlPaused: 0,
              evsState: 'OPERATIONAL',
              incomingAddresses: [],
              providerVersion: '26.4',
              weight: 1,
              ...wsrep,
            },
    },
    `galera ${host}:3306`,
  );

const rabbitNode = (
  name: string,
  parts: Partial<RabbitCluster['nodes'][number]> = {},
): RabbitCluster['nodes'][number] => ({
  name,
  running: true,
  partitions: [],
  memoryAlarm: false,
  diskAlarm: false,
  drained: false,
  uptimeMs: 1,
  ...parts,
});

const ok = { ok: true, reason: undefined };

/** A cluster of rabbit-1 to rabbit-3, as one of them sees it. */
export const rabbit = (
  node: string,
  parts: Partial<RabbitCluster> = {},
  nodes: Readonly<Record<string, Partial<RabbitCluster['nodes'][number]>>> = {},
): Seen<RabbitCluster> =>
  seen(
    {
      url: `http://${node}:15672`,
      node,
      clusterName: 'openstack',
      version: '3.13.7',
      erlang: '26',
      nodes: ['rabbit-1', 'rabbit-2', 'rabbit-3'].map((name) => rabbitNode(name, nodes[name])),
      queues: [],
      alarms: ok,
      localAlarms: ok,
      quorumCritical: ok,
      disabledFeatures: [],
      ...parts,
    },
    `rabbitmq ${node}:15672`,
  );
