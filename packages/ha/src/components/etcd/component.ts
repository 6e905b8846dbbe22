import { type Component, defineComponent } from '../define-component.ts';
import { judgeEtcd, refuseEtcd } from './judge-etcd.ts';
import { etcdObserver, type EtcdStatus, type EtcdTarget } from './observe-etcd.ts';

export const etcd: Component<'etcd', 'etcd', EtcdTarget, EtcdStatus> = defineComponent({
  ...etcdObserver,
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
  sign: 'answers, and knows a leader',
  replica: ({ url, leader, healthy }) => ({ at: url, works: leader !== undefined && healthy !== false }),
  judge: judgeEtcd,
});
