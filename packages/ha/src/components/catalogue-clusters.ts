import { type Component, defineComponent } from './define-component.ts';
import { judgeOvn, refuseOvn } from './ovn/judge-ovn.ts';
import { judgePacemaker, refusePacemaker } from './pacemaker/judge-pacemaker.ts';
import { eachAsked } from './replicas.ts';

/** As the node that was asked first says of all. */
const ONLINE = 'is online';

const corosync: Component = defineComponent({
  name: 'corosync',
  title: 'corosync',
  mode: 'quorum',
  state: 'replicated',
  stops: 'Pacemaker loses its membership: it stops resources, or fences',
  wanted: 3,
  essential: false,
  quorum: {
    voters: 'nodes of the cluster, and a quorum device if there is one',
    minimum: 3,
    minority: 'what Pacemaker does then is its no-quorum-policy: stop',
  },
  checks: [
    {
      id: 'quorum',
      expects: 'the partition has quorum',
      source: { kind: 'upstream', where: 'votequorum(5)' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'corosync.no-margin',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
      when: 'with one node less there is no majority, or a node is unclean',
      why: 'resources stop everywhere, or a node is fenced',
      source: { kind: 'upstream', where: 'votequorum(5), Pacemaker Explained: no-quorum-policy' },
      refuses: refusePacemaker,
    },
  ],
});

const pacemaker: Component = defineComponent({
  name: 'pacemaker',
  title: 'Pacemaker',
  mode: 'active-passive',
  state: 'replicated',
  stops: 'nobody moves virtual addresses and passive services any more',
  wanted: 3,
  essential: false,
  checks: [
    {
      id: 'crm-mon',
      expects: 'quorum, no unclean node, no failed action, stonith enabled with devices',
      source: { kind: 'upstream', where: 'crm_mon(8), Pacemaker Explained' },
    },
  ],
  needs: [{ component: 'corosync', kind: 'hard', why: 'membership and messages' }],
  unsafe: [
    {
      id: 'pacemaker.unclean',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
      when: 'a node is unclean, the partition has no quorum, or none may leave',
      why: 'Pacemaker answers with fencing, or stops what runs',
      source: { kind: 'upstream', where: 'Pacemaker Explained: fencing, no-quorum-policy' },
      refuses: refusePacemaker,
    },
    {
      id: 'pacemaker.no-stonith',
      moves: ['evacuate'],
      when: 'stonith is disabled, and what ran on a lost node is started elsewhere',
      why: 'it may run twice: two writers on one disk',
      source: { kind: 'field', where: 'charm guide of Masakari: stonith is required' },
    },
  ],
  replicas: ({ pacemaker: asked }) => {
    const first = asked.find((one) => one.value !== undefined);
    if (first?.value === undefined)
      return eachAsked(asked, ONLINE, (one) => ({ at: one.host, works: undefined }));
    const nodes = first.value.nodes.filter((one) => one.type === 'member');
    return {
      working: nodes.filter((one) => one.online && !one.unclean).map((one) => one.name),
      broken: nodes.filter((one) => !one.online || one.unclean).map((one) => one.name),
      unseen: [],
      sign: ONLINE,
      source: first.source,
      at: first.at,
    };
  },
  judge: judgePacemaker,
});

const ovn = (
  name: string,
  database: 'OVN_Northbound' | 'OVN_Southbound',
  { title, stops, port }: { readonly title: string; readonly stops: string; readonly port: number },
): Component =>
  defineComponent({
    name,
    title,
    mode: 'quorum',
    state: 'replicated',
    stops,
    wanted: 3,
    essential: false,
    quorum: {
      voters: 'all servers of the Raft cluster, present or not',
      minimum: 3,
      minority: 'serves what it has to who insists on no leader, and takes no changes',
    },
    checks: [
      {
        id: 'cluster-status',
        expects: 'cluster/status: cluster member, with a leader',
        port,
        source: { kind: 'upstream', where: 'ovsdb(7), clustered databases' },
      },
    ],
    needs: [],
    unsafe: [
      {
        id: `${name}.no-margin`,
        moves: ['stop', 'restart', 'upgrade', 'reconfigure'],
        when: 'with one server less there is no majority, the database is not clustered, or a server could not be asked',
        why: 'the database takes no changes until one is back',
        source: { kind: 'upstream', where: 'ovsdb(7), clustered databases' },
        refuses: (snapshot) => refuseOvn(snapshot, database, name),
      },
      {
        id: `${name}.rejoin-with-old-file`,
        moves: ['bootstrap'],
        when: 'a server that was kicked out starts with its old file, or a cluster is created a second time',
        why: 'two clusters of one name',
        source: { kind: 'upstream', where: 'ovsdb(7): a server that left must join anew' },
      },
    ],
    replicas: (snapshot) =>
      eachAsked(
        snapshot.ovn.filter(
          (one) =>
            one.value?.database === database || (one.value === undefined && one.source.includes(database)),
        ),
        'is a member that knows a leader',
        (one) => ({
          at: one.host,
          works:
            one.raft === 'standalone' ||
            (one.raft.status === 'cluster member' && one.raft.leader !== undefined),
        }),
      ),
    judge: (snapshot) => judgeOvn(snapshot, database, name),
  });

export const clusters: readonly Component[] = [
  corosync,
  pacemaker,
  ovn('ovn-northbound', 'OVN_Northbound', {
    title: 'OVN northbound database',
    port: 6_641,
    stops: 'Neutron can change no network; packets flow on',
  }),
  ovn('ovn-southbound', 'OVN_Southbound', {
    title: 'OVN southbound database',
    port: 6_642,
    stops: 'no port is bound, no server gets a network; packets flow on',
  }),
];
