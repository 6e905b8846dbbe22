import { type Component, defineComponent } from '../define-component.ts';
import { hostAndPort } from '../../probing/address.ts';
import { haproxyObserver } from '../haproxy/observe-haproxy.ts';
import { judgeSingleWriter } from '../haproxy/judge-single-writer.ts';
import type { GaleraNode, WsrepStatus } from './galera-node.ts';
import { serving } from './galera-serving.ts';
import { judgeGalera } from './judge-galera.ts';
import { galeraObserver, type GaleraTarget } from './observe-galera.ts';
import {
  refuseAlone,
  refuseBootstrap,
  refuseDuringTransfer,
  refuseUnlessSynced,
  refuseWithoutMargin,
} from './refuse-galera.ts';

export const mariadb: Component<'mariadb', 'galera', GaleraTarget, GaleraNode> = defineComponent({
  ...galeraObserver,
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
      refusesUnseen: false,
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
      refusesUnseen: false,
    },
    {
      id: 'mariadb.alone',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'it is the only database',
      why: 'every API stops with it',
      source: { kind: 'ha-guide', where: 'control-plane-stateful, database' },
      refuses: refuseAlone,
      refusesUnseen: false,
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
      refusesUnseen: false,
    },
    {
      id: 'mariadb.bootstrap-without-history',
      moves: ['bootstrap'],
      when: 'the chosen node has the null UUID or seqno -1, or another has a higher seqno',
      why: 'an empty node becomes the truth and wipes the others as they join',
      source: { kind: 'field', where: 'mariadb-operator #1108, #1701, #1816' },
    },
  ],
  sign: 'answers, and is in a primary component that takes queries',
  replica: (node) => ({
    at: hostAndPort(node.host, node.port),
    works: node.wsrep === 'off' ? true : worksOf(node.wsrep),
  }),
  judge: (seen, options, view) => [
    ...judgeGalera(seen, options),
    ...judgeSingleWriter(view.seen(haproxyObserver), options),
  ],
});

function worksOf(wsrep: WsrepStatus): boolean | undefined {
  const { good } = serving(wsrep);
  if (wsrep.clusterStatus !== undefined && wsrep.clusterStatus !== 'Primary') return false;
  return wsrep.clusterStatus === undefined && good !== false ? undefined : good;
}
