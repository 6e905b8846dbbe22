import { hostAndPort } from '../probing/address.ts';
import { type Component, defineComponent } from './define-component.ts';
import { judgeEtcd, refuseEtcd } from './etcd/judge-etcd.ts';
import { judgeGalera } from './galera/judge-galera.ts';
import { judgeHaproxy, judgeSingleWriter, refuseLastServer } from './haproxy/judge-haproxy.ts';
import { judgeMemcached } from './memcached/judge-memcached.ts';
import { judgeRabbit, refuseMinority, refuseParted, refuseQuorumCritical } from './rabbitmq/judge-rabbit.ts';
import { judgeVips, refuseWithoutSpare } from './vip/judge-vip.ts';
import {
  refuseAlone,
  refuseBootstrap,
  refuseDuringTransfer,
  refuseUnlessSynced,
  refuseWithoutMargin,
} from './galera/refuse-galera.ts';
import { serving } from './galera/galera-serving.ts';
import type { WsrepStatus } from './galera/galera-node.ts';
import { eachAsked, keepalivedReplicas } from './replicas.ts';

const mariadb: Component = defineComponent({
  name: 'mariadb',
  title: 'MariaDB with Galera',
  mode: 'single-writer',
  state: 'replicated',
  stops: 'every API answers with errors, nothing in the cloud changes; what runs goes on',
  wanted: 3,
  essential: true,
  quorum: {
    voters: 'members of the last primary component, each with its pc.weight',
    minimum: 3,
    minority: 'refuses every query until it is back in a primary component',
  },
  checks: [
    {
      id: 'synced',
      expects: 'wsrep_local_state_comment Synced and wsrep_cluster_status Primary',
      source: {
        kind: 'kolla',
        where: 'roles/mariadb/tasks/recover_cluster.yml, healthcheck.sh --connect --galera_online',
      },
    },
    {
      id: 'clustercheck',
      expects: 'HTTP 200 on port 9200 while the node is Synced',
      port: 9_200,
      every: 2_000,
      rise: 2,
      fall: 5,
      source: { kind: 'ha-guide', where: 'control-plane-stateful, clustercheck behind HAProxy' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'mariadb.acting-during-transfer',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
      when: 'a joiner receives a state transfer (IST or SST), and a donor gives it',
      why: 'the joiner has no usable data yet and the donor is held out: one node more away, and nobody serves',
      source: {
        kind: 'kolla',
        where: 'roles/mariadb: every live node Synced before the next one is touched',
      },
      refuses: refuseDuringTransfer,
    },
    {
      id: 'mariadb.acting-unsynced',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
      when: 'a live node is not Synced, or could not be asked',
      why: 'who is left must have all the data',
      source: { kind: 'kolla', where: 'roles/mariadb: wsrep_local_state_comment of every live node' },
      refuses: refuseUnlessSynced,
    },
    {
      id: 'mariadb.no-margin',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'two nodes or fewer are in the primary component',
      why: 'while one is away, a failure of the other stops the database',
      source: { kind: 'upstream', where: 'Galera: weighted quorum' },
      refuses: refuseWithoutMargin,
    },
    {
      id: 'mariadb.alone',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'it is the only database',
      why: 'every API stops with it',
      source: { kind: 'ha-guide', where: 'control-plane-stateful, database' },
      refuses: refuseAlone,
    },
    {
      id: 'mariadb.bootstrap',
      moves: ['bootstrap'],
      when: 'a node is in a primary component, or a node could not be asked',
      why: 'a second cluster is born, and both take writes',
      source: {
        kind: 'field',
        where: 'mariadb-operator #1626: a bootstrap enabled before it was disabled elsewhere',
      },
      refuses: refuseBootstrap,
    },
    {
      id: 'mariadb.bootstrap-without-history',
      moves: ['bootstrap'],
      when: 'the chosen node has the null UUID or seqno -1, or another has a higher seqno',
      why: 'an empty node becomes the truth and wipes the others as they join',
      source: { kind: 'field', where: 'mariadb-operator #1108, #1701, #1816' },
    },
  ],
  replicas: (snapshot) =>
    eachAsked(snapshot.galera, 'answers, and is in a primary component that takes queries', (node) => ({
      at: hostAndPort(node.host, node.port),
      works: node.wsrep === 'off' ? true : worksOf(node.wsrep),
    })),
  judge: (snapshot, options) => [...judgeGalera(snapshot, options), ...judgeSingleWriter(snapshot, options)],
});

function worksOf(wsrep: WsrepStatus): boolean | undefined {
  const { good } = serving(wsrep);
  if (wsrep.clusterStatus !== undefined && wsrep.clusterStatus !== 'Primary') return false;
  return wsrep.clusterStatus === undefined && good !== false ? undefined : good;
}

const rabbitmq: Component = defineComponent({
  name: 'rabbitmq',
  title: 'RabbitMQ',
  mode: 'quorum',
  state: 'replicated',
  stops: 'APIs take requests that nobody carries out; workers count as down after a minute',
  wanted: 3,
  essential: true,
  quorum: {
    voters: 'members of each quorum queue; with pause_minority all nodes of the cluster',
    minimum: 3,
    minority:
      'with pause_minority the smaller side pauses itself; otherwise both go on and must be reconciled by hand',
  },
  checks: [
    {
      id: 'alarms',
      expects: 'GET /api/health/checks/alarms says ok',
      path: '/api/health/checks/alarms',
      port: 15_672,
      source: { kind: 'upstream', where: 'RabbitMQ, monitoring: health checks' },
    },
    {
      id: 'quorum-critical',
      expects: 'GET /api/health/checks/node-is-quorum-critical says ok, before a node stops',
      path: '/api/health/checks/node-is-quorum-critical',
      port: 15_672,
      source: { kind: 'upstream', where: 'RabbitMQ, upgrade: before a node is stopped' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'rabbitmq.quorum-critical',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure', 'drain'],
      when: 'queues would lose their majority without the node, or the node could not be asked',
      why: 'such queues take and give nothing until a member is back',
      source: { kind: 'upstream', where: 'rabbitmq-diagnostics check_if_node_is_quorum_critical' },
      refuses: refuseQuorumCritical,
    },
    {
      id: 'rabbitmq.minority',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'with one node less no majority runs',
      why: 'pause_minority then stops the whole cluster',
      source: { kind: 'kolla', where: 'roles/rabbitmq: cluster_partition_handling = pause_minority' },
      refuses: refuseMinority,
    },
    {
      id: 'rabbitmq.parted',
      moves: ['stop', 'restart', 'upgrade', 'bootstrap'],
      when: 'nodes are parted',
      why: 'the node that restarts loses what only its side had',
      source: { kind: 'upstream', where: 'RabbitMQ, partitions: recovering from a split brain' },
      refuses: refuseParted,
    },
    {
      id: 'rabbitmq.version-pair',
      moves: ['upgrade'],
      when: 'the pair of versions is not one that may follow each other, or stable feature flags are disabled, or mirrored queues exist before 4.0',
      why: 'the new node does not start, or does not join',
      source: { kind: 'kolla', where: 'roles/rabbitmq: rabbitmq_allowed_upgrades' },
    },
    {
      id: 'rabbitmq.queue-type',
      moves: ['reconfigure'],
      when: 'the services get another queue type while their queues exist',
      why: 'a declaration with another type fails; queues must be deleted first, with the services stopped',
      source: { kind: 'kolla', where: 'kolla-ansible rabbitmq-reset-state' },
    },
  ],
  replicas: (snapshot) => {
    const asked = eachAsked(snapshot.rabbit, 'runs, as its nodes say', (one) => ({
      at: one.node,
      works: one.nodes.find((node) => node.name === one.node)?.running,
    }));
    // Nodes that nobody asked are known from those that were.
    const others = snapshot.rabbit.flatMap(({ value }) => value?.nodes ?? []);
    if (asked === undefined || others.length === 0) return asked;
    const running = new Set(others.filter((node) => node.running).map((node) => node.name));
    const down = new Set(others.map((node) => node.name).filter((name) => !running.has(name)));
    return { ...asked, working: [...running], broken: [...down], unseen: asked.unseen };
  },
  judge: judgeRabbit,
});

const memcached: Component = defineComponent({
  name: 'memcached',
  title: 'memcached',
  mode: 'independent',
  state: 'cache',
  stops: 'every request asks Keystone and the database anew: slower, not down',
  wanted: 2,
  essential: false,
  checks: [
    {
      id: 'tcp',
      expects: 'answers `stats`',
      port: 11_211,
      source: { kind: 'ha-guide', where: 'control-plane-stateful, memcached' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'memcached.all-at-once',
      moves: ['stop', 'restart'],
      when: 'all are restarted within minutes',
      why: 'every token is validated anew: Keystone and the database get the whole load at once',
      source: { kind: 'field', where: 'keystonemiddleware caches tokens for token_cache_time (300 s)' },
    },
  ],
  replicas: (snapshot) =>
    eachAsked(snapshot.memcached, 'answers', (one) => ({ at: one.address, works: true })),
  judge: judgeMemcached,
});

const haproxy: Component = defineComponent({
  name: 'haproxy',
  title: 'HAProxy',
  mode: 'active-active',
  state: 'stateless',
  stops: 'no API and, where it is in between, no database can be reached',
  wanted: 2,
  essential: false,
  checks: [
    {
      id: 'runtime',
      expects: 'the stats socket answers `show info`',
      every: 2_000,
      rise: 10,
      fall: 2,
      source: { kind: 'kolla', where: 'roles/loadbalancer: check_alive of keepalived' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'haproxy.last-server',
      moves: ['drain', 'reconfigure'],
      when: 'a backend has one server that is up, or the balancer could not be asked',
      why: 'draining it stops the service',
      source: { kind: 'field', where: 'maintenance of the last server of a backend' },
      refuses: refuseLastServer,
    },
    {
      id: 'haproxy.no-spare',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'nobody would take the virtual address over',
      why: 'with its HAProxy down, the host that has the address serves nobody',
      source: {
        kind: 'kolla',
        where: 'roles/loadbalancer: keepalived gives the address up with its HAProxy',
      },
      refuses: refuseWithoutSpare,
    },
  ],
  replicas: (snapshot) =>
    eachAsked(snapshot.haproxy, 'answers', (one) => ({ at: one.address, works: !one.stopping })),
  judge: judgeHaproxy,
});

const keepalived: Component = defineComponent({
  name: 'keepalived',
  title: 'keepalived with its virtual addresses',
  mode: 'active-passive',
  state: 'stateless',
  stops: 'the addresses stay where they are, and are lost with their host',
  wanted: 2,
  essential: false,
  checks: [
    {
      id: 'alive',
      expects: 'its script finds HAProxy (or ProxySQL) answering; adverts every second',
      every: 2_000,
      rise: 10,
      fall: 2,
      source: { kind: 'kolla', where: 'roles/loadbalancer/templates/keepalived/keepalived.conf.j2' },
    },
  ],
  needs: [
    {
      component: 'haproxy',
      kind: 'soft',
      why: 'its check script gives the address up where HAProxy does not answer',
    },
  ],
  unsafe: [
    {
      id: 'keepalived.no-spare',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'nobody would take the address over, or two have it',
      why: 'the address is gone, or moves to the wrong side',
      source: { kind: 'kolla', where: 'roles/loadbalancer: nopreempt, all BACKUP' },
      refuses: refuseWithoutSpare,
    },
    {
      id: 'keepalived.router-id',
      moves: ['reconfigure'],
      when: 'another VRRP group on the network has the same virtual router id',
      why: 'two groups believe that they are one: two masters, or none',
      source: { kind: 'upstream', where: 'RFC 5798, virtual router identifier' },
    },
  ],
  replicas: keepalivedReplicas,
  judge: judgeVips,
});

const etcd: Component = defineComponent({
  name: 'etcd',
  title: 'etcd',
  mode: 'quorum',
  state: 'replicated',
  stops: 'coordination: locks and groups that services hold in it',
  wanted: 3,
  essential: false,
  quorum: {
    voters: 'all members but learners, present or not',
    minimum: 3,
    minority: 'reads what it has, and writes nothing',
  },
  checks: [
    {
      id: 'health',
      expects: 'GET /health says true',
      path: '/health',
      port: 2_379,
      source: { kind: 'upstream', where: 'etcd, operations: monitoring' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'etcd.no-margin',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
      when: 'with one member less no majority works, or a member could not be asked',
      why: 'nothing can be written until one is back; adding a member raises what a majority takes',
      source: { kind: 'upstream', where: 'etcd, operations: runtime reconfiguration' },
      refuses: refuseEtcd,
    },
  ],
  replicas: (snapshot) =>
    eachAsked(snapshot.etcd, 'answers, and knows a leader', (one) => ({
      at: one.url,
      works: one.leader !== undefined && one.healthy !== false,
    })),
  judge: judgeEtcd,
});

export const infrastructure: readonly Component[] = [haproxy, keepalived, mariadb, rabbitmq, memcached, etcd];
